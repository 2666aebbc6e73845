using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Sqlite;

/// <summary>Reads registered models with all that belongs to them.</summary>
internal static class ModelReader
{
    /// <summary>All models, or the one of a name.</summary>
    public static IReadOnlyList<RegisteredModelRecord> List(SqliteSession session, ArtifactStore artifacts, string? name)
    {
        var models = session.Rows(
            "SELECT id, name, description, created, updated FROM models WHERE $name IS NULL OR name = $name ORDER BY name",
            row => (Id: row.GetInt64(0), Record: new RegisteredModelRecord
            {
                Name = row.GetString(1),
                Description = row.GetString(2),
                Created = RunReader.Time(row.GetInt64(3)),
                Updated = RunReader.Time(row.GetInt64(4)),
            }),
            ("$name", name));
        return [.. models.Select(model => model.Record with
        {
            Tags = Pairs(session.Rows("SELECT name, value FROM model_tags WHERE model = $model", Pair, ("$model", model.Id))),
            Aliases = session.Rows("SELECT alias, version FROM model_aliases WHERE model = $model", row => (row.GetString(0), (int)row.GetInt64(1)), ("$model", model.Id))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            Versions = Versions(session, artifacts, model.Id, model.Record.Name),
        })];
    }

    private static List<ModelVersionRecord> Versions(SqliteSession session, ArtifactStore artifacts, long model, string name)
    {
        var aliases = session.Rows("SELECT version, alias FROM model_aliases WHERE model = $model ORDER BY alias",
            row => (row.GetInt64(0), row.GetString(1)), ("$model", model)).ToLookup(pair => pair.Item1, pair => pair.Item2);
        var tags = session.Rows("SELECT version, name, value FROM model_version_tags WHERE model = $model",
            row => (Version: row.GetInt64(0), Pair: (row.GetString(1), row.GetString(2))), ("$model", model)).ToLookup(tag => tag.Version, tag => tag.Pair);
        return session.Rows(
            """
            SELECT v.version, r.run_id, v.artifact_path, v.digest, v.bytes, v.stage, v.description, v.created, v.updated, v.folder
            FROM model_versions v JOIN runs r ON r.id = v.run WHERE v.model = $model ORDER BY v.version DESC
            """,
            row => new ModelVersionRecord
            {
                Name = name,
                Version = (int)row.GetInt64(0),
                RunId = row.GetString(1),
                ArtifactPath = row.GetString(2),
                Location = Path.Combine(artifacts.ModelFolder(row.GetString(9)), Path.GetFileName(row.GetString(2).TrimEnd('/'))),
                Digest = row.GetString(3),
                Bytes = row.GetInt64(4),
                Stage = (ModelStage)row.GetInt64(5),
                Description = row.GetString(6),
                Created = RunReader.Time(row.GetInt64(7)),
                Updated = RunReader.Time(row.GetInt64(8)),
                Aliases = [.. aliases[row.GetInt64(0)]],
                Tags = Pairs(tags[row.GetInt64(0)]),
            },
            ("$model", model));
    }

    private static (string Name, string Value) Pair(Microsoft.Data.Sqlite.SqliteDataReader row) => (row.GetString(0), row.GetString(1));

    private static Dictionary<string, string> Pairs(IEnumerable<(string Name, string Value)> pairs) =>
        pairs.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
