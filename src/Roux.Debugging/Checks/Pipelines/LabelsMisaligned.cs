using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether each row has its own label.</summary>
public sealed class LabelsMisaligned : Check<InputSubject>
{
    private const int Farthest = 5;
    private const int ImageFeatures = 64;
    private static readonly Threshold Chance = new("chance", 2.5, "standard errors of what features say of their own labels: below, it is chance", "one in 160 by chance, either way");
    private static readonly Threshold Shifted = new("shifted", 6, "standard errors of what features say of the labels some rows away: at least", "one in a thousand million by chance, for each of ten shifts");
    private static readonly Threshold Rows = new("rows", 1_000, "rows from which on features that know nothing of the labels are of medium severity", "features that explain 1% of the variance are then found three times out of four");

    /// <inheritdoc/>
    public override string Name => "labels-misaligned";

    /// <inheritdoc/>
    public override string Definition => "Features say nothing of the labels of their own rows (ridge regression and a forest on held-out rows, permutation variance), but much of those one to five rows away: labels are off; or they say nothing at all (labels-unrelated).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Chance, Shifted, Rows];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["labels-unrelated", "labels-shuffled", "prediction-collapse", "worse-than-baseline", "overfit-gap", "high-bias", "loss-not-decreasing", "overfit", "label-errors"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        if (subject.Y is not { } y || y.Count != subject.X.Rows || y.Count < 100 || y.Labels.Distinct().Count() == 1)
        {
            yield break;
        }

        var probe = new AlignmentProbe(subject.X, y);
        var own = probe.Deviations();
        if (own >= context.Value(Name, Chance))
        {
            yield break;
        }

        int[] lags = [.. Enumerable.Range(1, Farthest).SelectMany(lag => new[] { -lag, lag })];
        var away = lags.Select(lag => probe.Deviations(lag, withoutCopies: true)).ToArray();
        var best = Array.IndexOf(away, away.Max());
        if (away[best] >= context.Value(Name, Shifted))
        {
            yield return Off(lags, away, best, own);
            yield break;
        }

        if (subject.X.Features.Count > 0 && subject.X.Features.All(feature => feature.Kind == FeatureKind.Token))
        {
            yield break; // Numbers of tokens are names: that neither a line nor a forest makes anything of them says nothing.
        }

        var forest = probe.ForestDeviations(context.Seed, context.Threads, context.Cancellation);
        if (forest >= context.Value(Name, Chance))
        {
            yield break;
        }

        var isImage = subject.X.Columns >= ImageFeatures && subject.X.Features.All(feature => feature.Kind == FeatureKind.Numeric);
        yield return new Finding("labels-unrelated", probe.Rows >= context.Value(Name, Rows) && !isImage ? Severity.Medium : Severity.Low,
            $"The features say nothing of the labels: neither a straight line nor a forest does better than chance on {probe.Rows:N0} rows.")
        {
            Evidence = new JsonObject { ["standard_errors_linear"] = own, ["standard_errors_forest"] = forest, ["rows"] = probe.Rows },
            Cause = "Labels were shuffled or sorted apart from the features, joined by a wrong key, or the features are noise.",
            Fix = "Compare ten rows with their source by hand: features and label. Join by a key, never by place, and shuffle both with the same order.",
            Verify = "A simple model scores better than a constant on held-out rows.",
        };
    }

    private Finding Off(int[] lags, double[] away, int best, double own)
    {
        var lag = lags[best];
        var order = Enumerable.Range(0, lags.Length).OrderBy(i => lags[i]).ToArray();
        return new Finding(Name, Severity.High, $"Labels are off by {Math.Abs(lag)} {(Math.Abs(lag) == 1 ? "row" : "rows")}: the features of a row say nothing of its own label, but much of that {Math.Abs(lag)} {(lag > 0 ? "further down" : "further up")}.")
        {
            Evidence = new JsonObject
            {
                ["lag"] = lag,
                ["standard_errors_own"] = own,
                ["standard_errors_shifted"] = away[best],
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Line, "What features say of labels some rows away", "rows away", "standard errors above chance",
                    [new PlotSeries("probe", [.. order.Where(i => lags[i] < 0).Select(i => (double)lags[i]), 0, .. order.Where(i => lags[i] > 0).Select(i => (double)lags[i])], [.. order.Where(i => lags[i] < 0).Select(i => away[i]), own, .. order.Where(i => lags[i] > 0).Select(i => away[i])])]).ToJson(),
            },
            Cause = "A row was dropped (a header, a missing value) in one of two files that are joined by place, an index starts at 1 instead of 0, or labels were shifted for a forecast in the wrong direction.",
            Fix = "Join features and labels by a key. Until then, shift the labels back and see that the last rows fit.",
            Verify = "Features say most of the labels of their own rows.",
        };
    }
}
