using System.Globalization;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Assumptions;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>A linear model of an answer that bends.</summary>
public sealed class LinearityCheck : TheoryCheck
{
    private const int Bins = 8;
    private const int MostFits = 3;
    private static readonly Threshold Small = new("partial-r2", 0.13, "share of the residual variance (for classes: of the deviance) that a step function of one column takes away, at p < 0.01 after Bonferroni", "Cohen 1988: 0.13 is a medium effect (f² = 0.15)");
    private static readonly Threshold Large = new("partial-r2-medium", 0.26, "the same, from which on the finding is of medium severity", "Cohen 1988: 0.26 is a large effect (f² = 0.35)");
    private static readonly string[] Linear = ["linear-regression", "ridge", "elastic-net", "logistic-regression", "linear-svm"];

    /// <inheritdoc/>
    public override string Name => "not-linear";

    /// <inheritdoc/>
    public override string Definition => "Partial residuals of a linear model bend over a numeric column: what a linear fit leaves can be told from bins of the column (Ezekiel 1924, Larsen and McCleary 1972).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Small, Large];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-bias"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (!Linear.Contains(subject.Name) || subject.Sample is not { } data || data.Y.Task == TaskKind.Multilabel || data.Columns[0].Length < 10 * Bins)
        {
            yield break;
        }

        var bends = data.Y.Task == TaskKind.Regression ? OfNumbers(data) : OfClasses(data, context.Cancellation);
        var found = bends.Where(bend => bend.PValue * bends.Count < 0.01 && bend.Share >= context.Value(Name, Small)).OrderByDescending(bend => bend.Share).ToArray();
        if (found.Length == 0)
        {
            yield break;
        }

        var worst = found[0];
        string[] columns = [.. found.Select(bend => data.Features[bend.Feature].Source).Distinct(StringComparer.Ordinal)];
        yield return new Finding(Name, worst.Share >= context.Value(Name, Large) ? Severity.Medium : Severity.Low, string.Create(CultureInfo.InvariantCulture,
            $"The answer bends over {string.Join(", ", columns.Take(4).Select(column => $"'{column}'"))}: steps of '{columns[0]}' take away {worst.Share:0%} of what {subject.Name} leaves unexplained"))
        {
            Columns = columns,
            Evidence = Evidence(Plot(data, worst.Feature, columns[0]), ("learner", subject.Name), ("partial_r2", worst.Share), ("p_value", worst.PValue)),
            Cause = $"{subject.Name} draws straight lines, and the answer rises and falls (or saturates) over this column.",
            Fix = "Add squares, logarithms or bins of the column, or use a learner that bends by itself: trees, boosting, a kernel.",
            Verify = "The partial residuals lie on a straight line, and the score of a linear model comes near that of boosted trees.",
        };
    }

    private static List<Bend> OfNumbers(AssumptionData data)
    {
        var fit = new LeastSquaresFit(data.Columns, data.Numbers);
        return fit.Freedom < 5 * Bins || fit.ResidualSquares < 1e-9 * Math.Max(1e-300, Squares(data.Numbers)) ? []
            : [.. data.Numeric.Select(feature => (Feature: feature, Gain: fit.Gain(Steps(data.Columns[feature])))).Select(bend => new Bend(bend.Feature, bend.Gain.PartialR2, bend.Gain.Test.PValue))];
    }

    /// <summary>The share of the deviance that steps take away; tried for the columns whose squares promise most (score tests).</summary>
    private static List<Bend> OfClasses(AssumptionData data, CancellationToken cancellation)
    {
        var labels = data.Question.Labels;
        var events = Math.Min(labels.Count(label => label), labels.Count(label => !label));
        if (events < 5 * Bins || labels.Length < data.Columns.Count + 5 * Bins)
        {
            return [];
        }

        var fit = new LogisticFit(data.Columns, labels, cancellation);
        if (-fit.LogLikelihood < 0.02 * labels.Length)
        {
            return []; // Classes that hardly overlap leave nothing to bend.
        }

        var numeric = data.Numeric.ToArray();
        return [.. numeric.Select(feature => (Feature: feature, fit.Score(Array.ConvertAll(data.Columns[feature], value => value * value)).Statistic)).OrderByDescending(pair => pair.Statistic).Take(MostFits).Select(pair =>
        {
            var steps = Steps(data.Columns[pair.Feature]);
            var gain = new LogisticFit([.. data.Columns, .. steps], labels, cancellation).LogLikelihood - fit.LogLikelihood;
            return new Bend(pair.Feature, gain / -fit.LogLikelihood, steps.Length == 0 ? 1 : 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(steps.Length, Math.Max(0, 2 * gain)));
        })];
    }

    private static EvidencePlot Plot(AssumptionData data, int feature, string name)
    {
        var fit = new LeastSquaresFit(data.Columns, data.Numbers);

        // The column's own slope put back to the residuals: partial residuals.
        var others = new LeastSquaresFit([.. data.Columns.Where((_, i) => i != feature)], data.Columns[feature]).Residuals;
        var slope = others.Zip(data.Numbers, (own, answer) => own * answer).Sum() / Math.Max(1e-12, Squares(others));
        var x = data.Columns[feature];
        var step = Math.Max(1, x.Length / 500);
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(row => row % step == 0).Take(500)];
        return new EvidencePlot(PlotKind.Scatter, $"Partial residuals over {name}", $"{name} (standardised)", "partial residual",
        [
            new PlotSeries("partial residual", [.. rows.Select(row => x[row])], [.. rows.Select(row => fit.Residuals[row] + slope * x[row])]),
            new PlotSeries("straight line", [.. rows.Select(row => x[row])], [.. rows.Select(row => slope * x[row])]),
        ]);
    }

    /// <summary>Indicators of bins with about equally many rows.</summary>
    private static double[][] Steps(double[] x)
    {
        var sorted = (double[])x.Clone();
        Array.Sort(sorted);
        double[] edges = [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[i * sorted.Length / Bins]).Distinct()];
        return [.. edges.Select((edge, i) => Array.ConvertAll(x, value => value >= edge && (i + 1 == edges.Length || value < edges[i + 1]) ? 1.0 : 0))];
    }

    private static double Squares(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    private sealed record Bend(int Feature, double Share, double PValue);
}
