using System.Reflection;
using System.Text.Json;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>Writes what is in a store to a folder or archive of lines of JSON and artifacts; docs/import-export.md describes the form. The database is read in one snapshot.</summary>
internal sealed class StoreExport(Tracker tracker, TransferTarget target, TransferReport report, IProgress<string>? progress)
{
    private const int RunsAtOnce = 200;

    private readonly List<TransferFile> files = [];

    public void Run(ExportSelection selection, CancellationToken cancellation)
    {
        var owners = tracker.Read(session =>
        {
            var keys = ExportKeys.Find(session, selection);
            var rows = new ExportRows(session, tracker.Database);
            Lines(TransferFiles.Experiments, "experiments", rows.Experiments(keys.Experiments), cancellation);
            Lines(TransferFiles.Runs, "runs", keys.Runs.Chunk(RunsAtOnce).SelectMany(rows.Runs), cancellation);
            Lines(TransferFiles.LoggedModels, "logged models", keys.LoggedModels.Select(rows.LoggedModel), cancellation);
            Lines(TransferFiles.Models, "registered models", keys.Models.Select(rows.Model), cancellation);
            Lines(TransferFiles.Datasets, "evaluation datasets", keys.Datasets.Select(rows.Dataset), cancellation);
            Lines(TransferFiles.Records, "evaluation records", keys.Datasets.SelectMany(rows.Records), cancellation);
            Lines(TransferFiles.Reports, ReportImport.Versions, selection.IsAll ? rows.Reports() : [], cancellation);
            Lines(TransferFiles.Views, ReportImport.Views, selection.IsAll ? rows.Views() : [], cancellation);
            Metrics(rows, keys.Runs, cancellation);
            return rows.Owners(keys);
        });
        Artifacts(owners, cancellation);
        var manifest = new TransferManifest(
            TransferManifest.FormatName, TransferManifest.Latest, $"roux {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}", tracker.Now(), files);
        using (var stream = target.Create(TransferManifest.FileName))
        {
            JsonSerializer.Serialize(stream, manifest, TransferJson.Options);
        }

        target.Complete();
    }

    private void Lines<T>(string path, string kind, IEnumerable<T> items, CancellationToken cancellation) => Write(path, (stream, _) =>
    {
        var count = 0L;
        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            JsonSerializer.Serialize(stream, item, TransferJson.Options);
            stream.WriteByte((byte)'\n');
            if (++count % 1000 == 0)
            {
                progress?.Report($"{count} {kind}");
            }
        }

        report.Taken(kind, count);
        return count;
    });

    private void Metrics(ExportRows rows, IReadOnlyList<long> runs, CancellationToken cancellation) => Write(TransferFiles.Metrics, (stream, json) =>
    {
        var (lines, points) = (0L, 0L);
        foreach (var run in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Metrics(run, item =>
            {
                json.Reset(stream);
                item.Write(json);
                json.Flush();
                stream.WriteByte((byte)'\n');
                lines++;
                points += item.Values.Length;
            });
        }

        report.Taken("metric points", points);
        return lines;
    });

    /// <summary>Files first, then the list of them: an archive takes one file at a time. The list alone is held in memory.</summary>
    private void Artifacts(IReadOnlyList<string> owners, CancellationToken cancellation)
    {
        var items = new List<ArtifactItem>();
        foreach (var owner in owners)
        {
            foreach (var path in ArtifactFiles.Of(tracker.Artifacts, owner))
            {
                cancellation.ThrowIfCancellationRequested();
                if (CopyArtifact(owner, path) is { } item)
                {
                    items.Add(item);
                }
            }
        }

        Lines(TransferFiles.Artifacts, "artifacts", items, cancellation);
    }

    private ArtifactItem? CopyArtifact(string owner, string path)
    {
        using var content = ArtifactFiles.Open(tracker.Artifacts, owner, path);
        if (content is null)
        {
            report.Left("artifacts", $"{owner}/{path}: it went away while the export was under way");
            return null;
        }

        progress?.Report($"{owner}/{path}");
        using var output = new DigestStream(target.Create($"{TransferFiles.ArtifactFolder}/{owner}/{path}"));
        content.CopyTo(output, 1 << 20);
        output.Flush();
        return new ArtifactItem(owner, path, output.Bytes, output.Sha256());
    }

    private void Write(string path, Func<Stream, Utf8JsonWriter, long> write)
    {
        using var stream = new DigestStream(target.Create(path));
        using var buffer = new BufferedStream(stream, 1 << 16);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var lines = write(buffer, json);
        buffer.Flush();
        files.Add(new TransferFile(path, stream.Bytes, lines, stream.Sha256()));
    }
}
