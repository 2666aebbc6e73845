using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Exports;

namespace Roux.Learning.Data.Corrections;

/// <summary>A row whose label may be wrong.</summary>
/// <param name="Row">Its place in the data, from 1.</param>
/// <param name="Given">The label that the data have.</param>
/// <param name="Suggested">The label that models would give it; the given one where that is the likeliest after all.</param>
/// <param name="Confidence">Of classes the probability of the given one; of numbers 1 / (1 + distance in robust deviations).</param>
/// <param name="Support">Of classes the probability of the suggested one; else NaN.</param>
/// <param name="IsHeldWrong">Whether it is held to be wrong.</param>
/// <param name="Cells">The row by column.</param>
public sealed record SuspectLabel(long Row, string Given, string Suggested, double Confidence, double Support, bool IsHeldWrong, IReadOnlyList<(string Column, string? Value)> Cells);

/// <summary>The ranked list of labels that may be wrong, as a debugging session leaves it in a run.</summary>
/// <param name="Target">The column of the labels.</param>
/// <param name="Digest">Of the data.</param>
/// <param name="Classes">What labels there are; empty for numbers.</param>
/// <param name="Rows">The most suspicious first.</param>
/// <param name="LookedAt">How many rows were looked at.</param>
/// <param name="HeldWrong">How many of them are held to be wrong.</param>
/// <param name="Models">Who was asked.</param>
public sealed record LabelList(string Target, string Digest, IReadOnlyList<string> Classes, IReadOnlyList<SuspectLabel> Rows, long LookedAt, long HeldWrong, IReadOnlyList<string> Models)
{
    /// <summary>Where a run keeps it.</summary>
    public const string Path = "debug/labels.json";

    private const int MostRows = 2000;
    private const int MostClasses = 1000;
    private const int MostCells = 40;
    private const int Shown = 60;

    /// <summary>Whether the labels are numbers.</summary>
    public bool IsNumber => Classes.Count == 0;

    /// <summary>Reads a run's list; <c>null</c> where there is none.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public static LabelList? Read(Tracker tracker, string runId) => JsonArtifact.Read(tracker, runId, Path) is { } json ? Of(json) : null;

    /// <summary>Reads a document; <c>null</c> where it is none of a list of labels.</summary>
    public static LabelList? Of(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json["data"] is not JsonObject data ? null : new LabelList(
            JsonArtifact.Text(json["target"]), JsonArtifact.Text(data["digest"]), JsonArtifact.Texts(json["classes"], MostClasses),
            [.. JsonArtifact.List(json["rows"], MostRows).Select(Suspect).Where(row => row.Row > 0).DistinctBy(row => row.Row)],
            JsonArtifact.Whole(json["looked_at"]), JsonArtifact.Whole(json["held_to_be_wrong"]), JsonArtifact.Texts(json["models"], 20));
    }

    /// <summary>Why a text cannot be a label here; <c>null</c> where it can.</summary>
    public string? Refuse(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var shown = label.Length > Shown ? label[..Shown] + "…" : label;
        return IsNumber
            ? double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? null : $"label '{shown}': a number is wanted"
            : Classes.Contains(label, StringComparer.Ordinal) ? null : NearestName.Message("label", shown, "label", [.. Classes.Take(100)]);
    }

    /// <summary>The data, where they lie on this machine as the run says; <c>null</c> where they do not. Whether they are still the same is for the reader to check.</summary>
    public string? FindData(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Datasets.Select(input => input.Dataset)
            .FirstOrDefault(data => Plain(data.Digest) == Plain(Digest) && data.SourceType is null && System.IO.Path.IsPathFullyQualified(data.Source) && File.Exists(data.Source))?.Source;
    }

    /// <summary>Writes the list as CSV: rank, row, given and suggested label, confidence, support, whether it is held to be wrong, then the row's values. Cells that a spreadsheet would take for a formula get an apostrophe in front.</summary>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var columns = Rows.SelectMany(row => row.Cells.Select(cell => cell.Column)).Distinct(StringComparer.Ordinal).ToList();
        writer.Write($"rank,row,given,suggested,confidence,suggested_probability,held_to_be_wrong{string.Concat(columns.Select(column => "," + CsvText.Cell(column)))}\r\n");
        for (var rank = 0; rank < Rows.Count; rank++)
        {
            var row = Rows[rank];
            var cells = row.Cells.ToDictionary(cell => cell.Column, cell => cell.Value, StringComparer.Ordinal);
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{rank + 1},{row.Row},{CsvText.Cell(row.Given)},{CsvText.Cell(row.Suggested)},{Number(row.Confidence)},{Number(row.Support)},{(row.IsHeldWrong ? "yes" : "no")}{string.Concat(columns.Select(column => "," + CsvText.Cell(cells.GetValueOrDefault(column) ?? "")))}\r\n"));
        }
    }

    private static string Plain(string digest) => digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest["sha256:".Length..] : digest;

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : "";

    private static SuspectLabel Suspect(JsonObject json) => new(
        JsonArtifact.Whole(json["row"]), JsonArtifact.Text(json["given"]), JsonArtifact.Text(json["suggested"]), JsonArtifact.Number(json["confidence"]), JsonArtifact.Number(json["suggested_probability"]),
        JsonArtifact.Yes(json["held_to_be_wrong"]), JsonArtifact.Cells(json["cells"], MostCells));
}
