using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;

namespace Roux.Cli.Commands;

/// <summary>The JSON form of a study of annotations.</summary>
internal static class AgreementJson
{
    public static JsonObject Of(AnnotationStudy study) => new()
    {
        ["items"] = study.Set.Items.Count,
        ["annotations"] = study.Set.Count,
        ["labels"] = study.Set.IsNumeric ? null : Texts(study.Set.Classes),
        ["scale"] = study.Level.ToString().ToLowerInvariant(),
        ["agreement"] = new JsonObject
        {
            ["krippendorff_alpha"] = new JsonObject(study.Agreement.Alpha.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Level.ToString().ToLowerInvariant(), Of(pair.Alpha)))),
            ["fleiss_kappa"] = Number(study.Agreement.Fleiss.Estimate),
            ["fleiss_kappa_ci95"] = Ends(study.Agreement.Fleiss),
            ["fleiss_items"] = study.Agreement.FleissItems,
            ["equal_pairs"] = Number(study.Agreement.Percent),
            ["cohen_kappa"] = new JsonArray([.. study.Agreement.Pairs.Select(pair => (JsonNode)new JsonObject
            {
                ["annotators"] = Texts([pair.First, pair.Second]), ["items"] = pair.Items, ["kappa"] = Number(pair.Kappa.Estimate), ["kappa_ci95"] = Ends(pair.Kappa), ["weighted_kappa"] = Number(pair.Weighted),
            })]),
        },
        ["human"] = Of(study.Human),
        ["annotators"] = new JsonArray([.. study.Annotators.Select(annotator => (JsonNode)Of(annotator))]),
        ["disagreements"] = new JsonArray([.. study.Disagreements.Select(item => (JsonNode)new JsonObject
        {
            ["item"] = item.Name, ["labels"] = Labels(study.Set, item.Item), ["consensus"] = item.Consensus, ["confidence"] = Number(item.Confidence),
        })]),
        ["ties"] = study.Vote.Ties,
        ["dawid_skene"] = study.Model is not { } model ? null : new JsonObject
        {
            ["prior"] = new JsonArray([.. model.Prior.Select(share => Number(share))]), ["iterations"] = model.Iterations, ["converged"] = model.Converged,
        },
    };

    public static JsonObject Of(HumanScore human) => new()
    {
        ["metric"] = human.Metric.Name,
        ["score"] = Number(human.Score.Estimate),
        ["ci95"] = Ends(human.Score),
        ["error"] = Number(human.Error.Estimate),
        ["error_ci95"] = Ends(human.Error),
        ["reference"] = human.Reference,
        ["method"] = human.Score.Method,
        ["annotators"] = new JsonArray([.. human.Annotators.Select(annotator => (JsonNode)new JsonObject { ["name"] = annotator.Annotator, ["items"] = annotator.Items, ["score"] = Number(annotator.Score) })]),
    };

    /// <summary>Labels of an item with how often each was given: <c>2 cat, 1 dog</c>; numbers in rising order.</summary>
    public static string Votes(AnnotationSet set, int item)
    {
        var given = set.Of(item).ToArray().Where(rating => !double.IsNaN(rating)).ToArray();
        return set.IsNumeric ? string.Join(", ", given.Order().Select(set.Text))
            : string.Join(", ", given.GroupBy(rating => rating).OrderByDescending(group => group.Count()).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {set.Text(group.Key)}")));
    }

    private static JsonObject Of(AnnotatorFigures annotator) => new()
    {
        ["name"] = annotator.Name,
        ["items"] = annotator.Items,
        ["agreement_with_others"] = Number(annotator.Agreement),
        ["accuracy"] = Number(annotator.Accuracy),
        ["bias"] = Number(annotator.Bias),
        ["confusion"] = new JsonArray([.. annotator.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(share => Number(share))]))]),
    };

    private static JsonObject Of(Interval interval) => new() { ["value"] = Number(interval.Estimate), ["ci95"] = Ends(interval), ["method"] = interval.Method };

    private static JsonArray Ends(Interval interval) => [Number(interval.Low), Number(interval.High)];

    private static JsonObject Labels(AnnotationSet set, int item) => new(
        Enumerable.Range(0, set.Annotators.Count).Where(annotator => !double.IsNaN(set[item, annotator]))
            .Select(annotator => KeyValuePair.Create<string, JsonNode?>(set.Annotators[annotator], set.Text(set[item, annotator]))));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>JSON has no NaN: an undefined figure is null.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
