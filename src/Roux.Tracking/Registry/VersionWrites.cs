using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>A model version to write.</summary>
/// <param name="Model">Name of a model that is there.</param>
/// <param name="Run">Key of the run that made it, if one did.</param>
/// <param name="ArtifactPath">See <see cref="ModelVersionRecord.ArtifactPath"/>.</param>
/// <param name="Copy">The registry's copy.</param>
internal sealed record NewVersion(string Model, long? Run, string ArtifactPath, RegistryCopy Copy)
{
    /// <summary>Who registers it.</summary>
    public required string Actor { get; init; }

    /// <summary>Where it came from.</summary>
    public required VersionLineage Lineage { get; init; }

    public string? Source { get; init; }

    public string? RunLink { get; init; }

    public string Description { get; init; } = "";

    public IEnumerable<KeyValuePair<string, string>> Tags { get; init; } = [];
}

/// <summary>The SQL behind model versions and labels.</summary>
internal static class VersionWrites
{
    /// <summary>Adds a version to a model that is there; returns its number.</summary>
    public static int Insert(WriteSession session, NewVersion version, long time)
    {
        session.Sql.Execute("UPDATE models SET last_version = last_version + 1, updated = $time WHERE name = $name", ("$name", version.Model), ("$time", time));
        var (model, number) = session.Sql.Rows("SELECT id, last_version FROM models WHERE name = $name", row => (row.Int64(0), row.Int64(1)), ("$name", version.Model))[0];
        session.Sql.Execute(
            """
            INSERT INTO model_versions (model, version, run, artifact_path, source, run_link, folder, digest, bytes, stage, description, created, updated, signature, lineage, registered_by)
            VALUES ($model, $version, $run, $path, $source, $runLink, $folder, $digest, $bytes, 0, $description, $time, $time, $signature, $lineage, $actor)
            """,
            ("$model", model), ("$version", number), ("$run", version.Run), ("$path", version.ArtifactPath), ("$source", version.Source),
            ("$runLink", version.RunLink), ("$folder", version.Copy.Folder), ("$digest", version.Copy.Digest), ("$bytes", version.Copy.Bytes),
            ("$description", version.Description), ("$time", time),
            ("$signature", version.Copy.Signature), ("$lineage", version.Lineage.ToJson().ToJsonString()), ("$actor", version.Actor));
        foreach (var (key, value) in version.Tags)
        {
            SetTag(session, model, (int)number, key, value);
        }

        new RegistryChange(RegistryAction.Registered, version.Model, (int)number)
        {
            After = new JsonObject { ["digest"] = version.Copy.Digest, ["bytes"] = version.Copy.Bytes, ["run_id"] = version.Lineage.RunId },
        }.Record(session, version.Actor, time);
        return (int)number;
    }

    /// <summary>The key of a model that has such a version.</summary>
    public static long Existing(StoreSession session, string name, int version) => session.Number(
        "SELECT m.id FROM models m JOIN model_versions v ON v.model = m.id WHERE m.name = $name AND v.version = $version", ("$name", name), ("$version", (long)version))
        ?? throw Service.ServiceException.NotFound($"Model Version (name={name}, version={version.ToString(System.Globalization.CultureInfo.InvariantCulture)}) not found");

    /// <summary>Labels a model, or one of its versions.</summary>
    public static void SetTag(WriteSession session, long model, int? version, string key, string value)
    {
        if (version is { } number)
        {
            session.Sql.Execute(
                """
                INSERT INTO model_version_tags (model, version, name, value) VALUES ($model, $version, $name, $value)
                ON CONFLICT (model, version, name) DO UPDATE SET value = excluded.value
                """,
                ("$model", model), ("$version", (long)number), ("$name", key), ("$value", value));
        }
        else
        {
            session.Sql.Execute(
                "INSERT INTO model_tags (model, name, value) VALUES ($model, $name, $value) ON CONFLICT (model, name) DO UPDATE SET value = excluded.value",
                ("$model", model), ("$name", key), ("$value", value));
        }
    }
}
