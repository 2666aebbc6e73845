using MathNet.Numerics.Distributions;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Drift;

/// <summary>
/// Compares two versions of a data set by their profiles. Numbers and dates are compared by the population stability index over tenths of the earlier version (Siddiqi 2006,
/// chapter 8: below 0.1 stable, above 0.25 shifted) and by the largest gap between the cumulative distributions; levels by the index over the most frequent ones and the rest. An index
/// within what chance does is not called a move: without drift it is distributed as chi-square of bins - 1 degrees of freedom times (1/n + 1/m) (Yurdakul 2018).
/// </summary>
public static class ProfileComparison
{
    private const double MovedFrom = 0.1, ShiftedFrom = 0.25, MissingMoved = 0.05, MissingShifted = 0.2;

    /// <summary>Every column of either version: those of the later one in its order, then what is gone.</summary>
    public static IReadOnlyList<ColumnDrift> Of(CompactProfile before, CompactProfile after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var then = before.Columns.DistinctBy(column => column.Name).ToDictionary(column => column.Name, StringComparer.Ordinal);
        var now = after.Columns.DistinctBy(column => column.Name).ToList();
        var names = now.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);

        // Columns that did not fit into a profile may well be in the table.
        return
        [
            .. now.Where(column => then.ContainsKey(column.Name) || before.LeftOut == 0).Select(column => then.TryGetValue(column.Name, out var earlier)
                ? Both(earlier, before, column, after)
                : new ColumnDrift(column.Name, DriftVerdict.Added, null, column, double.NaN, double.NaN, double.NaN, double.NaN, Missing(column, after))),
            .. before.Columns.Where(column => !names.Contains(column.Name) && after.LeftOut == 0)
                .Select(column => new ColumnDrift(column.Name, DriftVerdict.Removed, column, null, double.NaN, double.NaN, double.NaN, Missing(column, before), double.NaN)),
        ];
    }

    /// <summary>The shares that the index of stability rests on; <c>null</c> where the profiles hold none of the column.</summary>
    /// <param name="then">The column in the earlier version.</param>
    /// <param name="before">The earlier version.</param>
    /// <param name="now">The same column in the later version.</param>
    /// <param name="after">The later version.</param>
    public static ComparedShares? Shares(CompactColumn then, CompactProfile before, CompactColumn now, CompactProfile after)
    {
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(after);
        return then.Spread is { } a && now.Spread is { } b ? OfNumbers(a, b)
            : then.Top.Count > 0 && now.Top.Count > 0 ? OfLevels(then, before.Rows - then.Missing, now, after.Rows - now.Missing) : null;
    }

    private static ColumnDrift Both(CompactColumn then, CompactProfile before, CompactColumn now, CompactProfile after)
    {
        var (missingThen, missingNow) = (Missing(then, before), Missing(now, after));
        var drift = new ColumnDrift(now.Name, DriftVerdict.NotCompared, then, now, double.NaN, double.NaN, double.NaN, missingThen, missingNow);
        if (Kind(then.Type) != Kind(now.Type))
        {
            return drift with { Verdict = DriftVerdict.Retyped };
        }

        var (rowsThen, rowsNow) = (before.SampledRows * (1 - missingThen), after.SampledRows * (1 - missingNow));
        if (Shares(then, before, now, after) is { } bins && rowsThen >= 1 && rowsNow >= 1)
        {
            drift = drift with
            {
                Stability = PopulationStability.OfShares(bins.Then, bins.Now),
                Gap = then.Spread is { } first && now.Spread is { } second ? GapOf(first, second) : double.NaN,
                Chance = bins.Then.Length < 2 ? 0 : ChiSquared.InvCDF(bins.Then.Length - 1, 0.999) * ((1 / rowsThen) + (1 / rowsNow)),
            };
        }

        return drift with { Verdict = Judge(drift, before, after) };
    }

    private static DriftVerdict Judge(ColumnDrift drift, CompactProfile before, CompactProfile after)
    {
        var missing = Math.Abs(drift.MissingAfter - drift.MissingBefore);
        var share = ((drift.MissingBefore * before.Rows) + (drift.MissingAfter * after.Rows)) / Math.Max(1, before.Rows + after.Rows);
        var missingByChance = missing <= 3.29 * Math.Sqrt(share * (1 - share) * ((1.0 / Math.Max(1, before.Rows)) + (1.0 / Math.Max(1, after.Rows))));
        var moved = drift.Stability >= MovedFrom || (missing >= MissingMoved && !missingByChance);
        return drift switch
        {
            _ when (drift.Stability >= ShiftedFrom && drift.Stability > drift.Chance) || (missing >= MissingShifted && !missingByChance) => DriftVerdict.Shifted,
            _ when (drift.Stability >= MovedFrom && drift.Stability > drift.Chance) || (missing >= MissingMoved && !missingByChance) => DriftVerdict.Moved,
            _ when moved => DriftVerdict.TooFewRows,
            _ when double.IsNaN(drift.Stability) => DriftVerdict.NotCompared,
            _ => DriftVerdict.Stable,
        };
    }

    private static ComparedShares OfNumbers(ValueSpread then, ValueSpread now)
    {
        if (then.IsExact && now.IsExact)
        {
            var values = then.Edges.Union(now.Edges).Order().ToArray();
            return new ComparedShares(values, true, [], [.. values.Select(value => then.At(value) - then.Before(value))], [.. values.Select(value => now.At(value) - now.Before(value))]);
        }

        // Tenths of the earlier version, the outer ones open. Exact edges are few and serve all.
        var inner = then.Edges.Where((_, i) => then.IsExact || i % 2 == 0).Skip(then.IsExact ? 0 : 1).ToList();
        if (inner.Count > 0 && inner[^1] == then.Edges[^1])
        {
            inner.RemoveAt(inner.Count - 1);
        }

        return new ComparedShares(inner, false, [], Parts(then), Parts(now));

        double[] Parts(ValueSpread spread)
        {
            double[] up = [0, .. inner.Select(spread.At), 1];
            return [.. up.Zip(up.Skip(1)).Select(pair => Math.Max(0, pair.Second - pair.First))];
        }
    }

    private static ComparedShares OfLevels(CompactColumn then, double rowsThen, CompactColumn now, double rowsNow)
    {
        var levels = then.Top.Concat(now.Top).Select(level => level.Value).Distinct(StringComparer.Ordinal).ToArray();

        // A level that only one profile lists is known to be absent from the other only where that lists all its levels: else it belongs to the rest of both.
        var known = levels.Where(level => (Lists(then, level) || then.Top.Count >= then.Distinct) && (Lists(now, level) || now.Top.Count >= now.Distinct)).ToArray();
        return new ComparedShares([], false, known, Of(then, rowsThen), Of(now, rowsNow));

        static bool Lists(CompactColumn column, string level) => column.Top.Any(one => one.Value == level);

        double[] Of(CompactColumn column, double rows)
        {
            var shares = known.Select(level => column.Top.Where(one => one.Value == level).Sum(one => (double)one.Count) / Math.Max(1, rows)).ToList();
            return [.. shares, Math.Max(0, 1 - shares.Sum())];
        }
    }

    private static double GapOf(ValueSpread a, ValueSpread b) => a.Edges.Union(b.Edges).Max(edge => Math.Max(Math.Abs(a.At(edge) - b.At(edge)), Math.Abs(a.Before(edge) - b.Before(edge))));

    private static double Missing(CompactColumn column, CompactProfile profile) => profile.Rows == 0 ? 0 : (double)column.Missing / profile.Rows;

    /// <summary>Whole and real numbers are read from the same texts.</summary>
    private static ColumnType Kind(ColumnType type) => type == ColumnType.Integer ? ColumnType.Real : type;
}
