using System.Globalization;

namespace Roux.Tracking.Notebooks;

/// <summary>Whether a notebook's results can come from running it from top to bottom, by the numbers that the kernel gave to its cells.</summary>
/// <param name="Executed">Code cells with a number.</param>
/// <param name="Unexecuted">Positions (from 1) of code cells without one, though others have one.</param>
/// <param name="OutOfOrder">Positions of cells that ran before a cell above them.</param>
/// <param name="Gaps">Positions of cells before which numbers are missing: something ran that the notebook no longer holds, or a cell ran more than once.</param>
public sealed record CellOrder(int Executed, IReadOnlyList<int> Unexecuted, IReadOnlyList<int> OutOfOrder, IReadOnlyList<int> Gaps)
{
    private const int MostNamed = 8;

    /// <summary>Whether nothing speaks against it.</summary>
    public bool IsTopToBottom => Unexecuted.Count == 0 && OutOfOrder.Count == 0 && Gaps.Count == 0;

    /// <summary>Looks at a notebook. One in which nothing was run is in order.</summary>
    public static CellOrder Of(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        List<int> unexecuted = [], outOfOrder = [], gaps = [];
        long highest = 0;
        var executed = 0;
        for (var i = 0; i < notebook.Cells.Count; i++)
        {
            var cell = notebook.Cells[i];
            if (!cell.IsCode)
            {
                continue;
            }

            if (cell.ExecutionCount is not { } count)
            {
                unexecuted.Add(i + 1);
                continue;
            }

            executed++;
            if (count <= highest)
            {
                outOfOrder.Add(i + 1);
            }
            else if (count > highest + 1)
            {
                gaps.Add(i + 1);
            }

            highest = Math.Max(highest, count);
        }

        return new CellOrder(executed, executed == 0 ? [] : unexecuted, outOfOrder, gaps);
    }

    /// <summary>What speaks against it, in a sentence without an end.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        Add(OutOfOrder, "ran before a cell above", "ran before cells above");
        Add(Gaps, "follows a gap in the numbers (something ran that is gone, or ran twice)", "follow gaps in the numbers (something ran that is gone, or ran twice)");
        Add(Unexecuted, "was not run", "were not run");
        return string.Join("; ", parts);

        void Add(IReadOnlyList<int> cells, string one, string many)
        {
            if (cells.Count > 0)
            {
                var names = string.Join(", ", cells.Take(MostNamed).Select(c => c.ToString(CultureInfo.InvariantCulture)));
                parts.Add($"cell{(cells.Count == 1 ? "" : "s")} {names}{(cells.Count > MostNamed ? ", …" : "")} {(cells.Count == 1 ? one : many)}");
            }
        }
    }
}
