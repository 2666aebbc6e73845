using System.Globalization;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Remote;

/// <summary>Registers on the server what was registered in a spool, once the artifacts are there; then its aliases and stage.</summary>
internal sealed class VersionShipper(Tracker spool, MlflowConnection server, SentLog log, Action<string> tell)
{
    /// <summary>Keys of runs with versions that the server has not yet: their artifacts are wanted first.</summary>
    public HashSet<long> WaitingRuns() => [.. Versions().Where(version => log.Version(version.Model, version.Number) is null).Select(version => version.Run)];

    /// <summary>Sends versions whose run is on the server.</summary>
    /// <exception cref="RemoteException">The server cannot take it now.</exception>
    public async Task SendAsync(CancellationToken stop)
    {
        foreach (var version in Versions())
        {
            var sent = log.Of(version.Run);
            if (sent.ServerId is null || sent.Refusal is not null || log.Read(Note("refused", version)) is not null)
            {
                continue;
            }

            try
            {
                if (log.Version(version.Model, version.Number) is null && HasFiles(version, sent))
                {
                    log.NoteVersion(version.Model, version.Number, await RegisterAsync(version, sent, stop).ConfigureAwait(false));
                }

                if (log.Version(version.Model, version.Number) is { } number)
                {
                    await SendAliasesAsync(version, number, stop).ConfigureAwait(false);
                }
            }
            catch (RemoteException exception) when (exception.Failure is RemoteFailure.Refused or RemoteFailure.Missing or RemoteFailure.Unsupported)
            {
                log.Keep(Note("refused", version), exception.Message);
                log.Refuse(sent, ItemKind.Version, $"{version.Model}/{version.Number}", exception.Message);
                tell($"{server.Address} does not register '{version.Model}': {exception.Message}");
            }
        }
    }

    private static string Note(string kind, Spooled version) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{version.Model}/{version.Number}");

    private static bool HasFiles(Spooled version, SentRun sent) =>
        sent.Files.Keys.Any(path => path == version.ArtifactPath || path.StartsWith(version.ArtifactPath + "/", StringComparison.Ordinal)) || version.ArtifactPath.Length == 0;

    private async Task<int> RegisterAsync(Spooled version, SentRun sent, CancellationToken stop)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"{version.RunId}/{version.Number}");
        if (log.Read(Note("attempted", version)) is not null && await FindAsync(version, sent, mark, stop).ConfigureAwait(false) is { } there)
        {
            return there;
        }

        log.Keep(Note("attempted", version), mark);
        await RemoteRegistry.MakeModelAsync(server, version.Model, stop).ConfigureAwait(false);
        var tags = version.Tags.Select(tag => new { key = tag.Key, value = tag.Value })
            .Append(new { key = RemoteTags.Version, value = mark })
            .Append(new { key = RemoteTags.Digest, value = version.Digest })
            .Append(new { key = RemoteTags.Bytes, value = version.Bytes.ToString(CultureInfo.InvariantCulture) })
            .Append(new { key = RemoteTags.ArtifactPath, value = version.ArtifactPath });
        var made = await server.PostAsync("model-versions/create", new
        {
            name = version.Model, source = $"{sent.ArtifactUri.TrimEnd('/')}/{version.ArtifactPath}", run_id = sent.ServerId, description = version.Description, tags,
        }, stop).ConfigureAwait(false);
        return (int?)made.Part("model_version").Whole("version") ?? throw new RemoteException(RemoteFailure.Foreign, $"{server.Address}: registered '{version.Model}' without saying the version");
    }

    private async Task<int?> FindAsync(Spooled version, SentRun sent, string mark, CancellationToken stop)
    {
        var found = await server.GetAsync("model-versions/search", stop, ("filter", $"run_id = '{sent.ServerId}'"), ("max_results", "1000")).ConfigureAwait(false);
        return found.Items("model_versions").Where(other => other.Text("name") == version.Model && other.Pairs("tags").GetValueOrDefault(RemoteTags.Version) == mark)
            .Select(other => (int?)other.Whole("version")).FirstOrDefault();
    }

    private async Task SendAliasesAsync(Spooled version, int number, CancellationToken stop)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        foreach (var alias in version.Aliases)
        {
            if (log.Read($"alias:{version.Model}@{alias}") != text)
            {
                await server.PostAsync("registered-models/alias", new { name = version.Model, alias, version = text }, stop).ConfigureAwait(false);
                log.Keep($"alias:{version.Model}@{alias}", text);
            }
        }

        if (version.Stage != ModelStage.None && log.Read(Note("stage", version)) != version.Stage.ToString())
        {
            await server.PostAsync("model-versions/transition-stage", new { name = version.Model, version = text, stage = version.Stage.ToString(), archive_existing_versions = false }, stop).ConfigureAwait(false);
            log.Keep(Note("stage", version), version.Stage.ToString());
        }
    }

    private List<Spooled> Versions() => spool.Database.Read(session =>
    {
        var versions = session.Rows(
            """
            SELECT m.name, v.version, v.run, r.run_id, v.artifact_path, v.digest, v.bytes, v.stage, v.description
            FROM model_versions v JOIN models m ON m.id = v.model JOIN runs r ON r.id = v.run ORDER BY v.created, v.version
            """,
            row => new Spooled(row.Text(0), (int)row.Int64(1), row.Int64(2), row.Text(3), row.Text(4), row.Text(5), row.Int64(6), (ModelStage)row.Int64(7), row.Text(8)));
        foreach (var version in versions)
        {
            (string, object?)[] which = [("$name", version.Model), ("$version", (long)version.Number)];
            session.Each(
                "SELECT t.name, t.value FROM model_version_tags t JOIN models m ON m.id = t.model WHERE m.name = $name AND t.version = $version",
                row => version.Tags[row.Text(0)] = row.Text(1), which);
            session.Each("SELECT a.alias FROM model_aliases a JOIN models m ON m.id = a.model WHERE m.name = $name AND a.version = $version", row => version.Aliases.Add(row.Text(0)), which);
        }

        return versions;
    });

    private sealed record Spooled(string Model, int Number, long Run, string RunId, string ArtifactPath, string Digest, long Bytes, ModelStage Stage, string Description)
    {
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public List<string> Aliases { get; } = [];
    }
}
