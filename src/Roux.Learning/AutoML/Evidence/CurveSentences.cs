using System.Globalization;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;

namespace Roux.Learning.AutoML;

/// <summary>Says what learning curves mean: what more rows would bring, who would win then, what to do next.</summary>
internal static class CurveSentences
{
    public static IReadOnlyList<string> Of(LearningCurveEvidence evidence)
    {
        var first = evidence.Curves[0];
        if (first.Now is not { } now)
        {
            return [$"Too few sizes were measured to say what more rows would bring{(first.Curve.Incomplete is { } reason ? $": {reason}" : "")}."];
        }

        var sentences = new List<string>
        {
            Text($"With twice the rows {first.Name} is expected to score {Told(first.Twice!)} {evidence.Metric.Title}, with ten times {Told(first.Tenfold!)}; with the present {evidence.PresentRows:N0} rows the curve says {Figure(now.Estimate)}."),
            Second(evidence, first),
        };
        if (evidence.Advice is { } advice)
        {
            sentences.Add($"{Title(advice.Step)}{(advice.Clear ? "" : " (not a clear case)")}: {advice.Reason}.");
        }

        return sentences;
    }

    public static string Title(NextStep step) => step switch
    {
        NextStep.MoreData => "Collect more rows",
        NextStep.BiggerModel => "Try a bigger model",
        NextStep.BetterLabels => "Get better labels",
        _ => "Stop here",
    };

    private static string Second(LearningCurveEvidence evidence, ForecastCurve first)
    {
        var rows = first.RowsFor95!;
        var least = rows.Estimate <= first.Forecast!.FewestRows ? "no more than " : "";
        var enough = Text($"{least}{Count(rows.Estimate)} rows give 95% of its final quality ({(least.Length > 0 ? "fewer were not tried" : $"90% interval {Count(rows.Low)} to {Count(rows.High)}")}), {(rows.Estimate <= evidence.PresentRows ? "and there are" : "but there are only")} {evidence.PresentRows:N0}");
        if (evidence.Crossing is not { } crossing)
        {
            return $"{char.ToUpperInvariant(enough[0])}{enough[1..]}.";
        }

        var where = crossing.Rows is { } place && crossing.Probability >= 0.1 ? Text($", most likely at about {Count(place.Estimate)} rows") : "";
        return crossing.ProbabilityNow < 0.9
            ? Text($"Which of {crossing.Now} and {crossing.Later} is better with the present rows is open ({Percent(crossing.ProbabilityNow)} for the first); {enough}.")
            : Text($"{crossing.Now} is ahead of {crossing.Later} now, and the probability that this turns within ten times the rows is {Percent(crossing.Probability)}{where}; {enough}.");
    }

    private static string Percent(double share) => share is > 0 and < 0.01 ? "below 1%" : Text($"{Math.Round(100 * share)}%");

    private static string Told(Interval interval) => $"{Figure(interval.Estimate)} (90% interval {Figure(interval.Low)} to {Figure(interval.High)})";

    private static string Figure(double value) => DevelopVerdict.Figure(value);

    /// <summary>A number of rows to two digits: more would pretend.</summary>
    internal static string Count(double rows)
    {
        var unit = rows < 10 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(rows)) - 1);
        return (Math.Round(rows / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
