namespace Roux.Tracking.Notebooks;

/// <summary>How a cell differs between two notebooks.</summary>
public enum CellChangeKind
{
    /// <summary>Only the second has it.</summary>
    Added = 0,

    /// <summary>Only the first has it.</summary>
    Removed = 1,

    /// <summary>Both have it, with other text or of another type.</summary>
    Changed = 2,

    /// <summary>Both have it with the same text, but it stands before or behind others.</summary>
    Moved = 3,
}

/// <summary>A cell that differs.</summary>
/// <param name="Kind">How.</param>
/// <param name="A">Its position in the first notebook, from 1; null where it is not there.</param>
/// <param name="B">Its position in the second notebook, from 1; null where it is not there.</param>
/// <param name="Type">Its type in the second, or, where it is gone, in the first.</param>
/// <param name="Id">Its id, or null.</param>
/// <param name="Lines">Its lines, compared.</param>
public sealed record CellChange(CellChangeKind Kind, int? A, int? B, CellKind Type, string? Id, IReadOnlyList<DiffLine> Lines);

/// <summary>Compares notebooks cell by cell: by ids where both have them, then by equal text, then by likeness. Results, execution numbers and settings do not count.</summary>
public static class NotebookDiff
{
    /// <summary>Share of words in common above which two cells are one that was edited.</summary>
    public const double AlikeAbove = 0.5;

    private const int MostCompared = 40_000;

    /// <summary>The cells that differ, in the order of the second notebook; what is gone stands where it was.</summary>
    public static IReadOnlyList<CellChange> Of(Notebook a, Notebook b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var partner = Match(a.Cells, b.Cells);
        var moved = Moved(partner);
        var changes = new List<CellChange>();
        var matched = partner.Where(p => p >= 0).ToHashSet();
        var next = 0;
        for (var j = 0; j < b.Cells.Count; j++)
        {
            var i = partner[j];
            if (i >= 0 && !moved.Contains(j))
            {
                Gone(i);
            }

            var cell = b.Cells[j];
            if (i < 0)
            {
                changes.Add(new CellChange(CellChangeKind.Added, null, j + 1, cell.Kind, cell.Id, [.. cell.Source.Split('\n').Select(l => new DiffLine('+', l))]));
            }
            else if (a.Cells[i].Source != cell.Source || a.Cells[i].Kind != cell.Kind)
            {
                changes.Add(new CellChange(CellChangeKind.Changed, i + 1, j + 1, cell.Kind, cell.Id, LineDiff.Of(a.Cells[i].Source, cell.Source)));
            }
            else if (moved.Contains(j))
            {
                changes.Add(new CellChange(CellChangeKind.Moved, i + 1, j + 1, cell.Kind, cell.Id, []));
            }
        }

        Gone(a.Cells.Count);
        return changes;

        // Cells of the first up to one that both have.
        void Gone(int end)
        {
            for (; next < end; next++)
            {
                if (!matched.Contains(next))
                {
                    var cell = a.Cells[next];
                    changes.Add(new CellChange(CellChangeKind.Removed, next + 1, null, cell.Kind, cell.Id, [.. cell.Source.Split('\n').Select(l => new DiffLine('-', l))]));
                }
            }
        }
    }

    // For each cell of the second the one of the first that it was, or -1.
    private static int[] Match(IReadOnlyList<NotebookCell> a, IReadOnlyList<NotebookCell> b)
    {
        var partner = new int[b.Count];
        Array.Fill(partner, -1);
        var free = Enumerable.Range(0, a.Count).ToHashSet();
        var byId = a.Select((c, i) => (c.Id, i)).Where(c => c.Id is not null).GroupBy(c => c.Id!, StringComparer.Ordinal).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().i, StringComparer.Ordinal);
        Take(j => b[j].Id is { } id && byId.TryGetValue(id, out var i) ? i : -1);

        // Equal texts, the nearest first come first served: notebooks hold the same short cell many times.
        var byText = new Dictionary<(CellKind, string), Queue<int>>();
        foreach (var i in free.Order())
        {
            if (!byText.TryGetValue((a[i].Kind, a[i].Source), out var places))
            {
                byText[(a[i].Kind, a[i].Source)] = places = new Queue<int>();
            }

            places.Enqueue(i);
        }

        Take(j => byText.TryGetValue((b[j].Kind, b[j].Source), out var places) && places.TryDequeue(out var i) ? i : -1);
        if ((long)free.Count * partner.Count(p => p < 0) <= MostCompared)
        {
            Take(j => free.Where(i => a[i].Kind == b[j].Kind).Select(i => (i, alike: LineDiff.Similarity(a[i].Source, b[j].Source))).Where(c => c.alike > AlikeAbove).OrderByDescending(c => c.alike).ThenBy(c => c.i).Select(c => c.i)
                .DefaultIfEmpty(-1).First());
        }

        return partner;

        void Take(Func<int, int> find)
        {
            for (var j = 0; j < b.Count; j++)
            {
                if (partner[j] < 0 && find(j) is >= 0 and var i && free.Remove(i))
                {
                    partner[j] = i;
                }
            }
        }
    }

    // Cells outside the longest run of cells that kept their order (patience sorting) are those that moved.
    private static HashSet<int> Moved(int[] partner)
    {
        var tails = new List<int>();
        var before = new int[partner.Length];
        for (var j = 0; j < partner.Length; j++)
        {
            if (partner[j] < 0)
            {
                continue;
            }

            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = partner[tails[middle]] < partner[j] ? (middle + 1, high) : (low, middle);
            }

            before[j] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
            {
                tails.Add(j);
            }
            else
            {
                tails[low] = j;
            }
        }

        var kept = new HashSet<int>();
        for (var j = tails.Count > 0 ? tails[^1] : -1; j >= 0; j = before[j])
        {
            kept.Add(j);
        }

        return [.. Enumerable.Range(0, partner.Length).Where(j => partner[j] >= 0 && !kept.Contains(j))];
    }
}
