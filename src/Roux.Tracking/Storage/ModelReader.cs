using System.Globalization;
using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Storage;

/// <summary>Reads registered models with all that belongs to them.</summary>
internal static class ModelReader
{
    /// <summary>All models, or the one of a name.</summary>
    public static IReadOnlyList<RegisteredModelRecord> List(StoreSession session, ArtifactStore artifacts, string? name) => Load(session, artifacts, session.Rows(
        "SELECT id FROM models WHERE CAST($name AS TEXT) IS NULL OR name = $name ORDER BY name", row => row.Int64(0), ("$name", name)));

    /// <summary>The models of given keys, in that order.</summary>
    public static IReadOnlyList<RegisteredModelRecord> Load(StoreSession session, ArtifactStore artifacts, IReadOnlyList<long> keys)
    {
        var models = session.Rows(
            $"""
            SELECT m.id, m.name, m.description, m.created, m.updated
            FROM {session.Dialect.Numbers("$keys")} CROSS JOIN models m WHERE m.id = j.value ORDER BY j.key
            """,
            row => (Id: row.Int64(0), Record: new RegisteredModelRecord
            {
                Name = row.Text(1),
                Description = row.Text(2),
                Created = RunReader.Time(row.Int64(3)),
                Updated = RunReader.Time(row.Int64(4)),
            }),
            ("$keys", keys.ToArray()));
        return [.. models.Select(model => model.Record with
        {
            Tags = Pairs(session.Rows("SELECT name, value FROM model_tags WHERE model = $model", Pair, ("$model", model.Id))),
            Aliases = session.Rows("SELECT alias, version FROM model_aliases WHERE model = $model", row => (row.Text(0), (int)row.Int64(1)), ("$model", model.Id))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            Versions = Versions(session, artifacts, model.Id, model.Record.Name, null),
        })];
    }

    /// <summary>All versions of a model, the newest first, or the one of a number.</summary>
    public static List<ModelVersionRecord> Versions(StoreSession session, ArtifactStore artifacts, long model, string name, long? version)
    {
        var aliases = session.Rows("SELECT version, alias FROM model_aliases WHERE model = $model AND (CAST($version AS BIGINT) IS NULL OR version = $version) ORDER BY alias",
            row => (row.Int64(0), row.Text(1)), ("$model", model), ("$version", version)).ToLookup(pair => pair.Item1, pair => pair.Item2);
        var tags = session.Rows("SELECT version, name, value FROM model_version_tags WHERE model = $model AND (CAST($version AS BIGINT) IS NULL OR version = $version)",
            row => (Version: row.Int64(0), Pair: (row.Text(1), row.Text(2))), ("$model", model), ("$version", version)).ToLookup(tag => tag.Version, tag => tag.Pair);
        var approvals = session.Rows("SELECT version, actor, reason, time FROM approvals WHERE model = $model AND (CAST($version AS BIGINT) IS NULL OR version = $version) ORDER BY id",
            row => (Version: row.Int64(0), Approval: new Approval(row.Text(1), row.Text(2), RunReader.Time(row.Int64(3)))), ("$model", model), ("$version", version))
            .ToLookup(row => row.Version, row => row.Approval);
        return session.Rows(
            """
            SELECT v.version, r.run_id, v.artifact_path, v.digest, v.bytes, v.stage, v.description, v.created, v.updated, v.folder, v.source, v.run_link, r.experiment,
              v.signature, v.lineage, v.registered_by
            FROM model_versions v LEFT JOIN runs r ON r.id = v.run WHERE v.model = $model AND (CAST($version AS BIGINT) IS NULL OR v.version = $version) ORDER BY v.version DESC
            """,
            row => new ModelVersionRecord
            {
                Name = name,
                Version = (int)row.Int64(0),
                RunId = row.TextOrNull(1),
                ArtifactPath = row.Text(2),
                Location = artifacts.Address(ArtifactStore.OwnerOfCopy(row.Text(9)), Path.GetFileName(row.Text(2).TrimEnd('/'))),
                Digest = row.Text(3),
                Bytes = row.Int64(4),
                Stage = (ModelStage)row.Int64(5),
                Description = row.Text(6),
                Created = RunReader.Time(row.Int64(7)),
                Updated = RunReader.Time(row.Int64(8)),
                Copy = row.Text(9),
                Source = row.TextOrNull(10),
                RunLink = row.TextOrNull(11),
                ExperimentId = row.Int64OrNull(12)?.ToString(CultureInfo.InvariantCulture),
                SignatureJson = row.TextOrNull(13),
                LineageJson = row.TextOrNull(14),
                RegisteredBy = row.TextOrNull(15),
                Approvals = [.. approvals[row.Int64(0)]],
                Aliases = [.. aliases[row.Int64(0)]],
                Tags = Pairs(tags[row.Int64(0)]),
            },
            ("$model", model), ("$version", version));
    }

    private static (string Name, string Value) Pair(StoreRow row) => (row.Text(0), row.Text(1));

    private static Dictionary<string, string> Pairs(IEnumerable<(string Name, string Value)> pairs) =>
        pairs.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
