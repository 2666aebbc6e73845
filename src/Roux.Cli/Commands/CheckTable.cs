using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Debugging.Checks;

namespace Roux.Cli.Commands;

/// <summary>All checks with their definitions and thresholds: on a terminal, as JSON, and as the table of docs/debugging.md.</summary>
internal static class CheckTable
{
    public static JsonObject Json(CheckCard card) => new()
    {
        ["check"] = card.Name,
        ["area"] = card.Area,
        ["definition"] = card.Definition,
        ["thresholds"] = new JsonArray([.. card.Thresholds.Select(threshold => new JsonObject { ["name"] = threshold.Name, ["default"] = threshold.Default, ["meaning"] = threshold.Meaning, ["source"] = threshold.Source })]),
        ["explains"] = new JsonArray([.. card.Explains.Select(name => JsonValue.Create(name))]),
    };

    public static void Write(Page page, IReadOnlyList<CheckCard> cards)
    {
        page.Line($"{cards.Count} checks; another threshold: --set CHECK.NAME=VALUE");
        foreach (var area in cards.GroupBy(card => card.Area))
        {
            page.Heading(area.Key);
            foreach (var card in area)
            {
                page.Line($"  {card.Name}");
                page.Paragraph(card.Definition, 4);
                foreach (var threshold in card.Thresholds)
                {
                    page.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{threshold.Name} {threshold.Default:G6}: {threshold.Meaning} ({threshold.Source})"), 6);
                }
            }
        }
    }

    /// <summary>The same as a table in Markdown.</summary>
    public static string Markdown(IReadOnlyList<CheckCard> cards)
    {
        var text = new StringBuilder();
        foreach (var area in cards.GroupBy(card => card.Area))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {area.Key}\n\n| check | a finding when | thresholds |\n|---|---|---|\n");
            foreach (var card in area)
            {
                var thresholds = string.Join("<br>", card.Thresholds.Select(threshold => string.Create(CultureInfo.InvariantCulture, $"`{threshold.Name}` {threshold.Default:G6}: {Cell(threshold.Meaning)} ({Cell(threshold.Source)})")));
                text.Append(CultureInfo.InvariantCulture, $"| `{card.Name}` | {Cell(card.Definition)} | {thresholds} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
