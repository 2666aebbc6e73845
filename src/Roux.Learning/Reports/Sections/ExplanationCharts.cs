using Roux.Learning.Explanations;

namespace Roux.Learning.Reports.Sections;

/// <summary>Contributions row by row, how predictions change with the most important columns, and the strongest terms behind a column.</summary>
internal static class ExplanationCharts
{
    private const int MostTerms = 12;
    private const double MuchDisagreement = 0.75;

    public static Markup Make(ReportContext context)
    {
        if (context.Result.Evidence.Explanations is not { } explanation)
        {
            return Markup.Empty;
        }

        return Markup.Of($"{Summary(explanation)}{Terms(explanation.Shap)}{Dependence(explanation)}");
    }

    private static Markup Summary(ModelExplanation explanation)
    {
        var shap = explanation.Shap;
        var output = shap.Outputs.Count == 1 ? 0 : Enumerable.Range(0, shap.Outputs.Count).MaxBy(k => Size(shap, k));
        var note = shap.Errors is { } errors ? $" Values are estimates from {Words.Many(shap.Samples, "sample")} a row, with a standard error of {Figures.Value(errors.Where(double.IsFinite).DefaultIfEmpty(0).Average())} on average." : "";
        return Markup.Of($"""
            <h3>Contributions, row by row</h3>
            <p class="note">Each dot is one of {Words.Many(shap.Rows, "final row")}: right of zero the column raised the prediction, left of it lowered it. A row's contributions and the expectation ({Figures.Value(shap.Expectation[output])}) add up to its prediction{(shap.Outputs.Count > 1 ? $"; shown is {shap.Outputs[output]}, the class with the largest contributions" : "")}.{note}</p>
            {Markup.Chart(ExplanationPlots.Summary(shap, explanation.Rows, output))}

            """);
    }

    private static double Size(ShapValues shap, int output)
    {
        var sum = 0.0;
        for (var i = output; i < shap.Values.Length; i += shap.Outputs.Count)
        {
            sum += Math.Abs(shap.Values[i]);
        }

        return sum;
    }

    private static Markup Terms(ShapValues shap)
    {
        var terms = shap.Features.GroupBy(feature => feature.Column, StringComparer.Ordinal).Take(4)
            .Select(group => Markup.Of($"<dt>{Words.Name(group.Key)}</dt><dd>{string.Join(", ", group.Take(MostTerms).Select(feature => $"{Figures.Cut(feature.Feature, 60)} ({Figures.Value(feature.Mean)})"))}</dd>")).ToArray();
        return terms.Length == 0 ? Markup.Empty
            : Markup.Of($"<details><summary>The strongest terms, levels and parts behind the columns</summary><dl class=\"pairs\">{terms}</dl></details>\n");
    }

    private static Markup Dependence(ModelExplanation explanation)
    {
        if (explanation.Dependence.Count == 0)
        {
            return Markup.Empty;
        }

        var mixed = explanation.Dependence.Where(dependence => dependence.Disagreement > MuchDisagreement).Select(dependence => dependence.Column).ToArray();
        var note = mixed.Length == 0 ? "" : $" Single rows run apart for {string.Join(", ", mixed)}: what such a column does depends on the rest of the row.";
        return Markup.Of($"""
            <h3>How predictions change with a column</h3>
            <p class="note">The mean prediction when a column is set to each value for all rows (partial dependence), with single rows behind it; all else is left as it is, also where the combination would be odd. It shows the model, not a cause.{note}</p>
            <div class="pair">{explanation.Dependence.Select(dependence => Markup.Of($"<div>{Markup.Chart(ExplanationPlots.Dependence(dependence))}</div>"))}</div>

            """);
    }
}
