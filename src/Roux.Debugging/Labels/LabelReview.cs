using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Labels;

/// <summary>Labels that may be wrong, with the rows of the table that they are of.</summary>
/// <param name="Issues">The labels, ranked.</param>
/// <param name="Rows">For each answer of <paramref name="Issues"/> its row in the table, from 0.</param>
internal sealed record LabelReview(LabelIssues Issues, int[] Rows)
{
    private const int MostRows = 500;
    private const int FewestRows = 100;
    private const int MostClasses = 1000;
    private const int MostCells = 30;
    private const int LongestCell = 300;

    /// <summary>The ranked list as a document: those held to be wrong, at least the first 100 and at most 500 rows, with their values.</summary>
    /// <param name="subject">The table.</param>
    /// <param name="data">The file that it was read from.</param>
    public JsonObject ToJson(TableSubject subject, Dataset data)
    {
        var columns = subject.Features.Take(MostCells).Select(spec => subject.Train[spec.Name]).ToList();
        var hasClasses = Issues.Joint is not null;
        return new JsonObject
        {
            ["format"] = "roux.labels/1",
            ["target"] = subject.TargetName,
            ["data"] = new JsonObject { ["name"] = data.Name, ["digest"] = data.Digest, ["source"] = data.Source, ["rows"] = subject.Train.RowCount },
            ["classes"] = new JsonArray([.. (hasClasses ? Issues.Target.Classes : []).Take(MostClasses).Select(name => JsonValue.Create(name))]),
            ["models"] = new JsonArray([.. Issues.Models.Select(name => JsonValue.Create(name))]),
            ["looked_at"] = Issues.Target.Count,
            ["held_to_be_wrong"] = Issues.Count,
            ["rows"] = new JsonArray([.. Issues.Ranked.Take(Math.Clamp(Issues.Count, FewestRows, MostRows)).Select((i, rank) => (JsonNode)new JsonObject
            {
                ["row"] = Rows[i] + 1,
                ["given"] = Issues.Answer(i),
                ["suggested"] = Issues.Suggestion(i),
                ["confidence"] = Finite(Issues.Confidence[i]),
                ["suggested_probability"] = hasClasses ? Finite(Issues.Outputs[i * Issues.Target.Classes.Length + (int)Issues.Suggested[i]]) : null,
                ["held_to_be_wrong"] = rank < Issues.Count,
                ["cells"] = new JsonObject(columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)JsonValue.Create(Cut(column.Format(Rows[i])))))),
            })]),
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string? Cut(string? text) => text is { Length: > LongestCell } ? text[..LongestCell] + "…" : text;
}
