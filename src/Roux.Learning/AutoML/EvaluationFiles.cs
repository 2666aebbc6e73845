using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Stored;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Learning.AutoML;

/// <summary>
/// Stores what a later look at the errors of a model needs: predictions with their rows and answers, and the values of some of these rows. See docs/workbench.md for the
/// files and their bounds.
/// </summary>
internal static class EvaluationFiles
{
    private const string Test = "evaluation/test_predictions";
    private const int MostExamples = 5000;
    private const int MostColumns = 12;
    private const int MostLetters = 200;
    private const int MostFoldRows = 2_000_000;

    /// <summary>The winner on the rows of the final score.</summary>
    public static void LogTest(Run run, DevelopInputs inputs, Predictions predictions)
    {
        var y = inputs.TestTarget;
        var kept = PredictionsWriter.Kept(y.Count, y.Width);
        Write(run, Test + ".csv", writer => PredictionsWriter.Write(writer, kept, inputs.TestRows, y, predictions));
        run.LogText(Test + ".json", Manifest(inputs, inputs.TestData ?? inputs.Data, y.Count, kept.Length));
        Examples(run, Test + "_examples.csv", inputs, inputs.Test, inputs.TestRows);
    }

    /// <summary>The rows of the folds.</summary>
    public static void LogFolds(Run run, DevelopInputs inputs, SplitPlan plan)
    {
        var places = Array.ConvertAll(plan.Rows, row => inputs.DevelopmentRows[row]);
        run.Tag(FoldRows.DigestTag, Digest(inputs.Data.Digest, plan, places)).Tag(FoldRows.RatioTag, plan.TestTrainRatio.ToString("R", CultureInfo.InvariantCulture));
        var rows = plan.Folds.Sum(fold => fold.Test.Length);
        if (rows > MostFoldRows)
        {
            return;
        }

        Write(run, FoldRows.RowsFile, writer =>
        {
            writer.Write("row,fold,actual\n");
            for (var fold = 0; fold < plan.Folds.Count; fold++)
            {
                foreach (var row in plan.Folds[fold].Test)
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $"{places[row] + 1},{fold},{PredictionsWriter.Answer(plan.Target, row)}\n"));
                }
            }
        });
        run.LogText(FoldRows.ManifestFile, Manifest(inputs, inputs.Data, rows, rows));
        Examples(run, "evaluation/fold_rows_examples.csv", inputs, plan.Table, places);
    }

    private static string Manifest(DevelopInputs inputs, LoadedTable data, int rows, int stored) => new PredictionsManifest(
        inputs.Task, inputs.Columns.First(column => column.Role == ColumnRole.Target).Name, inputs.DevelopmentTarget.Classes, data.Table.Name, data.Digest, rows, stored).ToJson().ToJsonString();

    /// <summary>The values of some rows, each cut to a line.</summary>
    private static void Examples(Run run, string path, DevelopInputs inputs, Table table, int[] places)
    {
        var columns = inputs.FeatureColumns.Select(spec => table.Find(spec.Name)).OfType<Column>().Take(MostColumns).ToList();
        var count = Math.Min(table.RowCount, MostExamples);
        Write(run, path, writer =>
        {
            writer.Write("row");
            columns.ForEach(column => writer.Write("," + CsvText.Cell(column.Name)));
            writer.Write('\n');
            for (var index = 0; index < count; index++)
            {
                var row = (int)((long)index * table.RowCount / count);
                writer.Write((places[row] + 1).ToString(CultureInfo.InvariantCulture));
                columns.ForEach(column => writer.Write("," + CsvText.Cell(Cut(column.Format(row) ?? ""))));
                writer.Write('\n');
            }
        });
    }

    private static string Cut(string text) => text.Length <= MostLetters ? text : text[..(MostLetters - 1)] + "…";

    private static string Digest(string data, SplitPlan plan, int[] places)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(data));
        Span<byte> number = stackalloc byte[4];
        foreach (var fold in plan.Folds)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, -1);
            hash.AppendData(number);
            foreach (var row in fold.Test)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, places[row]);
                hash.AppendData(number);
            }
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(Run run, string path, Action<TextWriter> write)
    {
        using var stream = run.CreateArtifact(path);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16);
        write(writer);
    }
}
