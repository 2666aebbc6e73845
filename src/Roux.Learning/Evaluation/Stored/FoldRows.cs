using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Data.Reading;

namespace Roux.Learning.Evaluation.Stored;

/// <summary>
/// The rows that candidates of one job were scored on, fold after fold: <c>row,fold,actual</c>. Each candidate keeps its outputs for them, in this order, as numbers of
/// eight bytes (<see cref="PredictionsFile"/>).
/// </summary>
public sealed class FoldRows
{
    /// <summary>Outputs of a candidate among its artifacts: rows of all folds x outputs, little-endian doubles.</summary>
    public const string PredictionsFile = "fold_predictions.f64";

    /// <summary>The rows among the artifacts of the job.</summary>
    public const string RowsFile = "evaluation/fold_rows.csv";

    /// <summary>What they are of.</summary>
    public const string ManifestFile = "evaluation/fold_rows.json";

    /// <summary>Tag of the job that is the same for two jobs exactly where their folds hold the same rows.</summary>
    public const string DigestTag = "roux.folds";

    /// <summary>Tag of the job with rows tested over rows trained in a fold.</summary>
    public const string RatioTag = "roux.folds.test_train_ratio";

    private const int MostRows = 2_000_000;
    private const long MostOutputs = 12_000_000;

    private readonly List<string> rows = [];
    private readonly List<string> answers = [];
    private readonly PredictionsManifest manifest;

    private FoldRows(PredictionsManifest manifest) => this.manifest = manifest;

    /// <summary>Rows of all folds; of repeated folds a row counts each time.</summary>
    public int Count => rows.Count;

    /// <summary>Outputs per row.</summary>
    public int Width => manifest.Task == TaskKind.Regression ? 1 : manifest.Classes.Count;

    /// <summary>Reads the rows.</summary>
    /// <exception cref="DataException">It is no such file.</exception>
    public static FoldRows Read(Stream stream, PredictionsManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var read = new FoldRows(manifest);
        using var records = new CsvRecords(stream, RowsFile, (byte)',', 1 << 20);
        try
        {
            for (var isHeader = true; records.Read() && read.Count < MostRows; isHeader = false)
            {
                if (records.Count < 3)
                {
                    throw new DataException($"{RowsFile}: a line has no three fields");
                }

                if (!isHeader)
                {
                    read.rows.Add(Encoding.UTF8.GetString(records[0]));
                    read.answers.Add(Encoding.UTF8.GetString(records[2]));
                }
            }
        }
        catch (NotUtf8Exception)
        {
            throw new DataException($"{RowsFile}: not UTF-8");
        }

        return read;
    }

    /// <summary>The predictions of a candidate, of each row once: from the first fold that holds it out.</summary>
    /// <param name="outputs">The candidate's file.</param>
    /// <exception cref="DataException">It does not fit the rows, or is too large.</exception>
    public StoredPredictions Of(Stream outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var cells = (long)Count * Width;
        if (cells > MostOutputs)
        {
            throw new DataException($"{PredictionsFile}: {Count} rows of {Width} outputs are too many to show");
        }

        var values = new double[cells];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (outputs.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
        {
            throw new DataException($"{PredictionsFile}: shorter than {Count} rows of {Width} outputs");
        }

        var predictions = new Predictions(manifest.Task, Width, values);
        var labels = manifest.Task is TaskKind.Binary or TaskKind.Multiclass ? predictions.Labels() : [];
        var header = new List<string> { "row", "actual", "prediction" };
        header.AddRange(manifest.Classes.Select(name => "p_" + name));
        return PredictionsReader.Read(PredictionsFile, header, Enumerable.Range(0, Count).Select(row => Line(predictions, labels, row)), manifest);
    }

    private List<string> Line(Predictions predictions, int[] labels, int row)
    {
        var line = new List<string>(Width + 3)
        {
            rows[row],
            answers[row],
            manifest.Task switch
            {
                TaskKind.Regression => Text(predictions.Values[row]),
                TaskKind.Multilabel => string.Join('|', manifest.Classes.Where((_, label) => predictions.Has(row, label))),
                _ => manifest.Classes[labels[row]],
            },
        };
        if (manifest.Task != TaskKind.Regression)
        {
            foreach (var output in predictions.Row(row))
            {
                line.Add(Text(output));
            }
        }

        return line;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
