using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking.Transfer;

namespace Roux.Cli.Commands;

/// <summary>Tells what an export or import did.</summary>
internal static class TransferSummary
{
    private const int Width = 80;
    private const int ShownNotes = 20;

    /// <summary>Writes it; an import that left things out is a success, for it says so.</summary>
    public static void Write(TransferReport report, bool json, bool isImport, string place)
    {
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject
            {
                [isImport ? "source" : "destination"] = place,
                ["counts"] = new JsonObject(report.Counts.Select(count => KeyValuePair.Create<string, JsonNode?>(
                    count.Kind.Replace(' ', '_'), isImport ? new JsonObject { ["taken"] = count.Taken, ["there"] = count.There, ["left"] = count.Left } : count.Taken))),
                ["complete"] = report.IsComplete,
                ["notes"] = new JsonArray([.. report.Notes.Select(note => (JsonNode?)note)]),
                ["further_notes"] = report.FurtherNotes,
            });
            return;
        }

        var table = new TextTable(Width);
        table = isImport ? table.Column("").Column("taken", right: true).Column("there already", right: true).Column("left out", right: true) : table.Column("").Column("written", right: true);
        foreach (var count in report.Counts)
        {
            _ = isImport ? table.Row(count.Kind, Text(count.Taken), Text(count.There), Text(count.Left)) : table.Row(count.Kind, Text(count.Taken));
        }

        Console.Out.WriteLine(table);
        foreach (var note in report.Notes.Take(ShownNotes))
        {
            Console.Out.WriteLine("- " + Terminal.OneLine(note));
        }

        var more = report.Notes.Count - ShownNotes + report.FurtherNotes;
        if (more > 0)
        {
            Console.Out.WriteLine($"- and {more} more; --json lists a thousand of them");
        }
    }

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
