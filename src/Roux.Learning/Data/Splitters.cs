using System.Globalization;
using Roux.Learning.Data.Splitting;

namespace Roux.Learning.Data;

/// <summary>
/// Divides rows for fitting and scoring. Everything random comes from the seed: the same seed gives the same folds on every machine.
/// Row numbers are positions in the target (or table) that is split.
/// </summary>
public static partial class Splitters
{
    /// <summary>One division in which about <paramref name="fraction"/> of the rows, at least one, are for testing.</summary>
    /// <remarks>
    /// Stratified: each class gets its share, rounded up or down so that the total is right, and keeps at least one row for training;
    /// numbers are first cut into runs of neighbours of which each gives its share; several labels are divided as in
    /// <see cref="StratifiedKFold"/>.
    /// </remarks>
    /// <param name="y">The target.</param>
    /// <param name="fraction">Share of test rows, in (0, 1).</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="DataException">Fewer than two rows.</exception>
    public static Fold Holdout(Target y, double fraction, int seed)
    {
        CheckFraction(fraction);
        CheckRows(y.Count, 2, "a holdout");
        var random = new SplitRandom(seed);
        var test = Math.Clamp((int)Math.Round(fraction * y.Count, MidpointRounding.AwayFromZero), 1, y.Count - 1);
        switch (y.Task)
        {
            case TaskKind.Regression:
                return FromTest(y.Count, SpreadTest(FoldAssignment.OrderedByValue(y.Values, random), test, random));
            case TaskKind.Multilabel:
                var share = (double)test / y.Count;
                return FromAssignment(FoldAssignment.ByLabels(y.Indicators, y.Classes.Length, [1 - share, share], random), 1);
            default:
                return FromTest(y.Count, ClassTest(y, test, random));
        }
    }

    /// <summary>Cross-validation: within each repeat every row is tested exactly once.</summary>
    /// <remarks>
    /// Stratified: the counts of a class in two folds differ by one at most; numbers are dealt from their sorted order, so that every
    /// fold spans all quantiles; several labels by iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011).
    /// A class with fewer rows than folds is absent from the test rows of some.
    /// </remarks>
    /// <param name="y">The target.</param>
    /// <param name="folds">Folds per repeat, from 2 to the number of rows.</param>
    /// <param name="repeats">Number of repeats, each with its own random order; at least 1.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>Repeats x folds, repeat by repeat.</returns>
    /// <exception cref="DataException">There are fewer rows than folds.</exception>
    public static IReadOnlyList<Fold> StratifiedKFold(Target y, int folds, int repeats, int seed)
    {
        var shares = Enumerable.Repeat(1.0 / folds, folds).ToArray();
        return Repeat(y.Count, folds, repeats, seed, random => y.Task switch
        {
            TaskKind.Regression => FoldAssignment.ByValue(y.Values, folds, random),
            TaskKind.Multilabel => FoldAssignment.ByLabels(y.Indicators, y.Classes.Length, shares, random),
            _ => FoldAssignment.ByClass(y.Labels, y.Classes.Length, folds, random),
        });
    }

    /// <summary>Cross-validation without regard to the target: within each repeat every row is tested exactly once.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="folds">Folds per repeat, from 2 to the number of rows.</param>
    /// <param name="repeats">Number of repeats; at least 1.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>Repeats x folds, repeat by repeat.</returns>
    /// <exception cref="DataException">There are fewer rows than folds.</exception>
    public static IReadOnlyList<Fold> KFold(int rows, int folds, int repeats, int seed) =>
        Repeat(rows, folds, repeats, seed, random => FoldAssignment.Random(rows, folds, random));

    /// <summary>Cross-validation that keeps the rows of a group together: no group is on both sides of a fold.</summary>
    /// <param name="groups">Per row the group it belongs to.</param>
    /// <param name="folds">Number of folds, at most the number of groups.</param>
    /// <param name="seed">Seed; decides among groups of equal size.</param>
    /// <exception cref="DataException">There are fewer groups than folds.</exception>
    public static IReadOnlyList<Fold> GroupKFold(int[] groups, int folds, int seed)
    {
        var distinct = groups.Distinct().Count();
        if (distinct < folds)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{folds} folds need at least as many groups, but there are {distinct}; use fewer folds"));
        }

        return Repeat(groups.Length, folds, 1, seed, random => FoldAssignment.ByGroup(groups, Enumerable.Repeat(1.0 / folds, folds).ToArray(), random));
    }

    /// <inheritdoc cref="GroupKFold(int[], int, int)"/>
    public static IReadOnlyList<Fold> GroupKFold(string?[] groups, int folds, int seed) => GroupKFold(Number(groups), folds, seed);

    /// <summary>One division that keeps groups whole; about <paramref name="fraction"/> of the rows are for testing, as near as whole groups allow.</summary>
    /// <exception cref="DataException">There is only one group.</exception>
    public static Fold GroupHoldout(int[] groups, double fraction, int seed)
    {
        CheckFraction(fraction);
        var keys = groups.Distinct().Order().ToArray();
        if (keys.Length < 2)
        {
            throw new DataException("a holdout by group needs at least two groups, but there is one; choose another group column");
        }

        // Random groups join the test side while that brings its size nearer to the wanted one.
        new SplitRandom(seed).Shuffle(keys.AsSpan());
        var sizes = groups.CountBy(group => group).ToDictionary();
        var wanted = fraction * groups.Length;
        var chosen = new HashSet<int>();
        var test = 0;
        foreach (var key in keys)
        {
            if (chosen.Count < keys.Length - 1 && (chosen.Count == 0 || Math.Abs(test + sizes[key] - wanted) < Math.Abs(test - wanted)))
            {
                chosen.Add(key);
                test += sizes[key];
            }
        }

        return FromAssignment(Array.ConvertAll(groups, group => chosen.Contains(group) ? 1 : 0), 1);
    }

    /// <inheritdoc cref="GroupHoldout(int[], double, int)"/>
    public static Fold GroupHoldout(string?[] groups, double fraction, int seed) => GroupHoldout(Number(groups), fraction, seed);

    /// <summary>The groups of a column's rows; missing values form one group.</summary>
    public static int[] Groups(Column column) => Number([.. Enumerable.Range(0, column.Length).Select(column.Format)]);

    /// <summary>Rows that someone else has divided: the first for training, the rest for testing.</summary>
    /// <param name="train">Number of training rows, which come first.</param>
    /// <param name="test">Number of test rows, which follow.</param>
    public static Fold Given(int train, int test) =>
        new([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, test)]);

    private static List<Fold> Repeat(int rows, int folds, int repeats, int seed, Func<SplitRandom, int[]> assign)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        CheckRows(rows, folds, $"{folds} folds");
        var result = new List<Fold>(folds * repeats);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var assigned = assign(new SplitRandom(seed, repeat));
            for (var fold = 0; fold < folds; fold++)
            {
                result.Add(FromAssignment(assigned, fold));
            }
        }

        return result;
    }

    /// <summary>Test rows per class: its exact share rounded down, and one more for the classes with the largest remainders (equal ones at random).</summary>
    private static HashSet<int> ClassTest(Target y, int test, SplitRandom random)
    {
        var classes = y.Classes.Length;
        var order = FoldAssignment.OrderedByClass(y.Labels, classes, random);
        var counts = new int[classes];
        foreach (var label in y.Labels)
        {
            counts[label]++;
        }

        var quota = new int[classes];
        var remainder = new double[classes];
        for (var k = 0; k < classes; k++)
        {
            var share = (double)counts[k] * test / y.Count;
            quota[k] = Math.Min((int)share, Math.Max(0, counts[k] - 1));
            remainder[k] = share - quota[k];
        }

        var left = test - quota.Sum();
        var turns = random.Permutation(classes).OrderByDescending(k => remainder[k]).ToArray();
        for (var i = 0; left > 0 && i < 2 * classes; i++)
        {
            var k = turns[i % classes];
            // A class keeps a row for training as long as others can give theirs.
            if (quota[k] < counts[k] - 1)
            {
                quota[k]++;
                left--;
            }
        }

        var chosen = new HashSet<int>();
        var start = 0;
        for (var k = 0; k < classes; k++)
        {
            foreach (var row in order.AsSpan(start, quota[k]))
            {
                chosen.Add(row);
            }

            start += counts[k];
        }

        if (chosen.Count == 0)
        {
            chosen.Add(order[^1]);
        }

        return chosen;
    }

    /// <summary>One test row at random from each of <paramref name="test"/> runs of neighbours of equal length.</summary>
    private static HashSet<int> SpreadTest(int[] ordered, int test, SplitRandom random)
    {
        var chosen = new HashSet<int>();
        for (var i = 0; i < test; i++)
        {
            var from = (int)((long)i * ordered.Length / test);
            var to = (int)((long)(i + 1) * ordered.Length / test);
            chosen.Add(ordered[from + random.Below(to - from)]);
        }

        return chosen;
    }

    private static Fold FromAssignment(int[] assigned, int fold)
    {
        var rows = Enumerable.Range(0, assigned.Length);
        return new Fold([.. rows.Where(row => assigned[row] != fold)], [.. rows.Where(row => assigned[row] == fold)]);
    }

    private static Fold FromTest(int rows, HashSet<int> test)
    {
        var all = Enumerable.Range(0, rows);
        return new Fold([.. all.Where(row => !test.Contains(row))], [.. all.Where(test.Contains)]);
    }

    private static int[] Number(string?[] groups)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return Array.ConvertAll(groups, group =>
        {
            if (group is null)
            {
                return -1;
            }

            if (!numbers.TryGetValue(group, out var number))
            {
                numbers.Add(group, number = numbers.Count);
            }

            return number;
        });
    }

    private static void CheckFraction(double fraction)
    {
        if (!(fraction is > 0 and < 1))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"holdout fraction {fraction}: must be more than 0 and less than 1, such as 0.2"));
        }
    }

    private static void CheckRows(int rows, int least, string what)
    {
        if (rows < least)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{what} need{(what[0] == 'a' ? "s" : "")} at least {least} rows, but there {(rows == 1 ? "is" : "are")} {rows}"));
        }
    }
}
