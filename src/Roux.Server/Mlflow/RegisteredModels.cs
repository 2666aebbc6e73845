using System.Globalization;
using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>registered-models/…</c></summary>
internal static class RegisteredModels
{
    private const int UsualResults = 100;
    private const int MostResults = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/registered-models/create", Projects.Making, call => Answer(call,
            call.Registry.CreateAsync(call.Fields.Required("name"), call.Fields.Text("description"), Projects.Tags(call)))),
        new("GET", "/registered-models/get", Access.Model(Role.Viewer), call => Answer(call, Task.FromResult(call.Registry.Get(call.Fields.Required("name"))))),
        new("POST", "/registered-models/rename", Access.Model(Role.Editor), call => Answer(call,
            call.Registry.RenameAsync(call.Fields.Required("name"), call.Fields.Required("new_name")))),
        new("PATCH", "/registered-models/update", Access.Model(Role.Editor), call => Answer(call,
            call.Registry.DescribeAsync(call.Fields.Required("name"), call.Fields.Text("description") ?? ""))),
        new("DELETE", "/registered-models/delete", Access.Model(Role.Admin), call => call.Done(call.Registry.DeleteAsync(call.Fields.Required("name")))),
        new("GET", "/registered-models/search", Access.SignedIn, Search),
        new("GET", "/registered-models/get-latest-versions", Access.Model(Role.Viewer), Latest),
        new("POST", "/registered-models/get-latest-versions", Access.Model(Role.Viewer), Latest),
        new("POST", "/registered-models/set-tag", Projects.Tagging(SubjectKind.Model, "name"), call => Projects.TaggedAsync(call, () =>
            call.Registry.SetTagAsync(call.Fields.Required("name"), call.Fields.Required("key"), call.Fields.Given("value")))),
        new("DELETE", "/registered-models/delete-tag", Projects.Tagging(SubjectKind.Model, "name"), call => Projects.TaggedAsync(call, () =>
            call.Registry.DeleteTagAsync(call.Fields.Required("name"), call.Fields.Required("key")))),
        new("POST", "/registered-models/alias", Access.Model(Role.Editor), call => call.Done(
            call.Registry.SetAliasAsync(call.Fields.Required("name"), call.Fields.Required("alias"), call.Fields.Required("version")))),
        new("DELETE", "/registered-models/alias", Access.Model(Role.Editor), call => call.Done(
            call.Registry.DeleteAliasAsync(call.Fields.Required("name"), call.Fields.Required("alias")))),
        new("GET", "/registered-models/alias", Access.Model(Role.Viewer), call => call.Json(
            "model_version", call.Registry.GetByAlias(call.Fields.Required("name"), call.Fields.Required("alias")), ModelVersions.Write)),
    ];

    private static async Task Answer(Call call, Task<RegisteredModelRecord> work) =>
        await call.Json("registered_model", await work.ConfigureAwait(false), Write).ConfigureAwait(false);

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        return call.Page("registered_models", call.Registry.Search(
            fields.Text("filter") ?? "", fields.Texts("order_by"), fields.MaxResults(UsualResults, MostResults), fields.Offset, call.Reach), Write);
    }

    private static Task Latest(Call call)
    {
        var stages = call.Fields.Texts("stages").Select(ModelVersions.Stage).ToList();
        var versions = RegistryService.Latest(call.Registry.Get(call.Fields.Required("name")), stages.Count == 0 ? null : stages).ToList();
        return call.Page("model_versions", new Page<ModelVersionRecord>(versions, null), ModelVersions.Write);
    }

    private static void Write(Utf8JsonWriter json, RegisteredModelRecord model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Name);
        json.WriteNumber("creation_timestamp"u8, model.Created.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp"u8, model.Updated.ToUnixTimeMilliseconds());
        if (model.Description.Length > 0)
        {
            json.WriteString("description"u8, model.Description);
        }

        if (model.Versions.Count > 0)
        {
            json.WriteStartArray("latest_versions"u8);
            foreach (var version in RegistryService.Latest(model))
            {
                ModelVersions.Write(json, version);
            }

            json.WriteEndArray();
        }

        Pairs.Write(json, "tags"u8, model.Tags);
        if (model.Aliases.Count > 0)
        {
            json.WriteStartArray("aliases"u8);
            foreach (var (alias, version) in model.Aliases)
            {
                json.WriteStartObject();
                json.WriteString("alias"u8, alias);
                json.WriteString("version"u8, version.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
