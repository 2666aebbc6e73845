using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;

namespace Roux.Cli.Commands;

/// <summary>Learning curves as JSON: a part of <c>develop</c>'s document and of <c>learning-curve</c>'s.</summary>
internal static class LearningCurveJson
{
    public static JsonObject? Of(LearningCurveEvidence? evidence) => evidence is null ? null : new JsonObject
    {
        ["metric"] = evidence.Metric.Name,
        ["present_rows"] = evidence.PresentRows,
        ["test_rows"] = evidence.TestRows,
        ["curves"] = new JsonArray([.. evidence.Curves.Select(curve => (JsonNode)Curve(curve))]),
        ["crossing"] = evidence.Crossing is not { } crossing ? null : new JsonObject
        {
            ["now"] = crossing.Now,
            ["probability_now"] = crossing.ProbabilityNow,
            ["later"] = crossing.Later,
            ["probability"] = crossing.Probability,
            ["rows"] = Interval(crossing.Rows),
        },
        ["advice"] = evidence.Advice is not { } advice ? null : new JsonObject { ["step"] = Step(advice.Step), ["clear"] = advice.Clear, ["reason"] = advice.Reason },
        ["error_unit"] = evidence.ErrorUnit,
        ["sentences"] = new JsonArray([.. evidence.Sentences.Select(sentence => (JsonNode)JsonValue.Create(sentence))]),
    };

    private static JsonObject Curve(ForecastCurve curve) => new()
    {
        ["name"] = curve.Name,
        ["family"] = curve.Curve.Family,
        ["sizes"] = new JsonArray([.. curve.Curve.Sizes.Select(size => (JsonNode)new JsonObject
        {
            ["rows"] = size.Rows,
            ["training"] = DevelopJson.Number(size.Training),
            ["validation"] = DevelopJson.Number(size.Validation),
            ["spread"] = DevelopJson.Number(size.Spread),
            ["repeats"] = size.Repeats,
        })]),
        ["now"] = Interval(curve.Now),
        ["twice"] = Interval(curve.Twice),
        ["ten_times"] = Interval(curve.Tenfold),
        ["gain_twice"] = Interval(curve.GainTwice),
        ["gain_ten_times"] = Interval(curve.GainTenfold),
        ["rows_for_95_percent"] = Interval(curve.RowsFor95),
        ["errors"] = curve.Errors is not { } errors ? null : new JsonObject
        {
            ["training"] = DevelopJson.Number(errors.Training),
            ["validation"] = DevelopJson.Number(errors.Validation),
            ["floor"] = Interval(errors.Floor),
            ["avoidable_bias"] = errors.Bias is { } bias ? DevelopJson.Number(bias) : null,
            ["variance"] = DevelopJson.Number(errors.Variance),
        },
        ["doubtful_labels"] = DevelopJson.Number(curve.Curve.DoubtfulLabels),
        ["forms"] = curve.Forecast is null ? null : new JsonObject(curve.Forecast.Forms.Select(form => KeyValuePair.Create<string, JsonNode?>(Snake(form.Form.ToString()), form.Share))),
        ["incomplete"] = curve.Curve.Incomplete,
    };

    private static JsonObject? Interval(Interval? interval) => interval is null ? null : new JsonObject
    {
        ["estimate"] = DevelopJson.Number(interval.Estimate),
        ["low"] = DevelopJson.Number(interval.Low),
        ["high"] = DevelopJson.Number(interval.High),
    };

    private static string Step(Roux.Learning.Evaluation.LearningCurves.NextStep step) => Snake(step.ToString());

    private static string Snake(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
