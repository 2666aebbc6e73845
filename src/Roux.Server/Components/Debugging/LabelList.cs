using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Data.Corrections;
using Roux.Tracking;

namespace Roux.Server.Components.Debugging;

/// <summary>A row whose label may be wrong.</summary>
internal sealed record SuspectLabel(long Row, string Given, string Suggested, double Confidence, double Support, bool IsHeldWrong, IReadOnlyList<(string Column, string? Value)> Cells);

/// <summary>The ranked list of labels that may be wrong, as a debugging session left it in a run.</summary>
/// <param name="Target">The column of the labels.</param>
/// <param name="Digest">Of the data.</param>
/// <param name="Source">Where the data were.</param>
/// <param name="Classes">What labels there are; empty for numbers.</param>
/// <param name="Rows">The most suspicious first.</param>
/// <param name="LookedAt">How many rows were looked at.</param>
/// <param name="HeldWrong">How many of them are held to be wrong.</param>
/// <param name="Models">Who was asked.</param>
internal sealed record LabelList(string Target, string Digest, string Source, IReadOnlyList<string> Classes, IReadOnlyList<SuspectLabel> Rows, long LookedAt, long HeldWrong, IReadOnlyList<string> Models)
{
    private const int MostRows = 2000;
    private const int MostClasses = 1000;
    private const int MostCells = 40;

    /// <summary>Whether the labels are numbers.</summary>
    public bool IsNumber => Classes.Count == 0;

    /// <summary>Reads a run's list; <c>null</c> where there is none.</summary>
    public static LabelList? Read(Tracker tracker, string runId) => DebugRecord.Read(tracker, runId, DebugRecord.Labels) is { } json && json["data"] is JsonObject data
        ? new LabelList(
            DebugRecord.Text(json["target"]), DebugRecord.Text(data["digest"]), DebugRecord.Text(data["source"]), DebugRecord.Texts(json["classes"], MostClasses),
            [.. DebugRecord.List(json["rows"], MostRows).Select(Suspect).Where(row => row.Row > 0).DistinctBy(row => row.Row)],
            DebugRecord.Whole(json["looked_at"]), DebugRecord.Whole(json["held_to_be_wrong"]), DebugRecord.Texts(json["models"], 20))
        : null;

    /// <summary>Why a text cannot be a label here; <c>null</c> where it can.</summary>
    public string? Refuse(string label) => IsNumber
        ? LabelCorrections.IsNumber(label) ? null : $"'{Widgets.Format.Cut(label, 60)}' is no number"
        : Classes.Contains(label, StringComparer.Ordinal) ? null : NearestName.Message("label", Widgets.Format.Cut(label, 60), "label", [.. Classes.Take(100)]);

    private static SuspectLabel Suspect(JsonObject json) => new(
        DebugRecord.Whole(json["row"]), DebugRecord.Text(json["given"]), DebugRecord.Text(json["suggested"]), DebugRecord.Number(json["confidence"]), DebugRecord.Number(json["suggested_probability"]),
        DebugRecord.Yes(json["held_to_be_wrong"]), DebugRecord.Cells(json["cells"], MostCells));
}
