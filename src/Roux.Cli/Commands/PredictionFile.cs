using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;
using Roux.Tracking.Exports;

namespace Roux.Cli.Commands;

/// <summary>Writes predictions as CSV (RFC 4180), to a temporary file that takes its name when it is whole.</summary>
internal static class PredictionFile
{
    public static void Write(string path, Pipeline pipeline, Predictions predictions) => WriteWhole(path, writer => WriteRows(writer, pipeline, predictions));

    /// <summary>Writes a text file beside its place and moves it there when it is whole.</summary>
    public static void WriteWhole(string path, Action<StreamWriter> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = new StreamWriter(temporary))
            {
                write(writer);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UsageException($"--out '{path}': cannot be written: {e.Message}");
        }
    }

    private static void WriteRows(StreamWriter writer, Pipeline pipeline, Predictions predictions)
    {
        writer.Write("prediction");
        foreach (var name in pipeline.Classes)
        {
            writer.Write($",{CsvText.Cell("p_" + name)}");
        }

        writer.Write('\n');
        var labels = predictions.Task is TaskKind.Binary or TaskKind.Multiclass ? predictions.Labels() : [];
        for (var row = 0; row < predictions.Rows; row++)
        {
            var outputs = predictions.Row(row);
            writer.Write(predictions.Task switch
            {
                TaskKind.Regression => Number(outputs[0]),
                TaskKind.Multilabel => CsvText.Cell(string.Join('|', Chosen(pipeline, predictions, row))),
                _ => CsvText.Cell(pipeline.Classes[labels[row]]),
            });
            if (predictions.Task != TaskKind.Regression)
            {
                foreach (var probability in outputs)
                {
                    writer.Write(',');
                    writer.Write(Number(probability));
                }
            }

            writer.Write('\n');
        }
    }

    private static IEnumerable<string> Chosen(Pipeline pipeline, Predictions predictions, int row)
    {
        for (var k = 0; k < predictions.Width; k++)
        {
            if (predictions.Has(row, k))
            {
                yield return pipeline.Classes[k];
            }
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
