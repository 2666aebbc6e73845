using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking.Notebooks;

namespace Roux.Cli.Commands;

/// <summary>Cell-wise differences of notebooks, for people and as JSON.</summary>
internal static class NotebookChanges
{
    private const int Context = 2;
    private const int MostLines = 60;

    public static JsonArray Json(IReadOnlyList<CellChange> changes) => [.. changes.Select(c => new JsonObject
    {
        ["change"] = c.Kind.ToString().ToLowerInvariant(),
        ["a"] = c.A,
        ["b"] = c.B,
        ["type"] = c.Type.ToString().ToLowerInvariant(),
        ["id"] = c.Id,
        ["lines"] = new JsonArray([.. c.Lines.Where(l => l.Sign != ' ').Select(l => JsonValue.Create(l.Sign + l.Text))]),
    })];

    /// <summary>Writes the changes, each with its lines and two around them; long cells are cut unless all is wanted.</summary>
    public static void Write(Page page, IReadOnlyList<CellChange> changes, bool all)
    {
        foreach (var change in changes)
        {
            var place = (change.A, change.B) switch
            {
                ({ } a, { } b) when a != b => string.Create(CultureInfo.InvariantCulture, $"cell {a}, now {b}"),
                ({ } a, null) => string.Create(CultureInfo.InvariantCulture, $"cell {a}"),
                (_, { } b) => string.Create(CultureInfo.InvariantCulture, $"cell {b}"),
                _ => "",
            };
            page.CutLine($"  {place}: {change.Kind.ToString().ToLowerInvariant()} ({change.Type.ToString().ToLowerInvariant()})");
            var lines = Near(change.Lines).ToList();
            foreach (var line in all ? lines : lines.Take(MostLines))
            {
                page.CutLine($"    {line.Sign} {line.Text.TrimEnd('\r')}");
            }

            if (!all && lines.Count > MostLines)
            {
                page.Line(string.Create(CultureInfo.InvariantCulture, $"    … {lines.Count - MostLines} more lines; all of them: --all"));
            }
        }
    }

    /// <summary>How many cells were added, removed, changed and moved.</summary>
    public static string Summary(IReadOnlyList<CellChange> changes) => changes.Count == 0
        ? "no cell differs"
        : string.Join(", ", changes.GroupBy(c => c.Kind).OrderBy(g => g.Key).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")));

    private static IEnumerable<DiffLine> Near(IReadOnlyList<DiffLine> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            for (var j = Math.Max(0, i - Context); j <= Math.Min(lines.Count - 1, i + Context); j++)
            {
                if (lines[j].Sign != ' ')
                {
                    yield return lines[i];
                    break;
                }
            }
        }
    }
}
