using System.Globalization;
using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>model-versions/…</c></summary>
internal static class ModelVersions
{
    private const int UsualResults = 10_000;
    private const int MostResults = 200_000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/model-versions/create", Access.Model(Role.Editor).And(Sources), Create),
        new("GET", "/model-versions/get", Access.Model(Role.Viewer), call => Answer(call, Task.FromResult(Find(call)))),
        new("PATCH", "/model-versions/update", Access.Model(Role.Editor), call => Answer(call,
            call.Registry.Versions.DescribeAsync(call.Fields.Required("name"), call.Fields.Required("version"), call.Fields.Text("description") ?? ""))),
        new("POST", "/model-versions/transition-stage", Access.Model(Role.Editor), Transition),
        new("DELETE", "/model-versions/delete", Access.Model(Role.Admin), call => call.Done(
            call.Registry.Versions.DeleteAsync(call.Fields.Required("name"), call.Fields.Required("version")))),
        new("GET", "/model-versions/search", Access.SignedIn, Search),
        new("GET", "/model-versions/get-download-uri", Access.Model(Role.Viewer), call => call.Json("artifact_uri", Find(call), static (json, version) =>
            json.WriteStringValue(ArtifactUri.OfCopy(version.Copy, Path.GetFileName(version.ArtifactPath))))),
        new("POST", "/model-versions/set-tag", Access.Model(Role.Editor), call => call.Done(call.Registry.Versions.SetTagAsync(
            call.Fields.Required("name"), call.Fields.Required("version"), call.Fields.Required("key"), call.Fields.Given("value")))),
        new("DELETE", "/model-versions/delete-tag", Access.Model(Role.Editor), call => call.Done(call.Registry.Versions.DeleteTagAsync(
            call.Fields.Required("name"), call.Fields.Required("version"), call.Fields.Required("key")))),
    ];

    public static ModelStage Stage(string text) => text.ToUpperInvariant() switch
    {
        "NONE" => ModelStage.None,
        "STAGING" => ModelStage.Staging,
        "PRODUCTION" => ModelStage.Production,
        "ARCHIVED" => ModelStage.Archived,
        _ => throw ServiceException.Invalid($"Invalid Model Version stage: {text}. Value must be one of None, Staging, Production, Archived."),
    };

    public static void Write(Utf8JsonWriter json, ModelVersionRecord version)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, version.Name);
        json.WriteString("version"u8, version.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("creation_timestamp"u8, version.Created.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp"u8, version.Updated.ToUnixTimeMilliseconds());
        json.WriteString("current_stage"u8, version.Stage.ToString());
        json.WriteString("description"u8, version.Description);
        json.WriteString("source"u8, version.Source ?? $"{ArtifactUri.OfRun(version.ExperimentId ?? "", version.RunId ?? "")}/{version.ArtifactPath}");
        if (version.RunId is { } run)
        {
            json.WriteString("run_id"u8, run);
        }

        json.WriteString("status"u8, "READY"u8);
        Pairs.Write(json, "tags"u8, version.Tags);
        json.WriteString("run_link"u8, version.RunLink ?? "");
        if (version.Aliases.Count > 0)
        {
            json.WriteStartArray("aliases"u8);
            foreach (var alias in version.Aliases)
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static ModelVersionRecord Find(Call call) => call.Registry.Versions.Get(call.Fields.Required("name"), call.Fields.Required("version"));

    private static async Task Answer(Call call, Task<ModelVersionRecord> work) =>
        await call.Json("model_version", await work.ConfigureAwait(false), Write).ConfigureAwait(false);

    /// <summary>What the files and the lineage of a new version come from must be the caller's to see.</summary>
    private static IEnumerable<Need> Sources(Call call)
    {
        if (call.Fields.Text("run_id") is { Length: > 0 } run)
        {
            yield return new Need(Role.Viewer, SubjectKind.Run, run);
        }

        if (ModelSource.Owner(call.Fields.Required("source")) is { } owner)
        {
            yield return new Need(Role.Viewer, owner.Kind switch
            {
                ModelSource.OwnerKind.Run => SubjectKind.Run,
                ModelSource.OwnerKind.LoggedModel => SubjectKind.LoggedModel,
                _ => SubjectKind.Model,
            }, owner.Id);
        }
    }

    private static Task Create(Call call)
    {
        var fields = call.Fields;
        return Answer(call, call.Registry.Versions.CreateAsync(
            fields.Required("name"), fields.Required("source"), fields.Text("run_id") is { Length: > 0 } run ? run : null,
            fields.Text("run_link"), fields.Text("description"), fields.Pairs("tags")));
    }

    private static Task Transition(Call call) => Answer(call, call.Registry.Versions.SetStageAsync(
        call.Fields.Required("name"), call.Fields.Required("version"), Stage(call.Fields.Required("stage")), call.Fields.Flag("archive_existing_versions")));

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        return call.Page("model_versions", call.Registry.Versions.Search(
            fields.Text("filter") ?? "", fields.Texts("order_by"), fields.MaxResults(UsualResults, MostResults), fields.Offset, call.Reach), Write);
    }
}
