using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;

namespace Roux.Learning.Reports.Sections;

/// <summary>Whether the winner has a future: its learning curve and what to do next.</summary>
internal static class FutureSection
{
    public static ReportSection Make(ReportContext context) =>
        new("future", "Future", "Good now or better later", context.Result.Evidence.LearningCurve is { } evidence ? Body(context, evidence) : Markup.Empty);

    private static Markup Body(ReportContext context, LearningCurveEvidence evidence)
    {
        var first = evidence.Curves[0];
        var plot = Markup.Chart(Plots.Forecast([.. evidence.Curves.Take(4).Select(curve => (curve.Curve, curve.Forecast))], evidence.PresentRows));
        return Markup.Of($"""
            {evidence.Sentences.Select(sentence => Markup.Of($"<p>{sentence}</p>\n"))}
            <figure class="chart">{plot}</figure>
            {Expected(context, evidence)}
            <p class="note">{Basis(evidence, first)}</p>

            """);
    }

    private static Markup Expected(ReportContext context, LearningCurveEvidence evidence)
    {
        var table = new HtmlTable("What more rows would bring", new TableColumn("Model"), new TableColumn("Now", true), new TableColumn("Twice the rows", true, "90% interval"), new TableColumn("Ten times", true, "90% interval"), new TableColumn("Training error", true), new TableColumn("Validation error", true));
        foreach (var curve in evidence.Curves)
        {
            table.Add([
                curve.Name, curve.Now is { } now ? context.Score.Of(now.Estimate) : "–", Told(context, curve.Twice), Told(context, curve.Tenfold),
                curve.Errors is { } errors ? Figures.Value(errors.Training) : "–", curve.Errors is { } same ? Figures.Value(same.Validation) : "–"]);
        }

        return table.Finish();
    }

    private static string Told(ReportContext context, Interval? interval) => interval is null ? "–" : $"{context.Score.Of(interval.Estimate)} ({context.Range(interval)})";

    private static string Basis(LearningCurveEvidence evidence, ForecastCurve first)
    {
        var sizes = first.Curve.Sizes;
        var floor = first.Errors?.Floor is { } human ? $"People err on {Figures.Value(human.Estimate)}: the avoidable bias is {Figures.Value(first.Errors.Bias!.Value)}, the variance {Figures.Value(first.Errors.Variance)}."
            : first.Errors is { } errors ? $"How much of the training error could be avoided is unknown without the error of people; the variance (validation over training error) is {Figures.Value(errors.Variance)}." : "";
        return $"Measured at {Words.Many(sizes.Count, "size")} up to {Figures.Count((long)sizes[^1].Rows)} rows, {Words.Many(sizes[^1].Repeats, "repeat")} each, settings unchanged. Intervals are for a test set of {Figures.Count(evidence.TestRows)} rows like the present ones, and average over curve forms. Errors are {evidence.ErrorUnit}. {floor}";
    }
}
