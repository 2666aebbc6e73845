using System.Buffers;
using System.Globalization;
using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Remote;

/// <summary>
/// Sends one run after another of a spool: makes it on the server, then params, tags and points in batches in the order logged, data sets,
/// artifacts, and at last how it ended. Whatever is repeated changes nothing on the server.
/// </summary>
internal sealed class RunShipper(Tracker spool, MlflowConnection server, SentLog log, Action<string> tell)
{
    /// <summary>After so many refused points the rest of a series is set aside.</summary>
    private const int MostRefusals = 20;

    /// <summary>A batch must stay under a megabyte.</summary>
    private const int MostCharacters = 200_000;

    private const int PointsAtOnce = 16 * BatchBody.Most;

    private readonly ExperimentIds experiments = new(server);
    private readonly ArtifactShipper artifacts = new(spool, server, log, tell);

    /// <summary>Makes a run on the server, unless it is there. Its parent must be.</summary>
    /// <exception cref="RemoteException">It could not be made.</exception>
    public async Task MakeAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        if (sent.ServerId is not null || sent.Refusal is not null)
        {
            return;
        }

        try
        {
            sent.ExperimentId = await experiments.OfAsync(run.Experiment, stop).ConfigureAwait(false);
            var info = sent.Attempted ? await FindAsync(run, sent, stop).ConfigureAwait(false) : default;
            if (info.ValueKind == default)
            {
                // Noted first: should no answer come, or this process end, the run is looked for before it is made again.
                sent.Attempted = true;
                log.Note(sent);
                info = (await server.PostAsync("runs/create", Request(run, sent), stop).ConfigureAwait(false)).Part("run").Part("info");
            }

            sent.ArtifactUri = info.Text("artifact_uri");
            sent.ServerId = info.Text("run_id") is { Length: > 0 } id ? id : throw new RemoteException(RemoteFailure.Foreign, $"{server.Address}: made a run without saying its id");
            log.Note(sent);
        }
        catch (RemoteException exception) when (exception.Failure is RemoteFailure.Refused or RemoteFailure.Missing)
        {
            SetAside(run, sent, exception.Message);
        }
    }

    /// <summary>Sends what the server has not yet of a run that is made there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sent">What the server has.</param>
    /// <param name="isLast">Whether nothing more is to be waited for, so that files that still grow are sent as they are.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="RemoteException">The server cannot take it now.</exception>
    public async Task SendAsync(SpooledRun run, SentRun sent, bool isLast, CancellationToken stop)
    {
        try
        {
            await SendBatchesAsync(run, sent, stop).ConfigureAwait(false);
            await artifacts.SendDatasetsAsync(run, sent, stop).ConfigureAwait(false);
            await artifacts.SendFilesAsync(run, sent, isLast || run.Ended is not null, stop).ConfigureAwait(false);
            await SendEndAsync(run, sent, stop).ConfigureAwait(false);
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Missing)
        {
            SetAside(run, sent, $"the run is gone from the server{(exception.Message.Length > 0 ? $": {exception.Message}" : "")}");
        }
    }

    private static string Status(RunStatus status) => status switch
    {
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed => "FAILED",
        RunStatus.Killed => "KILLED",
        _ => "RUNNING",
    };

    private Dictionary<string, object> Request(SpooledRun run, SentRun sent)
    {
        var tags = new List<object> { new { key = RemoteTags.RunName, value = run.Name }, new { key = RemoteTags.RunId, value = run.Id } };
        if (run.Parent is { } parent && log.ServerId(parent) is { } above)
        {
            tags.Add(new { key = RemoteTags.Parent, value = above });
        }

        return new()
        {
            ["experiment_id"] = sent.ExperimentId, ["run_name"] = run.Name, ["user_id"] = Environment.UserName, ["start_time"] = run.Started, ["tags"] = tags,
        };
    }

    /// <summary>A run that may have been made by an attempt without an answer.</summary>
    private async Task<System.Text.Json.JsonElement> FindAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        var found = await server.PostAsync(
            "runs/search", new { experiment_ids = new[] { sent.ExperimentId }, filter = $"tags.`{RemoteTags.RunId}` = '{run.Id}'", run_view_type = "ALL", max_results = 1 }, stop).ConfigureAwait(false);
        return found.Items("runs").FirstOrDefault().Part("info");
    }

    private async Task SendBatchesAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var texts = spool.Database.Read(session => SpoolReader.Texts(session, run, sent));
        foreach (var batch in Texts(texts))
        {
            await SendAsync(run, sent, batch, buffer, stop).ConfigureAwait(false);
        }

        var items = new List<BatchItem>(BatchBody.Most);
        foreach (var (id, key, count) in spool.Database.Read(session => SpoolReader.Series(session, run.Key)))
        {
            for (var at = sent.Series.GetValueOrDefault(id); at < count && sent.Refusal is null && sent.Refused.GetValueOrDefault((ItemKind.Metric, key)) < MostRefusals;)
            {
                var points = spool.Database.Read(session => SpoolReader.Points(session, run.Key, id, at, PointsAtOnce));
                for (var index = 0; index < points.Count; index++, at++)
                {
                    items.Add(new BatchItem(ItemKind.Metric, key, id, "", points.Steps[index], points.Timestamps[index], points.Values[index]));
                    if (items.Count == BatchBody.Most)
                    {
                        await SendAsync(run, sent, items, buffer, stop).ConfigureAwait(false);
                        items.Clear();
                    }
                }

                if (points.Count == 0)
                {
                    break;
                }
            }
        }

        if (items.Count > 0)
        {
            await SendAsync(run, sent, items, buffer, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Params and tags in groups that the protocol takes.</summary>
    private static IEnumerable<List<BatchItem>> Texts(List<BatchItem> items)
    {
        var batch = new List<BatchItem>();
        var characters = 0;
        foreach (var item in items)
        {
            if (batch.Count(other => other.Kind == item.Kind) == BatchBody.MostTexts || characters > MostCharacters)
            {
                yield return batch;
                batch = [];
                characters = 0;
            }

            batch.Add(item);
            characters += BatchBody.Sent(item.Kind, item.Text).Length;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private Task SendAsync(SpooledRun run, SentRun sent, List<BatchItem> items, ArrayBufferWriter<byte> buffer, CancellationToken stop) =>
        SendAsync(run, sent, items.ToArray().AsMemory(), buffer, stop);

    /// <summary>Sends a batch; of one that is refused, its halves in turn, down to the thing that the server will not have.</summary>
    private async Task SendAsync(SpooledRun run, SentRun sent, ReadOnlyMemory<BatchItem> items, ArrayBufferWriter<byte> buffer, CancellationToken stop)
    {
        if (sent.Refusal is not null)
        {
            return;
        }

        if (IsGivenUp(sent, items.Span))
        {
            // Passed over, so that what follows is sent.
            log.NoteBatch(sent, items.Span);
            return;
        }

        try
        {
            await server.CallAsync(HttpMethod.Post, MlflowConnection.Api + "runs/log-batch", BatchBody.Write(sent.ServerId!, items.Span, buffer), stop).ConfigureAwait(false);
            log.NoteBatch(sent, items.Span);
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Refused)
        {
            if (items.Length == 1)
            {
                await RefuseAsync(run, sent, items, exception.Message, stop).ConfigureAwait(false);
                return;
            }

            var half = items.Length / 2;
            await SendAsync(run, sent, items[..half], buffer, stop).ConfigureAwait(false);
            await SendAsync(run, sent, items[half..], buffer, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Whether all are points of series of which the server refused too many.</summary>
    private static bool IsGivenUp(SentRun sent, ReadOnlySpan<BatchItem> items)
    {
        foreach (ref readonly var item in items)
        {
            if (item.Kind != ItemKind.Metric || sent.Refused.GetValueOrDefault((ItemKind.Metric, item.Key)) < MostRefusals)
            {
                return false;
            }
        }

        return true;
    }

    private async Task RefuseAsync(SpooledRun run, SentRun sent, ReadOnlyMemory<BatchItem> items, string message, CancellationToken stop)
    {
        var (kind, key) = (items.Span[0].Kind, items.Span[0].Key);
        var isNew = !sent.Refused.ContainsKey((kind, key));
        if (isNew)
        {
            // Of a run that was deleted on the server everything is refused: one question saves thousands.
            var info = (await server.GetAsync("runs/get", stop, ("run_id", sent.ServerId!)).ConfigureAwait(false)).Part("run").Part("info");
            if (info.Text("lifecycle_stage") == "deleted" && run.Deleted is null)
            {
                SetAside(run, sent, "the run was deleted on the server");
                return;
            }
        }

        log.Refuse(sent, kind, key, message);
        if (kind == ItemKind.Metric)
        {
            log.NoteBatch(sent, items.Span);
        }

        if (isNew)
        {
            tell($"{server.Address} refuses {kind.ToString().ToLowerInvariant()} '{key}' of run {run.Id[..8]} ({run.Name}): {message}; the rest is sent");
        }
    }

    private async Task SendEndAsync(SpooledRun run, SentRun sent, CancellationToken stop)
    {
        if (sent.Refusal is not null)
        {
            return;
        }

        if (sent.Status != run.Status || sent.Ended != run.Ended)
        {
            object body = run.Ended is { } ended ? new { run_id = sent.ServerId, status = Status(run.Status), end_time = ended } : new { run_id = sent.ServerId, status = Status(run.Status) };
            await server.PostAsync("runs/update", body, stop).ConfigureAwait(false);
            (sent.Status, sent.Ended) = (run.Status, run.Ended);
        }

        if (sent.Deleted != run.Deleted is not null)
        {
            await server.PostAsync(run.Deleted is null ? "runs/restore" : "runs/delete", new { run_id = sent.ServerId }, stop).ConfigureAwait(false);
            sent.Deleted = run.Deleted is not null;
        }

        sent.Done = run.Ended is not null;
        log.Note(sent);
    }

    private void SetAside(SpooledRun run, SentRun sent, string message)
    {
        sent.Refusal = message.Length > 0 ? message : "the server takes nothing of it";
        sent.Done = true;
        log.Note(sent);
        tell($"{server.Address} takes nothing of run {run.Id[..8]} ({run.Name}): {sent.Refusal}; it stays in {spool.Store}");
    }
}
