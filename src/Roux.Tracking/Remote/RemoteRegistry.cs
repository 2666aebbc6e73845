using System.Globalization;
using System.Text.Json;
using Roux.Tracking.Registry;

namespace Roux.Tracking.Remote;

/// <summary>
/// Registered models of a server. What is registered from a run of the spool is registered in the spool first and sent after the run; all else is
/// done on the server at once.
/// </summary>
internal sealed class RemoteRegistry : ModelRegistry
{
    private const int PageSize = 1000;
    private const int MostPages = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Tracker spool;
    private readonly ServerRuns runs;
    private readonly MlflowConnection server;
    private readonly Shipper? shipper;

    /// <summary>Versions that only the spool knows yet, by its numbers.</summary>
    private readonly HashSet<(string Model, int Version)> waiting = [];

    /// <param name="spool">The tracker over the spool, or over a server that is only read.</param>
    /// <param name="runs">Runs of the server.</param>
    /// <param name="server">The server.</param>
    /// <param name="shipper">What sends the spool; null where there is none.</param>
    public RemoteRegistry(Tracker spool, ServerRuns runs, MlflowConnection server, Shipper? shipper) : base(spool)
    {
        this.spool = spool;
        this.runs = runs;
        this.server = server;
        this.shipper = shipper;
    }

    /// <summary>Makes a registered model where there is none of that name.</summary>
    public static async Task MakeModelAsync(MlflowConnection server, string name, CancellationToken stop)
    {
        try
        {
            await server.PostAsync("registered-models/create", new { name }, stop).ConfigureAwait(false);
        }
        catch (RemoteException exception) when (exception.Code == "RESOURCE_ALREADY_EXISTS")
        {
            // There already.
        }
    }

    public override ModelVersionRecord Register(string model, string runId, string artifactPath, string? description = null, IReadOnlyDictionary<string, string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(runId);
        var name = ModelReference.CheckName(model);
        if (shipper is null || !IsOwn(runId))
        {
            return RegisterThere(name, runId, artifactPath, description, tags);
        }

        var kept = base.Register(name, runId, artifactPath, description, tags);
        if (shipper.FlushAsync().Wait(shipper.IsFailing ? TimeSpan.FromSeconds(2) : Patience) && shipper.Sent.Version(name, kept.Version) is { } number)
        {
            return Find(string.Create(CultureInfo.InvariantCulture, $"{name}/{number}")) ?? kept;
        }

        waiting.Add((name, kept.Version));
        RemoteTracking.Tell($"'{name}' is registered as version {kept.Version} in the spool; {server.Address} gives it a number of its own when it is sent");
        return kept;
    }

    public override IReadOnlyList<RegisteredModelRecord> List()
    {
        var versions = Versions(null).ToLookup(version => version.Name, StringComparer.Ordinal);
        return [.. Pages("registered-models/search", "registered_models", null).Select(model => Model(model, versions[model.Text("name")])).OrderBy(model => model.Name, StringComparer.Ordinal)];
    }

    public override RegisteredModelRecord? FindModel(string name)
    {
        var sound = ModelReference.CheckName(name);
        try
        {
            var model = server.GetAsync("registered-models/get", CancellationToken.None, ("name", sound)).GetAwaiter().GetResult().Part("registered_model");
            return Model(model, sound.Contains('\'', StringComparison.Ordinal) ? Versions(null).Where(version => version.Name == sound) : Versions($"name='{sound}'"));
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Missing)
        {
            return null;
        }
    }

    public override string LocalCopy(ModelVersionRecord version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.RunId is { } run && version.ArtifactPath.Length > 0
            ? runs.ArtifactFile(run, version.ArtifactPath)
            : throw new TrackingException($"{version.Name}/{version.Version}: its files are at {ServerAddress.WithoutLogin(version.Location)}, not among the artifacts of a run; fetch them with a client of that place");
    }

    public override void SetAlias(string name, string alias, int version)
    {
        ArgumentNullException.ThrowIfNull(alias);
        ModelReference.CheckAlias(alias);
        if (waiting.Contains((name, version)))
        {
            base.SetAlias(name, alias, version);
            return;
        }

        Post("registered-models/alias", new { name, alias, version = Number(version) });
    }

    public override void DeleteAlias(string name, string alias) => Send(HttpMethod.Delete, "registered-models/alias", new { name, alias });

    public override void SetStage(string name, int version, ModelStage stage, bool archiveExisting = false)
    {
        if (archiveExisting && stage is not (ModelStage.Staging or ModelStage.Production))
        {
            throw new TrackingException($"archiving existing versions goes with Staging or Production, not with {stage}");
        }

        if (waiting.Contains((name, version)))
        {
            base.SetStage(name, version, stage, archiveExisting);
            return;
        }

        Post("model-versions/transition-stage", new { name, version = Number(version), stage = stage.ToString(), archive_existing_versions = archiveExisting });
    }

    /// <summary>The stage first, then the alias: the protocol has no call for both, so a server that refuses the second leaves the first done.</summary>
    public override void Promote(string name, int version, ModelStage stage, string alias, bool archiveExisting = false)
    {
        ArgumentNullException.ThrowIfNull(alias);
        ModelReference.CheckAlias(alias);
        SetStage(name, version, stage, archiveExisting && stage is (ModelStage.Staging or ModelStage.Production));
        SetAlias(name, alias, version);
    }

    public override ModelGates Gates => new RemoteGates(spool, this, server);

    public override ModelApprovals Approvals => throw OnServerOnly("approvals are kept");

    public override ModelWebhooks Webhooks => throw OnServerOnly("webhooks are kept");

    public override AuditLog Audit => throw OnServerOnly("the audit log is kept");

    public override VersionIntegrity Verify(string reference, CancellationToken cancellation = default) => throw OnServerOnly("the files of versions are kept");

    public override void SetTag(string name, string key, string value, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (version is { } number)
        {
            Post("model-versions/set-tag", new { name, version = Number(number), key, value });
        }
        else
        {
            Post("registered-models/set-tag", new { name, key, value });
        }
    }

    public override void DeleteTag(string name, string key, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (version is { } number)
        {
            Send(HttpMethod.Delete, "model-versions/delete-tag", new { name, version = Number(number), key });
        }
        else
        {
            Send(HttpMethod.Delete, "registered-models/delete-tag", new { name, key });
        }
    }

    public override void SetDescription(string name, string description, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (version is { } number)
        {
            Send(HttpMethod.Patch, "model-versions/update", new { name, version = Number(number), description });
        }
        else
        {
            Send(HttpMethod.Patch, "registered-models/update", new { name, description });
        }
    }

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static RegisteredModelRecord Model(JsonElement model, IEnumerable<ModelVersionRecord> versions)
    {
        var aliases = model.Items("aliases").GroupBy(alias => alias.Text("alias"), StringComparer.Ordinal).ToDictionary(alias => alias.Key, alias => (int)Math.Clamp(alias.First().Whole("version") ?? 0, 0, int.MaxValue), StringComparer.Ordinal);
        return new RegisteredModelRecord
        {
            Name = model.Text("name"),
            Description = model.Text("description"),
            Created = model.Moment("creation_timestamp") ?? DateTimeOffset.UnixEpoch,
            Updated = model.Moment("last_updated_timestamp") ?? DateTimeOffset.UnixEpoch,
            Tags = model.Pairs("tags"),
            Aliases = aliases,
            Versions =
            [
                .. versions.OrderByDescending(version => version.Version).Select(version => version with
                {
                    // Not every server tells aliases with the version.
                    Aliases = [.. version.Aliases.Concat(aliases.Where(alias => alias.Value == version.Version).Select(alias => alias.Key)).Distinct(StringComparer.Ordinal)],
                }),
            ],
        };
    }

    private bool IsOwn(string runId) => spool.Read(session => session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId))) is not null;

    private ModelVersionRecord RegisterThere(string name, string runId, string artifactPath, string? description, IReadOnlyDictionary<string, string>? tags)
    {
        var path = Artifacts.ArtifactPath.Check(artifactPath);
        var slash = path.LastIndexOf('/');
        if (!runs.ListArtifacts(runId, slash < 0 ? null : path[..slash]).Any(entry => entry.Path == path))
        {
            throw new TrackingException($"run {runId} has no artifact '{artifactPath}' on {server.Address}; list them to see what there is");
        }

        MakeModelAsync(server, name, CancellationToken.None).GetAwaiter().GetResult();
        var made = Post("model-versions/create", new
        {
            name,
            source = $"{runs.ArtifactDirectory(runId).TrimEnd('/')}/{path}",
            run_id = runId,
            description = description ?? "",
            tags = (tags ?? RunRecord.EmptyText).Select(tag => new { key = tag.Key, value = tag.Value }).Append(new { key = RemoteTags.ArtifactPath, value = path }),
        });
        return ServerRecords.Version(made.Part("model_version"));
    }

    private IEnumerable<ModelVersionRecord> Versions(string? filter) => Pages("model-versions/search", "model_versions", filter).Select(ServerRecords.Version);

    private IEnumerable<JsonElement> Pages(string path, string items, string? filter)
    {
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            List<(string, string)> query = [("max_results", Number(PageSize))];
            if (filter is not null)
            {
                query.Add(("filter", filter));
            }

            if (token.Length > 0)
            {
                query.Add(("page_token", token));
            }

            var answer = server.GetAsync(path, CancellationToken.None, [.. query]).GetAwaiter().GetResult();
            foreach (var item in answer.Items(items))
            {
                yield return item;
            }

            token = answer.Text("next_page_token");
            if (token.Length == 0)
            {
                yield break;
            }
        }
    }

    private JsonElement Post(string path, object body) => Send(HttpMethod.Post, path, body);

    private JsonElement Send(HttpMethod method, string path, object body) =>
        server.CallAsync(method, MlflowConnection.Api + path, JsonSerializer.SerializeToUtf8Bytes(body), CancellationToken.None).GetAwaiter().GetResult();

    private static TrackingException OnServerOnly(string what) =>
        new($"{what} where the server's store is: open that store (--store DIR or postgres://…), or use the server's API under /api/roux/v1");
}
