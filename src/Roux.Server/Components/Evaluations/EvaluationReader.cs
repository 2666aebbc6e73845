using System.Globalization;
using System.Text;
using System.Text.Json;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Stored;
using Roux.Tracking;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Evaluations;

/// <summary>
/// Finds the predictions among a run's artifacts: those of <c>roux develop</c> and <c>roux baseline</c>, a <c>predictions.csv</c> of any client, or the table that
/// <c>mlflow.evaluate</c> leaves. What is too large or not understood is told, not shown.
/// </summary>
internal sealed class EvaluationReader(TrackingService service)
{
    private const long MostBytes = 96L << 20;
    private const long MostJson = 24L << 20;

    private static readonly (string Path, string Kind)[] Tables =
    [
        ("evaluation/test_predictions.csv", "rows of the final score"),
        ("evaluation/predictions.csv", "stored predictions"),
        ("predictions.csv", "stored predictions"),
    ];

    /// <summary>The predictions of a run; <c>null</c> where it has none.</summary>
    /// <exception cref="DataException">There are some, which cannot be read.</exception>
    public async Task<RunEvaluation?> FindAsync(RunRecord run, CancellationToken cancellation)
    {
        var files = await NamesAsync(run.Id, "", cancellation).ConfigureAwait(false);
        if (files.Contains("evaluation"))
        {
            files.UnionWith(await NamesAsync(run.Id, "evaluation", cancellation).ConfigureAwait(false));
        }

        foreach (var (path, kind) in Tables.Where(table => files.Contains(table.Path)))
        {
            if (await TableAsync(run, path, kind, files, cancellation).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        if (run.ParentId is { } parent && files.Contains(FoldRows.PredictionsFile) && await FoldsAsync(run, parent, cancellation).ConfigureAwait(false) is { } folds)
        {
            return folds;
        }

        return files.Contains("eval_results_table.json") ? await MlflowAsync(run, cancellation).ConfigureAwait(false) : null;
    }

    private async Task<RunEvaluation?> TableAsync(RunRecord run, string path, string kind, HashSet<string> files, CancellationToken cancellation)
    {
        var stem = path[..^".csv".Length];
        var manifest = files.Contains(stem + ".json") ? PredictionsManifest.TryRead(await TextAsync(run.Id, stem + ".json", cancellation).ConfigureAwait(false)) : null;
        StoredPredictions predictions;
        try
        {
            using var file = await OpenAsync(run.Id, path, MostBytes, cancellation).ConfigureAwait(false);
            predictions = PredictionsReader.Read(file.Content, path, manifest, cancellation);
        }
        catch (DataException) when (path == "predictions.csv")
        {
            return null; // a file of that name may be anything
        }

        var examples = files.Contains(stem + "_examples.csv") ? await ExamplesAsync(run.Id, stem + "_examples.csv", cancellation).ConfigureAwait(false) : ExampleRows.None;
        return new RunEvaluation(run.Id, run.Name, predictions, kind, path, manifest?.DataDigest is { Length: > 0 } digest ? digest : DigestOf(run), Math.Max(0, (manifest?.Rows ?? 0) - (manifest?.Stored ?? 0))) { Examples = examples };
    }

    private async Task<RunEvaluation?> FoldsAsync(RunRecord run, string parent, CancellationToken cancellation)
    {
        var files = await NamesAsync(parent, "evaluation", cancellation).ConfigureAwait(false);
        if (!files.Contains(FoldRows.RowsFile) || !files.Contains(FoldRows.ManifestFile)
            || PredictionsManifest.TryRead(await TextAsync(parent, FoldRows.ManifestFile, cancellation).ConfigureAwait(false)) is not { } manifest)
        {
            return null;
        }

        FoldRows rows;
        using (var file = await OpenAsync(parent, FoldRows.RowsFile, MostBytes, cancellation).ConfigureAwait(false))
        {
            rows = FoldRows.Read(file.Content, manifest);
        }

        using var outputs = await OpenAsync(run.Id, FoldRows.PredictionsFile, MostBytes, cancellation).ConfigureAwait(false);
        const string ExamplesFile = "evaluation/fold_rows_examples.csv";
        return new RunEvaluation(run.Id, run.Name, rows.Of(outputs.Content), "rows held out in cross-validation", FoldRows.PredictionsFile, manifest.DataDigest, 0)
        {
            Examples = files.Contains(ExamplesFile) ? await ExamplesAsync(parent, ExamplesFile, cancellation).ConfigureAwait(false) : ExampleRows.None,
        };
    }

    private async Task<RunEvaluation> MlflowAsync(RunRecord run, CancellationToken cancellation)
    {
        const string Path = "eval_results_table.json";
        using var file = await OpenAsync(run.Id, Path, MostJson, cancellation).ConfigureAwait(false);
        try
        {
            using var document = await JsonDocument.ParseAsync(file.Content, new JsonDocumentOptions { MaxDepth = 16 }, cancellation).ConfigureAwait(false);
            string[] columns = [.. document.RootElement.GetProperty("columns").EnumerateArray().Select(name => name.ToString())];
            var rows = document.RootElement.GetProperty("data").EnumerateArray().Select(row => (IReadOnlyList<string>)[.. row.EnumerateArray().Select(Text)]).ToList();
            var predictions = PredictionsReader.Read(Path, columns, rows, null);
            int[] shown = [.. Enumerable.Range(0, columns.Length).Where(column => columns[column] is not ("target" or "label" or "prediction" or "predictions" or "outputs")).Take(12)];
            var examples = rows.Take(5000).Select((row, index) => ((index + 1).ToString(CultureInfo.InvariantCulture), shown.Select(column => column < row.Count ? row[column] : "").ToArray())).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
            return new RunEvaluation(run.Id, run.Name, predictions, "rows of mlflow.evaluate", Path, DigestOf(run), 0) { Examples = new ExampleRows([.. shown.Select(column => columns[column])], examples) };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DataException($"{Path}: not the table that mlflow.evaluate leaves");
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    /// <summary>The data that a run was judged on, as its own record has it.</summary>
    private static string DigestOf(RunRecord run) =>
        (run.Datasets.FirstOrDefault(input => input.Context.Contains("test", StringComparison.OrdinalIgnoreCase) || input.Context.Contains("eval", StringComparison.OrdinalIgnoreCase))
            ?? run.Datasets.FirstOrDefault(input => !input.Context.Contains("train", StringComparison.OrdinalIgnoreCase)) ?? (run.Datasets.Count > 0 ? run.Datasets[0] : null))?.Dataset.Digest ?? "";

    private async Task<HashSet<string>> NamesAsync(string runId, string folder, CancellationToken cancellation) =>
        [.. (await service.Artifacts.ListAsync(service.Artifacts.OfRun(runId, folder), cancellation).ConfigureAwait(false)).Select(file => file.Path)];

    private async Task<ArtifactFile> OpenAsync(string runId, string path, long most, CancellationToken cancellation)
    {
        var file = await service.Artifacts.OpenAsync(service.Artifacts.OfRun(runId, path), cancellation).ConfigureAwait(false);
        if (file.Length <= most)
        {
            return file;
        }

        file.Dispose();
        throw new DataException($"{path}: {file.Length / (1 << 20)} MB are too many to show; it can be saved from the run's artifacts");
    }

    private async Task<string> TextAsync(string runId, string path, CancellationToken cancellation)
    {
        using var file = await OpenAsync(runId, path, 4 << 20, cancellation).ConfigureAwait(false);
        using var reader = new StreamReader(file.Content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<ExampleRows> ExamplesAsync(string runId, string path, CancellationToken cancellation)
    {
        using var file = await OpenAsync(runId, path, MostBytes, cancellation).ConfigureAwait(false);
        using var reader = new StreamReader(file.Content, Encoding.UTF8);
        return ExampleRows.Read(reader);
    }
}
