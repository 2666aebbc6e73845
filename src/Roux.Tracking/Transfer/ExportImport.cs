using System.Security.Cryptography;
using System.Text.Json;

namespace Roux.Tracking.Transfer;

/// <summary>Reads what <see cref="StoreExport"/> wrote into a store. Nothing in it is trusted: lengths, digests, ids and paths are checked before they count.</summary>
internal sealed class ExportImport(Tracker tracker, TransferSource source, TransferReport report, IProgress<string>? progress)
{
    private const int ItemsAtOnce = 200;
    private const int LongestLine = 64 << 20;
    private const int LongestManifest = 1 << 20;
    private const string ArtifactsKind = "artifacts";

    private static readonly JsonDocumentOptions MetricLines = new() { MaxDepth = 4 };

    public void Run(CancellationToken cancellation)
    {
        var manifest = ReadManifest();
        var imported = new StoreImport(tracker, report);
        var models = new ModelImport(tracker, imported, report);
        var metrics = new MetricImport(tracker, report);
        var links = new List<RunItem>();
        Each<ExperimentItem>(manifest, TransferFiles.Experiments, items => Array.ForEach(items, imported.Experiment), cancellation);
        Each<RunItem>(
            manifest, TransferFiles.Runs,
            items =>
            {
                imported.AddRuns(items);
                links.AddRange(items.Where(item => item.Models.Count > 0).Select(item => new RunItem(item.RunId, "", "", item.Status, 0) { Models = item.Models }));
            },
            cancellation);
        imported.LinkParents();
        Each<LoggedModelItem>(manifest, TransferFiles.LoggedModels, items => Array.ForEach(items, models.LoggedModel), cancellation);
        links.ForEach(run => imported.LinkModels(run.RunId, run.Models));
        Lines(
            manifest, TransferFiles.Metrics,
            line =>
            {
                using var document = JsonDocument.Parse(line, MetricLines);
                metrics.Add(MetricItem.Parse(document.RootElement));
            },
            cancellation);
        metrics.Flush();
        Each<ArtifactItem>(manifest, TransferFiles.Artifacts, items => Array.ForEach(items, item => Artifact(item, cancellation)), cancellation);
        Each<ModelItem>(manifest, TransferFiles.Models, items => Array.ForEach(items, models.Model), cancellation);
        Each<EvaluationDatasetItem>(manifest, TransferFiles.Datasets, items => Array.ForEach(items, models.Dataset), cancellation);
        Each<EvaluationRecordItem>(manifest, TransferFiles.Records, models.AddRecords, cancellation);
        var reports = new ReportImport(tracker, report, imported);
        Lines(
            manifest, TransferFiles.Reports, // one at a time: a version may be long
            line => reports.Report(JsonSerializer.Deserialize<ReportItem>(line.Span, TransferJson.Options) ?? throw new JsonException("a line is null")), cancellation);
        Each<SavedViewItem>(manifest, TransferFiles.Views, items => Array.ForEach(items, reports.View), cancellation);
    }

    private Dictionary<string, TransferFile> ReadManifest()
    {
        using var stream = source.Open(TransferManifest.FileName)
            ?? throw new TrackingException($"no {TransferManifest.FileName} in it: not an export, or one that was not finished; give what 'roux export' wrote to its end");
        using var limited = new DigestStream(stream, LongestManifest);
        try
        {
            var manifest = JsonSerializer.Deserialize<TransferManifest>(limited, TransferJson.Options);
            if (manifest is not { Format: TransferManifest.FormatName, Version: >= 1 })
            {
                throw new TrackingException($"{TransferManifest.FileName} is not that of an export");
            }

            return manifest.Version > TransferManifest.Latest
                ? throw new TrackingException($"the export is of version {manifest.Version}, this program reads up to {TransferManifest.Latest}: upgrade Roux")
                : manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or ArgumentException)
        {
            throw new TrackingException($"{TransferManifest.FileName} is damaged: {exception.Message}", exception);
        }
    }

    private void Each<T>(Dictionary<string, TransferFile> manifest, string path, Action<T[]> take, CancellationToken cancellation)
    {
        var items = new List<T>();
        Lines(
            manifest, path,
            line =>
            {
                items.Add(JsonSerializer.Deserialize<T>(line.Span, TransferJson.Options) ?? throw new JsonException("a line is null"));
                if (items.Count == ItemsAtOnce)
                {
                    take([.. items]);
                    items.Clear();
                }
            },
            cancellation);
        if (items.Count > 0)
        {
            take([.. items]);
        }
    }

    private void Lines(Dictionary<string, TransferFile> manifest, string path, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellation)
    {
        if (!manifest.TryGetValue(path, out var expected))
        {
            return;
        }

        using var stream = new DigestStream(source.Open(path) ?? throw Damaged(path, "it is missing"), expected.Bytes);
        var reader = new LineReader(stream, LongestLine);
        var number = 0L;
        try
        {
            while (reader.TryRead(out var line))
            {
                cancellation.ThrowIfCancellationRequested();
                number++;
                if (line.Length > 0)
                {
                    take(line);
                }

                if (number % ItemsAtOnce == 0)
                {
                    progress?.Report($"{path}: {number} of {expected.Lines}");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw Damaged(path, $"line {number}: {exception.Message}");
        }

        if (stream.Bytes != expected.Bytes || stream.Sha256() != expected.Sha256)
        {
            throw Damaged(path, "its digest is not the one that the export notes");
        }
    }

    private void Artifact(ArtifactItem item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TransferRules.Owner(item.Owner);
        TransferRules.Path(item.Path);
        if (IsThere(item) is { } same)
        {
            if (same)
            {
                report.There(ArtifactsKind);
            }
            else
            {
                report.Left(ArtifactsKind, $"{item.Owner}/{item.Path}: another file is here; it stays as it is");
            }

            return;
        }

        progress?.Report($"{item.Owner}/{item.Path}");
        var path = $"{TransferFiles.ArtifactFolder}/{item.Owner}/{item.Path}";
        using var content = new DigestStream(source.Open(path) ?? throw Damaged(path, "it is missing"), item.Bytes);
        using var target = tracker.Artifacts.Create(item.Owner, item.Path);
        try
        {
            content.CopyTo(target, 1 << 20);
            if (content.Bytes != item.Bytes || content.Sha256() != item.Sha256)
            {
                throw new InvalidDataException("its digest is not the one that the export notes");
            }
        }
        catch (Exception exception)
        {
            target.Abandon();
            throw exception is InvalidDataException ? Damaged(path, exception.Message) : exception;
        }

        report.Taken(ArtifactsKind);
    }

    /// <summary>Whether the same file is there; <c>null</c> where there is none.</summary>
    private bool? IsThere(ArtifactItem item)
    {
        using var known = ArtifactFiles.Open(tracker.Artifacts, item.Owner, item.Path);
        return known is null ? null : (!known.CanSeek || known.Length == item.Bytes) && Convert.ToHexStringLower(SHA256.HashData(known)) == item.Sha256;
    }

    private static TrackingException Damaged(string path, string reason) => new($"the export is damaged: {path}: {reason}");
}
