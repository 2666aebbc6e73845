namespace Roux.Tuning;

/// <summary>Prunes a trial that has not become better for so many reports, as early stopping does; or, around another pruner, prunes only when both agree.</summary>
/// <param name="patience">Reports without an improvement that are borne, at least 1.</param>
/// <param name="minDelta">What counts as an improvement, at least 0.</param>
/// <param name="inner">The pruner that must agree; <c>null</c> for none.</param>
public sealed class PatiencePruner(int patience, double minDelta = 0, Pruner? inner = null) : Pruner
{
    private readonly int patience = patience >= 1 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, "at least 1");

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        if (trial.Values.Count <= patience)
        {
            return false;
        }

        var before = trial.Values.Take(trial.Values.Count - patience).Min();
        return trial.Values.TakeLast(patience).Min() >= before - minDelta && (inner is null || inner.IsHopeless(trial, others));
    }
}

/// <summary>Prunes a trial whose value leaves a range that no sound trial leaves.</summary>
/// <param name="direction">The study's direction.</param>
/// <param name="lower">Least value; <c>null</c> for none.</param>
/// <param name="upper">Largest value; <c>null</c> for none.</param>
public sealed class ThresholdPruner(Direction direction, double? lower = null, double? upper = null) : Pruner
{
    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        if (trial.Values.Count == 0)
        {
            return false;
        }

        var value = direction == Direction.Minimize ? trial.Values[^1] : -trial.Values[^1];
        return !double.IsFinite(value) || value < lower || value > upper;
    }
}

/// <summary>
/// For reports that are separate problems, such as folds: prunes a trial that a one-sided signed-rank test (Wilcoxon 1945) over the problems
/// both have done finds worse than the best complete trial (Optuna's WilcoxonPruner does so too). The p-value is exact for up to 12 problems.
/// </summary>
/// <param name="threshold">The p-value below which a trial is pruned.</param>
/// <param name="startupProblems">Problems that a trial does in any case.</param>
public sealed class WilcoxonPruner(double threshold = 0.1, int startupProblems = 2) : Pruner
{
    private const int MostExact = 12;

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        var best = others.Where(other => other.State == TrialState.Complete && other.Values.Count > 0).MinBy(other => other.Values.Average());
        if (best is null || trial.Values.Count < startupProblems)
        {
            return false;
        }

        double[] worse = [.. trial.Steps.Zip(trial.Values, (step, value) => value - best.At(step)).OfType<double>().Where(difference => difference != 0)];
        return worse.Length >= startupProblems && worse.Average() > 0 && PValue(worse) < threshold;
    }

    /// <summary>Probability of rank sums of positive differences at least as large, were both alike.</summary>
    internal static double PValue(double[] differences)
    {
        double[] sizes = [.. differences.Select(Math.Abs)];
        double[] ranks = [.. sizes.Select(size => sizes.Count(other => other < size) + (sizes.Count(other => other == size) + 1) / 2.0)];
        var sum = ranks.Zip(differences, (rank, difference) => difference > 0 ? rank : 0).Sum();
        var n = ranks.Length;
        if (n <= MostExact)
        {
            var extreme = 0;
            for (var signs = 0; signs < 1 << n; signs++)
            {
                var other = 0.0;
                for (var i = 0; i < n; i++)
                {
                    other += (signs >> i & 1) != 0 ? ranks[i] : 0;
                }

                extreme += other >= sum - 1e-9 ? 1 : 0;
            }

            return (double)extreme / (1 << n);
        }

        var deviation = Math.Sqrt(ranks.Sum(rank => rank * rank) / 4);
        return 1 - Numerics.NormalDistribution.Cumulative((sum - 0.5 - ranks.Sum() / 2) / deviation);
    }
}
