namespace Roux.Debugging.Slices;

/// <summary>
/// Searches the lattice of conjunctions for the slice that is worst (after SliceLine, Sagadeeva and Boehm 2021, and Slice Finder, Chung et
/// al. 2019): every single condition, every pair of them, and a third to the best pairs. Under a condition the losses of all values of
/// a column are summed in one pass, so that ranges of numbers cost no more than values. A slice pays for its description: the logarithm of the number
/// of slices that could have been named with as many conditions on such columns. What is left is a bound on its chance over all of
/// them (Bonferroni with unequal shares, as in Genovese, Roeder and Wasserman 2006), and makes short descriptions win.
/// </summary>
internal sealed class SliceSearch(IReadOnlyList<SliceColumn> columns, SliceScore score, int fewest, SliceOptions options, CancellationToken cancellation)
{
    private readonly double columnCost = Math.Log(Math.Max(1, columns.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count()));
    private readonly double lengthCost = Math.Log(Math.Max(1, options.MostConditions));
    private double allFirst;
    private int allRows;

    /// <summary>The slice with the largest score; <c>null</c> where none is worse than expected.</summary>
    /// <param name="rows">Rows to look at.</param>
    public SliceCandidate? Best(int[] rows)
    {
        allRows = rows.Length;
        allFirst = rows.Sum(row => score.First[row]);
        SliceCandidate? best = null;
        var beam = new Beam(options.Beam);
        void Keep(SliceCandidate candidate) => best = best is null || candidate.Score > best.Score ? candidate : best;

        Expand([], 0, rows, Keep);
        if (options.MostConditions > 1)
        {
            foreach (var part in Bases(rows))
            {
                cancellation.ThrowIfCancellationRequested();
                Expand([part], Cost(part), Of(part, rows), candidate =>
                {
                    Keep(candidate);
                    beam.Offer(candidate);
                });
            }
        }

        if (options.MostConditions > 2)
        {
            foreach (var pair in beam.All())
            {
                cancellation.ThrowIfCancellationRequested();
                Expand(pair.Parts, pair.Parts.Sum(Cost), Of(pair.Parts, rows), Keep);
            }
        }

        return best;
    }

    /// <summary>The given rows for which all parts hold.</summary>
    public int[] Of(IReadOnlyList<SlicePart> parts, int[] rows) => parts.Aggregate(rows, (left, part) => Of(part, left));

    /// <summary>Cost of naming a condition.</summary>
    public double Cost(SlicePart part)
    {
        var column = columns[part.Column];
        var isRange = part.First < column.Ordered && part.First > 0 && part.Last < column.Ordered - 1;
        return columnCost + (column.Ordered == 0 ? column.Cost : Math.Log(2) + (isRange ? Math.Log(column.Ordered * (column.Ordered - 1) / 2.0) : column.Cost));
    }

    /// <summary>What a slice is worth.</summary>
    public double Score(double first, double second, int rows, double cost) => score.LogRatio(first, second, rows, allFirst, allRows) is > 0 and var ratio ? ratio - cost - lengthCost : double.NegativeInfinity;

    private int[] Of(SlicePart part, int[] rows)
    {
        var codes = columns[part.Column].Codes;
        return Array.FindAll(rows, row => codes[row] >= part.First && codes[row] <= part.Last);
    }

    /// <summary>Single conditions that others are added to: levels, and numbers above or up to an end.</summary>
    private IEnumerable<SlicePart> Bases(int[] rows)
    {
        for (var c = 0; c < columns.Count; c++)
        {
            var column = columns[c];
            var counts = new int[column.Count];
            foreach (var row in rows)
            {
                counts[column.Codes[row]]++;
            }

            for (var (code, below) = (0, 0); code < column.Named; code++)
            {
                below += counts[code];
                if (code >= column.Ordered)
                {
                    if (counts[code] >= fewest)
                    {
                        yield return new SlicePart(c, code, code);
                    }
                }
                else if (code < column.Ordered - 1)
                {
                    var above = counts.AsSpan(code + 1, column.Ordered - code - 1).ToArray().Sum();
                    if (below >= fewest)
                    {
                        yield return new SlicePart(c, 0, code);
                    }

                    if (above >= fewest)
                    {
                        yield return new SlicePart(c, code + 1, column.Ordered - 1);
                    }
                }
            }
        }
    }

    /// <summary>Tries every further condition on the rows for which some hold.</summary>
    private void Expand(SlicePart[] parts, double cost, int[] rows, Action<SliceCandidate> found)
    {
        if (rows.Length < fewest)
        {
            return;
        }

        Span<double> first = stackalloc double[256], second = stackalloc double[256];
        Span<int> counts = stackalloc int[256];
        var (a, b) = (score.First, score.Second);
        for (var c = 0; c < columns.Count; c++)
        {
            if (Array.Exists(parts, part => part.Column == c))
            {
                continue;
            }

            var column = columns[c];
            first[..column.Count].Clear();
            second[..column.Count].Clear();
            counts[..column.Count].Clear();
            foreach (var row in rows)
            {
                var code = column.Codes[row];
                first[code] += a[row];
                second[code] += b[row];
                counts[code]++;
            }

            for (var from = 0; from < column.Named; from++)
            {
                var (sumFirst, sumSecond, n) = (0.0, 0.0, 0);
                var end = from < column.Ordered ? column.Ordered : from + 1;
                for (var to = from; to < end; to++)
                {
                    sumFirst += first[to];
                    sumSecond += second[to];
                    n += counts[to];
                    if (n >= fewest && 2 * n <= allRows && n < rows.Length)
                    {
                        var added = new SlicePart(c, from, to);
                        var own = Score(sumFirst, sumSecond, n, cost + Cost(added));
                        if (own > double.NegativeInfinity)
                        {
                            found(new SliceCandidate([.. parts, added], own, n));
                        }
                    }
                }
            }
        }
    }

    /// <summary>The candidates with the largest scores.</summary>
    private sealed class Beam(int size)
    {
        private readonly PriorityQueue<SliceCandidate, double> queue = new();

        public void Offer(SliceCandidate candidate)
        {
            if (queue.Count < size)
            {
                queue.Enqueue(candidate, candidate.Score);
            }
            else if (queue.TryPeek(out _, out var least) && candidate.Score > least)
            {
                queue.EnqueueDequeue(candidate, candidate.Score);
            }
        }

        public IEnumerable<SliceCandidate> All() => queue.UnorderedItems.Select(item => item.Element).OrderByDescending(candidate => candidate.Score);
    }
}

/// <summary>A condition: codes of a column from one to another.</summary>
internal readonly record struct SlicePart(int Column, int First, int Last);

/// <summary>A slice that was met.</summary>
/// <param name="Parts">Its conditions.</param>
/// <param name="Score">What it is worth.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record SliceCandidate(SlicePart[] Parts, double Score, int Rows);
