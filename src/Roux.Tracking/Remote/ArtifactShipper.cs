using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Remote;

/// <summary>Sends what a run holds beside params, tags and points: data sets, files, and the documents for what the protocol has no place for.</summary>
internal sealed class ArtifactShipper(Tracker spool, MlflowConnection server, SentLog log, Action<string> tell)
{
    private const int LongestDigest = 36;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenRepeats = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly RunReader reader = new(spool.Database);
    private readonly ConcurrentDictionary<(long Run, string Path), DateTime> lastSent = [];

    /// <summary>Sends the data sets that the server has not yet.</summary>
    public async Task SendDatasetsAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        if (sent.Refusal is not null)
        {
            return;
        }

        foreach (var (id, input) in spool.Database.Read(session => SpoolReader.Datasets(session, run.Key)).Where(dataset => !sent.Datasets.Contains(dataset.Id)))
        {
            try
            {
                await SendDatasetAsync(sent, input, input.Dataset.Digest, stop).ConfigureAwait(false);
            }
            catch (RemoteException exception) when (exception.Failure is RemoteFailure.Refused or RemoteFailure.Unsupported)
            {
                Refuse(run, sent, ItemKind.Dataset, input.Dataset.Name, exception);
            }

            log.NoteDatasets(sent, [id]);
        }
    }

    /// <summary>Sends documents and files that the server has not yet, or not as they are now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sent">What the server has.</param>
    /// <param name="all">Whether files that were just changed are sent too; else they are left until they rest.</param>
    /// <param name="stop">Gives up.</param>
    public async Task SendFilesAsync(SpooledRun run, SentRun sent, bool all, CancellationToken stop)
    {
        if (sent.Refusal is not null)
        {
            return;
        }

        if (all)
        {
            await SendDocumentsAsync(run, sent, stop).ConfigureAwait(false);
        }

        var folder = spool.Artifacts.Address(run.Id);
        foreach (var (path, file, _) in Directory.Exists(folder) ? FolderWalk.Files(folder).Where(file => !file.IsLink) : [])
        {
            var info = new FileInfo(file);
            var mark = (info.Exists ? info.Length : 0, info.LastWriteTimeUtc.Ticks);
            if (info.Exists && !(sent.Files.TryGetValue(path, out var known) && known == mark) && (all || IsAtRest(run, path, info)))
            {
                await SendFileAsync(run, sent, path, file, mark, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task SendDatasetAsync(SentRun sent, DatasetInput input, string digest, CancellationToken stop)
    {
        var dataset = input.Dataset;
        var tags = new List<object> { new { key = RemoteTags.DataContext, value = input.Context } };
        if (digest != dataset.Digest)
        {
            tags.Add(new { key = RemoteTags.Digest, value = dataset.Digest });
        }

        var fields = new Dictionary<string, object>
        {
            ["name"] = dataset.Name,
            ["digest"] = digest,
            ["source_type"] = dataset.SourceType ?? (dataset.Source.Contains("://", StringComparison.Ordinal) ? "http" : "local"),
            ["source"] = dataset.SourceType is null ? JsonSerializer.Serialize(new { uri = dataset.Source }) : dataset.Source,
        };
        if (dataset.Schema is { } schema)
        {
            fields["schema"] = schema;
        }

        if (dataset.Profile is { } profile)
        {
            fields["profile"] = profile;
        }
        else if (dataset.Rows is not null || dataset.Bytes is not null)
        {
            fields["profile"] = JsonSerializer.Serialize(new { num_rows = dataset.Rows, bytes = dataset.Bytes });
        }

        try
        {
            await server.PostAsync("runs/log-inputs", new { run_id = sent.ServerId, datasets = new[] { new { tags, dataset = fields } } }, stop).ConfigureAwait(false);
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Refused && digest.Length > LongestDigest)
        {
            // MLflow takes 36 characters; the whole digest then goes along as a tag.
            await SendDatasetAsync(sent, input, digest[..LongestDigest], stop).ConfigureAwait(false);
        }
    }

    private async Task SendDocumentsAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        var record = spool.Database.Read(session => reader.Get(session, run.Id));
        await SendDocumentAsync(run, sent, RemoteTags.FindingsFile, RemoteDocuments.Findings(record), stop).ConfigureAwait(false);
        await SendDocumentAsync(run, sent, RemoteTags.WarningsFile, RemoteDocuments.Warnings(record), stop).ConfigureAwait(false);
        await SendDocumentAsync(run, sent, RemoteTags.LongValuesFile, RemoteDocuments.LongValues(record), stop).ConfigureAwait(false);
    }

    private async Task SendDocumentAsync(SpooledRun run, SentRun sent, string path, JsonNode? document, CancellationToken stop)
    {
        if (document is null)
        {
            return;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, Indented);
        var mark = ((long)bytes.Length, BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(bytes)));
        if (sent.Files.TryGetValue(path, out var known) && known == mark)
        {
            return;
        }

        var file = Path.Combine(spool.Store, $"document-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(file, bytes, stop).ConfigureAwait(false);
            await SendFileAsync(run, sent, path, file, mark, stop).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task SendFileAsync(SpooledRun run, SentRun sent, string path, string file, (long, long) mark, CancellationToken stop)
    {
        try
        {
            var (target, headers) = await ArtifactPlace.OfAsync(server, sent.ArtifactUri, sent.ServerId!, path, write: true, stop).ConfigureAwait(false);
            await server.PutFileAsync(target, file, headers, stop).ConfigureAwait(false);
        }
        catch (RemoteException exception) when (exception.Failure is RemoteFailure.Refused or RemoteFailure.Unsupported)
        {
            Refuse(run, sent, ItemKind.File, path, exception);
        }
        catch (FileNotFoundException)
        {
            // Replaced or removed meanwhile: the next round sees what is there then.
            return;
        }

        lastSent[(run.Key, path)] = DateTime.UtcNow;
        log.NoteFile(sent, path, mark.Item1, mark.Item2);
    }

    /// <summary>Whether a file of a run that goes on is worth sending now: it is not being written to, and was not sent just before.</summary>
    private bool IsAtRest(SpooledRun run, string path, FileInfo file)
    {
        var now = DateTime.UtcNow;
        return now - file.LastWriteTimeUtc > Settled && (!lastSent.TryGetValue((run.Key, path), out var last) || now - last > BetweenRepeats);
    }

    private void Refuse(SpooledRun run, SentRun sent, ItemKind kind, string name, RemoteException exception)
    {
        log.Refuse(sent, kind, name, exception.Message);
        tell($"{server.Address} refuses {(kind == ItemKind.File ? "artifact" : "data set")} '{name}' of run {run.Id[..8]} ({run.Name}): {exception.Message}; the rest is sent");
    }
}
