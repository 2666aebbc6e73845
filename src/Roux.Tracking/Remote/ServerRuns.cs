using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Query;
using Roux.Tracking.Runs;
using Roux.Tracking.Search;

namespace Roux.Tracking.Remote;

/// <summary>Runs of a server, through MLflow's protocol.</summary>
internal sealed class ServerRuns(MlflowConnection server) : RunSource
{
    private const int PageSize = 1000;
    private const int MostPages = 200;
    private const int PointsPerPage = 25_000;
    private const long LargestDocument = 16 << 20;

    private readonly ConcurrentDictionary<string, string> experimentNames = new(StringComparer.Ordinal);
    private readonly ExperimentIds experiments = new(server);
    private readonly ServerFiles files = new(server);

    public override IReadOnlyList<ExperimentRecord> Experiments()
    {
        var records = new List<ExperimentRecord>();
        foreach (var experiment in Pages("experiments/search", new() { ["view_type"] = "ACTIVE_ONLY" }, "experiments", PageSize))
        {
            experimentNames[experiment.Text("experiment_id")] = experiment.Text("name");

            // The protocol does not count runs.
            records.Add(new ExperimentRecord(experiment.Text("experiment_id"), experiment.Text("name"), experiment.Moment("creation_time") ?? DateTimeOffset.UnixEpoch, 0));
        }

        return [.. records.OrderBy(record => record.Name, StringComparer.Ordinal)];
    }

    public override RunRecord? Find(string text)
    {
        var isId = text.Length > 0 && text.All(char.IsAsciiHexDigitLower);
        if (text.Length == 32 && isId && TryGet(text) is { } exact)
        {
            return exact;
        }

        var found = Candidates($"tags.`{RemoteTags.RunName}`", Comparator.Equal, text);
        var what = "are called";
        if (found.Count == 0 && isId)
        {
            what = "have an id that begins with";
            found = Candidates($"tags.`{RemoteTags.RunId}`", Comparator.Like, text + "%");
            found = found.Count > 0 ? found : [.. Search(new RunQuery { MaxResults = PageSize, IncludeDeleted = false }).Where(run => run.Id.StartsWith(text, StringComparison.Ordinal)).Take(6)];
        }

        if (found.Count > 1)
        {
            throw new TrackingException($"several runs {what} '{text}': {string.Join(", ", found.Take(5).Select(run => $"{run.Id[..Math.Min(12, run.Id.Length)]} ({run.Name}, {run.Started:yyyy-MM-dd HH:mm})"))}; give more of the id");
        }

        return found.Count == 0 ? null : WithDocuments(found[0]);
    }

    public override RunRecord Get(string runId) => TryGet(runId) ?? throw new TrackingException($"'{runId}': no run of that id on {server.Address}; search the runs to see what there is");

    public override IReadOnlyList<RunRecord> Search(RunQuery query)
    {
        var filter = MlflowFilter.Of(RunSearch.Parse(query));
        var ids = query.Experiments?.Select(ExperimentId).ToArray() ?? [.. Experiments().Select(experiment => experiment.Id)];
        var found = new List<RunRecord>();
        var skip = query.Offset;
        if (ids.Length == 0)
        {
            return found;
        }

        var pageSize = filter.Rest.Count > 0 ? PageSize : Math.Clamp(query.MaxResults + query.Offset, 1, PageSize);
        var request = new Dictionary<string, object>
        {
            ["experiment_ids"] = ids, ["filter"] = filter.Text, ["order_by"] = filter.Order, ["run_view_type"] = query.IncludeDeleted ? "ALL" : "ACTIVE_ONLY",
        };
        foreach (var run in Pages("runs/search", request, "runs", pageSize))
        {
            var record = ServerRecords.Run(run, ExperimentName(run.Part("info").Text("experiment_id")));
            if (filter.Rest.All(condition => RecordSearch.Holds(record, condition)) && skip-- <= 0)
            {
                found.Add(record);
                if (found.Count == query.MaxResults)
                {
                    break;
                }
            }
        }

        return found;
    }

    public override MetricSeries Series(string runId, string key)
    {
        var points = new List<MetricPoint>();
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            var answer = server.GetAsync(
                "metrics/get-history", CancellationToken.None, ("run_id", runId), ("metric_key", key),
                ("max_results", PointsPerPage.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("page_token", token)).GetAwaiter().GetResult();
            points.AddRange(answer.Items("metrics").Select(ServerRecords.Point));
            token = answer.Text("next_page_token");
            if (token.Length == 0)
            {
                break;
            }
        }

        return new MetricSeries([.. points.Select(point => point.Step)], [.. points.Select(point => point.Timestamp.ToUnixTimeMilliseconds())], [.. points.Select(point => point.Value)]).Ordered();
    }

    public override string ArtifactDirectory(string runId) => Info(runId).Text("artifact_uri");

    public override IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under) => files.List(runId, under);

    public override string ArtifactFile(string runId, string path) => files.Fetch(runId, Info(runId).Text("artifact_uri"), path);

    public override void SetDeleted(string runId, bool deleted) =>
        server.PostAsync(deleted ? "runs/delete" : "runs/restore", new { run_id = runId }, CancellationToken.None).GetAwaiter().GetResult();

    public override QueryResult Query(string sql, CancellationToken cancellation) => throw new TrackingException(
        $"{server.Address}: a server takes no SQL; use roux runs --filter with it, or roux query --store FOLDER where its store lies");

    private JsonElement Info(string runId) => server.GetAsync("runs/get", CancellationToken.None, ("run_id", runId)).GetAwaiter().GetResult().Part("run").Part("info");

    private RunRecord? TryGet(string runId)
    {
        try
        {
            var run = server.GetAsync("runs/get", CancellationToken.None, ("run_id", runId)).GetAwaiter().GetResult().Part("run");
            return WithDocuments(ServerRecords.Run(run, ExperimentName(run.Part("info").Text("experiment_id"))));
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Missing)
        {
            return Candidates($"tags.`{RemoteTags.RunId}`", Comparator.Equal, runId) is [var run] ? WithDocuments(run) : null;
        }
    }

    private IReadOnlyList<RunRecord> Candidates(string field, Comparator comparator, string text) => text.Contains('\'', StringComparison.Ordinal)
        ? []
        : Search(new RunQuery { Filter = $"{field} {Condition.Symbol(comparator)} '{text}'", MaxResults = 6 });

    /// <summary>Adds what the protocol has no place for, from the run's documents.</summary>
    private RunRecord WithDocuments(RunRecord run)
    {
        try
        {
            foreach (var (path, bytes, isDirectory) in files.List(run.Id, null).Any(entry => entry is { Path: RemoteTags.Folder, IsDirectory: true }) ? files.List(run.Id, RemoteTags.Folder) : [])
            {
                if (isDirectory || bytes > LargestDocument || path is not (RemoteTags.FindingsFile or RemoteTags.WarningsFile or RemoteTags.LongValuesFile))
                {
                    continue;
                }

                var document = JsonNode.Parse(File.ReadAllBytes(ArtifactFile(run.Id, path)));
                run = path switch
                {
                    RemoteTags.FindingsFile => run with { Findings = RemoteDocuments.ReadFindings(document) },
                    RemoteTags.WarningsFile => run with { Warnings = RemoteDocuments.ReadWarnings(document) },
                    _ => RemoteDocuments.WithLongValues(run, document),
                };
            }
        }
        catch (Exception exception) when (exception is TrackingException or JsonException or IOException)
        {
            // Additions: the run can be shown without them.
        }

        return run;
    }

    private string ExperimentId(string nameOrId) => experiments.FindAsync(nameOrId, CancellationToken.None).GetAwaiter().GetResult()
        ?? (nameOrId.All(char.IsAsciiDigit) ? nameOrId : throw new TrackingException($"experiment '{nameOrId}': there is none of that name on {server.Address}; it has: {string.Join(", ", Experiments().Take(20).Select(experiment => experiment.Name))}"));

    private string ExperimentName(string id) => experimentNames.GetOrAdd(id, _ =>
        server.GetAsync("experiments/get", CancellationToken.None, ("experiment_id", id)).GetAwaiter().GetResult().Part("experiment").Text("name"));

    /// <summary>The items of all pages, as they are asked for.</summary>
    private IEnumerable<JsonElement> Pages(string path, Dictionary<string, object> request, string items, int pageSize)
    {
        request["max_results"] = pageSize;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = server.PostAsync(path, request, CancellationToken.None).GetAwaiter().GetResult();
            foreach (var item in answer.Items(items))
            {
                yield return item;
            }

            if (answer.Text("next_page_token") is not { Length: > 0 } token)
            {
                yield break;
            }

            request["page_token"] = token;
        }
    }
}
