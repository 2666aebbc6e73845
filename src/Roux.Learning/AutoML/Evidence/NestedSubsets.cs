using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>
/// Growing parts of the training rows of some divisions: each size holds all rows of the smaller ones. Classes keep their shares, groups
/// stay whole, and with times a smaller part is the latest.
/// </summary>
internal sealed class NestedSubsets
{
    private const int FewestRows = 20;
    private const int FewestPerClass = 5;
    private readonly Fold[][] folds;

    private NestedSubsets(int[] sizes, Fold[][] folds, int[] divisions) => (Sizes, this.folds, Divisions) = (sizes, folds, divisions);

    /// <summary>Planned rows, ascending.</summary>
    public int[] Sizes { get; }

    /// <summary>Which of the divisions each repeat is.</summary>
    public int[] Divisions { get; }

    /// <summary>The divisions of a size, one a repeat.</summary>
    public IReadOnlyList<Fold> Of(int size) => folds[size];

    /// <summary>Plans the parts.</summary>
    /// <exception cref="DataException">No size is left of those given, or there are too few rows for any.</exception>
    public static NestedSubsets Plan(Target target, IReadOnlyList<Fold> divisions, CurveSettings settings)
    {
        // Over time the first divisions have a short past: those with the longest are used.
        int[] numbers = [.. Enumerable.Range(0, divisions.Count).OrderByDescending(division => settings.Times is null ? 0 : divisions[division].Train.Length).Take(settings.Repeats)];
        var used = Array.ConvertAll(numbers, division => divisions[division]);
        var most = used.Min(fold => fold.Train.Length);
        var sizes = settings.Sizes.Count > 0 ? Given(settings.Sizes, most) : Geometric(most, target, settings.MostSizes);
        var folds = Array.ConvertAll(sizes, _ => new Fold[used.Length]);
        for (var repeat = 0; repeat < used.Length; repeat++)
        {
            var rows = used[repeat].Train;
            for (var k = sizes.Length - 1; k >= 0; k--)
            {
                rows = Part(target, rows, sizes[k], settings, Seeds.Derive(settings.Seed, "subset", repeat * 1000 + k));
                folds[k][repeat] = new Fold(rows, used[repeat].Test);
            }
        }

        return new NestedSubsets(sizes, folds, numbers);
    }

    /// <summary>Share of rows that two repeats of a size have in common, on average over pairs.</summary>
    public double Overlap(int size, int rowCount)
    {
        var (sum, pairs) = (0.0, 0);
        for (var a = 0; a < folds[size].Length; a++)
        {
            var learned = new bool[rowCount];
            foreach (var row in folds[size][a].Train)
            {
                learned[row] = true;
            }

            for (var b = a + 1; b < folds[size].Length; b++, pairs++)
            {
                sum += (double)folds[size][b].Train.Count(row => learned[row]) / folds[size][b].Train.Length;
            }
        }

        return pairs == 0 ? 0 : sum / pairs;
    }

    private static int[] Given(IReadOnlyList<int> given, int most)
    {
        int[] sizes = [.. given.Where(size => size >= 2 && size <= most).Distinct().Order()];
        return sizes.Length > 0 ? sizes
            : throw new DataException($"--sizes {string.Join(',', given)}: there are {most:N0} rows to learn from once some are kept for validation; give sizes from 2 to {most}");
    }

    /// <summary>Halves, from what there is down to what a model can start from; finer steps where that would leave few sizes.</summary>
    private static int[] Geometric(int most, Target target, int count)
    {
        var classes = target.Task is TaskKind.Binary or TaskKind.Multiclass ? target.Classes.Length : 1;
        var least = Math.Max(FewestRows, FewestPerClass * classes);
        if (most < 2 * least)
        {
            least = Math.Max(2, most / 4);
        }

        var step = Math.Clamp(Math.Pow((double)most / least, 1.0 / (count - 1)), 1.2, 2);
        var sizes = new List<int>();
        for (var k = 0; k < count; k++)
        {
            var size = (int)Math.Round(most / Math.Pow(step, k));
            if (size >= least * 0.99 && (sizes.Count == 0 || size < sizes[^1]))
            {
                sizes.Add(size);
            }
        }

        sizes.Reverse();
        return [.. sizes];
    }

    private static int[] Part(Target target, int[] rows, int size, CurveSettings settings, int seed)
    {
        if (size >= rows.Length)
        {
            return rows;
        }

        var share = (double)size / rows.Length;
        var part = settings.Groups is { } groups ? GroupPart([.. rows.Select(row => groups[row])], share, seed)
            : settings.Times is { } times ? TimePart([.. rows.Select(row => times[row])], share)
            : Splitters.Holdout(target.Take(rows), share, seed).Test;
        return Array.ConvertAll(part, place => rows[place]);
    }

    /// <summary>One group, or one time, cannot be parted: then a smaller size is the same as the next.</summary>
    private static int[] GroupPart(int[] groups, double share, int seed) =>
        groups.Distinct().Skip(1).Any() ? Splitters.GroupHoldout(groups, share, seed).Test : [.. Enumerable.Range(0, groups.Length)];

    private static int[] TimePart(long[] times, double share) =>
        times.Distinct().Skip(1).Any() ? Splitters.TimeHoldout(times, share).Test : [.. Enumerable.Range(0, times.Length)];
}
