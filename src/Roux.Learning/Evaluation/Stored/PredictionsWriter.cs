using System.Globalization;
using Roux.Learning.Data;
using Roux.Tracking.Exports;

namespace Roux.Learning.Evaluation.Stored;

/// <summary>
/// Writes predictions with their rows and the known answers as CSV: <c>row,actual,prediction</c> and for classes one <c>p_CLASS</c> each. A row is counted from 1 in the
/// data as read; labels of one row are joined by <c>|</c>; probabilities have six digits.
/// </summary>
public static class PredictionsWriter
{
    /// <summary>Most cells of a file; of more rows as many are kept as fit, at equal distances.</summary>
    public const int MostCells = 4_000_000;

    private const int MostRows = 200_000;

    /// <summary>Places of the rows that a file will hold.</summary>
    /// <param name="rows">Rows that were predicted.</param>
    /// <param name="width">Outputs per row.</param>
    public static int[] Kept(int rows, int width)
    {
        var most = Math.Min(MostRows, MostCells / (width + 3));
        return rows <= most ? [.. Enumerable.Range(0, rows)] : [.. Enumerable.Range(0, most).Select(index => (int)((long)index * rows / most))];
    }

    /// <summary>Writes them.</summary>
    /// <param name="writer">Gets the lines.</param>
    /// <param name="kept">Places of the rows to write.</param>
    /// <param name="rows">Place of each row in the data, from 0.</param>
    /// <param name="y">The known answers.</param>
    /// <param name="p">The predictions.</param>
    public static void Write(TextWriter writer, ReadOnlySpan<int> kept, ReadOnlySpan<int> rows, Target y, Predictions p)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(p);
        writer.Write("row,actual,prediction");
        foreach (var name in y.Classes)
        {
            writer.Write("," + CsvText.Cell("p_" + name));
        }

        writer.Write('\n');
        var labels = y.Labels.Length > 0 ? p.Labels() : [];
        foreach (var row in kept)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{rows[row] + 1},{Answer(y, row)},{Predicted(y, p, labels, row)}"));
            if (y.Task != TaskKind.Regression)
            {
                foreach (var output in p.Row(row))
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $",{output:G6}"));
                }
            }

            writer.Write('\n');
        }
    }

    /// <summary>The known answer of a row as a field.</summary>
    public static string Answer(Target y, int row)
    {
        ArgumentNullException.ThrowIfNull(y);
        return y.Task switch
        {
            TaskKind.Regression => y.Values[row].ToString("R", CultureInfo.InvariantCulture),
            TaskKind.Multilabel => Joined(y.Classes, label => y.Indicators[(row * y.Classes.Length) + label]),
            _ => CsvText.Cell(y.Classes[y.Labels[row]]),
        };
    }

    private static string Predicted(Target y, Predictions p, int[] labels, int row) => y.Task switch
    {
        TaskKind.Regression => p.Values[row].ToString("R", CultureInfo.InvariantCulture),
        TaskKind.Multilabel => Joined(y.Classes, label => p.Has(row, label)),
        _ => CsvText.Cell(y.Classes[labels[row]]),
    };

    private static string Joined(string[] classes, Func<int, bool> has) => CsvText.Cell(string.Join('|', classes.Where((_, label) => has(label))));
}
