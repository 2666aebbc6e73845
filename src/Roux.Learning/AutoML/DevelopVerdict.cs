using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Says in plain words what the figures mean, and what in them should worry a reader.</summary>
internal static class DevelopVerdict
{
    /// <summary>The comparison's verdict, what the limits decided and what the extra quality costs, and the final score beside the cross-validated one.</summary>
    public static string Of(Leaderboard board, CandidateResult winner, EvaluationResult test, Metric metric, DevelopCosts? costs)
    {
        var sentences = new List<string> { board.Comparison.Verdict };
        if (costs is not null)
        {
            sentences.AddRange(new[] { CostWords.Limited(costs, metric), CostWords.Buys(costs, metric) }.OfType<string>());
        }

        var interval = test.Intervals[metric.Name];
        var expected = board.IntervalOf(winner);
        sentences.Add(string.Create(CultureInfo.InvariantCulture,
            $"On rows that no step had seen, {winner.Name} scores {Figure(interval.Estimate)} {metric.Title} (95% interval {Figure(interval.Low)} to {Figure(interval.High)}); cross-validation said {Figure(expected.Estimate)}."));
        if (Optimism(expected, interval, metric) is { } gap)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"That is {Figure(gap)} worse than promised, more than chance explains: trust the lower figure."));
        }

        return string.Join(" ", sentences);
    }

    /// <summary>Findings on the development itself.</summary>
    public static IEnumerable<Finding> Findings(Leaderboard board, CandidateResult winner, EvaluationResult test, Metric metric)
    {
        var interval = test.Intervals[metric.Name];
        var expected = board.IntervalOf(winner);
        if (Optimism(expected, interval, metric) is { } gap)
        {
            yield return new Finding("optimism", Severity.Medium, string.Create(CultureInfo.InvariantCulture,
                $"The final score ({Figure(interval.Estimate)}) lies outside what cross-validation promised ({Figure(expected.Low)} to {Figure(expected.High)})."))
            {
                Evidence = new JsonObject { ["cross_validated"] = expected.Estimate, ["final"] = interval.Estimate, ["gap"] = gap },
                Cause = "The final rows differ from the development rows (time, source, duplicates across folds), or much tuning fitted the folds.",
                Fix = "Split as the model will be used (--time, --group), remove duplicates, or get more rows for the final score.",
                Verify = "Run again with another --seed, or with --group or --time, and compare the two figures.",
            };
        }

        var baseline = board.Rows.Where(row => Leaderboard.IsNaive(row.Result)).Select(row => row.Result).FirstOrDefault();
        if (baseline is not null && (Leaderboard.IsNaive(winner) || board.Simplest == baseline))
        {
            yield return new Finding("no-better-than-baseline", Severity.High,
                $"No model is significantly better than {baseline.Name} ({Figure(baseline.Mean)} {metric.Title}).")
            {
                Evidence = new JsonObject { ["baseline"] = baseline.Mean, ["winner"] = winner.Mean },
                Cause = "The columns carry little about the target, or there are too few rows to learn it.",
                Fix = "Add columns that could tell, or rows; check that the target is right.",
                Verify = "A model beats the baseline with a Holm-adjusted p-value below 0.05.",
            };
        }
    }

    /// <summary>A figure with four significant places, as people read scores.</summary>
    internal static string Figure(double value) => Math.Abs(value) switch
    {
        >= 10_000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>How much worse the final score is than promised, when the two intervals do not even touch; else <c>null</c>.</summary>
    private static double? Optimism(Interval expected, Interval final, Metric metric)
    {
        var apart = metric.HigherIsBetter ? final.High < expected.Low : final.Low > expected.High;
        return apart ? Math.Abs(final.Estimate - expected.Estimate) : null;
    }
}
