namespace Roux.Debugging.Slices;

/// <summary>
/// Moves the ends of a slice's numeric ranges from the edges of bins to where the likelihood ratio is greatest, one end after another. An end
/// among all values costs more to name than one among a few bins, and is taken where it pays.
/// </summary>
internal sealed class SliceRefinement(IReadOnlyList<SliceColumn> columns, SliceScore score, SliceSearch search, int fewest)
{
    private const int Rounds = 2;

    /// <summary>The conditions, the rows for which they hold, and the score.</summary>
    public (List<SliceCondition> Conditions, int[] Rows, double Score) Of(SliceCandidate candidate, int[] rows)
    {
        var ranges = candidate.Parts.Select(part => columns[part.Column] is NumberSliceColumn number && part.First < number.Ordered ? new Range(number, part) : null).ToArray();
        var best = candidate.Score;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ranges.Length; i++)
            {
                if (ranges[i] is { } range)
                {
                    var others = Holding(candidate, ranges, rows, except: i);
                    var cost = candidate.Parts.Select((part, j) => j == i ? 0 : CostOf(part, ranges[j])).Sum();
                    if (range.HasLow)
                    {
                        best = Move(range, others, cost, search.Cost(candidate.Parts[i]), low: true, best);
                    }

                    if (range.HasHigh)
                    {
                        best = Move(range, others, cost, search.Cost(candidate.Parts[i]), low: false, best);
                    }
                }
            }
        }

        var conditions = candidate.Parts.Select((part, i) => ranges[i] is { } range ? range.Column.Range(range.Above, range.Most) : columns[part.Column].Condition(part.First, part.Last)).ToList();
        return (conditions, Holding(candidate, ranges, rows, except: -1), best);
    }

    private double CostOf(SlicePart part, Range? range) => search.Cost(part) + (range?.Extra ?? 0);

    private int[] Holding(SliceCandidate candidate, Range?[] ranges, int[] rows, int except)
    {
        for (var i = 0; i < ranges.Length; i++)
        {
            if (i != except)
            {
                rows = ranges[i] is { } range ? Array.FindAll(rows, range.Holds) : search.Of([candidate.Parts[i]], rows);
            }
        }

        return rows;
    }

    /// <summary>Tries every value for one end of a range.</summary>
    private double Move(Range range, int[] rows, double cost, double own, bool low, double best)
    {
        var values = range.Column.Values;
        int[] inside = [.. rows.Where(row => low ? values[row] <= range.Most : values[row] > range.Above).OrderBy(row => low ? -values[row] : values[row])];
        var distinct = inside.Select(row => values[row]).Distinct().Count();
        var extra = Math.Max(range.Extra, Math.Log(Math.Max(1.0, (double)distinct / range.Column.Ordered)));
        var (first, second) = (0.0, 0.0);
        for (var i = 0; i < inside.Length - 1; i++)
        {
            first += score.First[inside[i]];
            second += score.Second[inside[i]];
            var (here, next) = (values[inside[i]], values[inside[i + 1]]);
            if (here != next && i + 1 >= fewest && search.Score(first, second, i + 1, cost + own + extra) is var found && found > best)
            {
                best = found;
                range.Extra = extra;
                (range.Above, range.Most) = low ? (next, range.Most) : (range.Above, here);
            }
        }

        return best;
    }

    private sealed class Range
    {
        public Range(NumberSliceColumn column, SlicePart part)
        {
            Column = column;
            var condition = (RangeCondition)column.Condition(part.First, part.Last);
            (Above, Most, HasLow, HasHigh) = (condition.Above, condition.Most, !double.IsInfinity(condition.Above), !double.IsInfinity(condition.Most));
        }

        public NumberSliceColumn Column { get; }

        public double Above { get; set; }

        public double Most { get; set; }

        public bool HasLow { get; }

        public bool HasHigh { get; }

        /// <summary>Cost of an end among all values, beyond that of one among the bins.</summary>
        public double Extra { get; set; }

        public bool Holds(int row) => Column.Values[row] > Above && Column.Values[row] <= Most;
    }
}
