using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>Changes of labels of a model or of one of its versions, each put down in the audit log.</summary>
/// <param name="Session">The transaction.</param>
/// <param name="Model">Key of the model.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Number of the version; <c>null</c> for the model itself.</param>
/// <param name="Actor">Who.</param>
/// <param name="Time">When.</param>
internal readonly record struct RegistryEdit(WriteSession Session, long Model, string Name, int? Version, string Actor, long Time)
{
    private const int LongestNoted = 1000;

    public void SetTag(string key, string value)
    {
        var before = Tag(key);
        VersionWrites.SetTag(Session, Model, Version, key, value);
        if (before != value)
        {
            Record(RegistryAction.ModelTagged, RegistryAction.Tagged, Noted(key, before), Noted(key, value));
        }
    }

    public void DeleteTag(string key)
    {
        if (Tag(key) is not { } before)
        {
            return;
        }

        Session.Sql.Execute(
            Version is null ? "DELETE FROM model_tags WHERE model = $model AND name = $name" : "DELETE FROM model_version_tags WHERE model = $model AND version = $version AND name = $name",
            [("$model", Model), .. Numbered, ("$name", key)]);
        Record(RegistryAction.ModelTagged, RegistryAction.Tagged, Noted(key, before), null);
    }

    public void Describe(string text)
    {
        var before = Session.Sql.Rows(
            Version is null ? "SELECT description FROM models WHERE id = $model" : "SELECT description FROM model_versions WHERE model = $model AND version = $version",
            row => row.Text(0), [("$model", Model), .. Numbered]);
        Session.Sql.Execute(
            Version is null ? "UPDATE models SET description = $text WHERE id = $model" : "UPDATE model_versions SET description = $text WHERE model = $model AND version = $version",
            [("$text", text), ("$model", Model), .. Numbered]);
        Record(RegistryAction.ModelDescribed, RegistryAction.Described, Noted("description", before is [var was] ? was : null), Noted("description", text));
    }

    public void DeleteAlias(string alias)
    {
        if (Session.Sql.Number("SELECT version FROM model_aliases WHERE model = $model AND alias = $alias", ("$model", Model), ("$alias", alias)) is not { } version)
        {
            return;
        }

        Session.Sql.Execute("DELETE FROM model_aliases WHERE model = $model AND alias = $alias", ("$model", Model), ("$alias", alias));
        new RegistryChange(RegistryAction.AliasDeleted, Name, (int)version) { Before = new JsonObject { ["alias"] = alias, ["version"] = version } }.Record(Session, Actor, Time);
    }

    /// <summary>Removes everything that hangs on the version, or on the model with all its versions.</summary>
    public void Delete()
    {
        var before = Session.Sql.Rows(
            Version is null ? "SELECT version, digest FROM model_versions WHERE model = $model ORDER BY version" : "SELECT version, digest FROM model_versions WHERE model = $model AND version = $version",
            row => (Version: row.Int64(0), Digest: row.Text(1)), [("$model", Model), .. Numbered]);
        foreach (var table in (ReadOnlySpan<string>)["model_aliases", "model_version_tags", "approvals", "gate_results", "model_versions"])
        {
            Session.Sql.Execute($"DELETE FROM {table} WHERE model = $model{(Version is null ? "" : " AND version = $version")}", [("$model", Model), .. Numbered]);
        }

        if (Version is null)
        {
            Session.Sql.Execute("DELETE FROM model_tags WHERE model = $model", ("$model", Model));
            Session.Sql.Execute("DELETE FROM models WHERE id = $model", ("$model", Model));
        }

        Record(RegistryAction.ModelDeleted, RegistryAction.Deleted, RegistryChange.Of("versions", new JsonArray([.. before.Take(100).Select(version => new JsonObject
        {
            ["version"] = version.Version, ["digest"] = version.Digest,
        })])), null);
    }

    private (string Name, object? Value)[] Numbered => Version is { } number ? [("$version", (long)number)] : [];

    private string? Tag(string key) => Session.Sql.Rows(
        Version is null ? "SELECT value FROM model_tags WHERE model = $model AND name = $name" : "SELECT value FROM model_version_tags WHERE model = $model AND version = $version AND name = $name",
        row => row.Text(0), [("$model", Model), .. Numbered, ("$name", key)]) is [var value] ? value : null;

    private void Record(string ofModel, string ofVersion, JsonObject? before, JsonObject? after) =>
        new RegistryChange(Version is null ? ofModel : ofVersion, Name, Version) { Before = before, After = after }.Record(Session, Actor, Time);

    // A tag may hold a megabyte: the log keeps what tells it from others.
    private static JsonObject? Noted(string key, string? value) => value is null ? null : RegistryChange.Of(key, value.Length <= LongestNoted ? value : value[..LongestNoted] + "…");
}
