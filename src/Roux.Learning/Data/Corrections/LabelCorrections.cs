using System.Globalization;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Learning.Data.Corrections;

/// <summary>What was decided about labels, as CSV for people and programs.</summary>
public static class LabelCorrections
{
    /// <summary>Writes row (from 1), given and decided label, <c>fix</c> or <c>keep</c>, who and when. Cells that a spreadsheet would take for a formula get an apostrophe in front.</summary>
    public static void WriteCsv(TextWriter writer, IEnumerable<LabelDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(decisions);
        writer.Write("row,given,decided,decision,decided_by,time\r\n");
        foreach (var one in decisions)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{one.Row},{CsvText.Cell(one.Given)},{CsvText.Cell(one.Decided)},{(one.IsCorrection ? "fix" : "keep")},{CsvText.Cell(one.Actor)},{one.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\r\n"));
        }
    }
}
