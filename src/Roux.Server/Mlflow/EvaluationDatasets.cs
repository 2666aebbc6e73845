using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>datasets/…</c> of the protocol's version 3.0: evaluation datasets. What they hold travels as JSON inside texts.</summary>
internal static class EvaluationDatasets
{
    private const int UsualResults = 1000;
    private const int DeepestJson = 32;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/datasets/create", Access.Of(Role.Editor, Making), Create),
        new("POST", "/datasets/search", Access.SignedIn, Search),
        new("GET", "/datasets/{dataset_id}", Of(Role.Viewer), call => Answer(call, Task.FromResult(call.Service.EvaluationDatasets.Get(Id(call))))),
        new("DELETE", "/datasets/{dataset_id}", Of(Role.Editor), call => call.Done(call.Service.EvaluationDatasets.DeleteAsync(Id(call)))),
        new("GET", "/datasets/{dataset_id}/records", Of(Role.Viewer), Records),
        new("POST", "/datasets/{dataset_id}/records", Of(Role.Editor), Upsert),
        new("PATCH", "/datasets/{dataset_id}/tags", Of(Role.Editor), call => Answer(call, call.Service.EvaluationDatasets.SetTagsAsync(Id(call), Tags(call.Fields.Required("tags"))))),
        new("DELETE", "/datasets/{dataset_id}/tags/{tag}", Of(Role.Editor), call => Answer(call, call.Service.EvaluationDatasets.DeleteTagAsync(Id(call), call.PathPart("tag")))),
        new("GET", "/datasets/{dataset_id}/experiment-ids", Of(Role.Viewer), call =>
            call.Json("experiment_ids", call.Service.EvaluationDatasets.Get(Id(call)).ExperimentIds, WriteIds)),
        new("POST", "/datasets/{dataset_id}/add-experiments", Linking, call => Answer(call, call.Service.EvaluationDatasets.LinkAsync(Id(call), Experiments(call)))),
        new("POST", "/datasets/{dataset_id}/remove-experiments", Linking, call => Answer(call, call.Service.EvaluationDatasets.UnlinkAsync(Id(call), Experiments(call)))),
    ];

    private static Access Linking => Of(Role.Editor).And(ExperimentNeeds);

    private static string Id(Call call) => call.PathPart("dataset_id");

    private static Access Of(Role role) => Access.Of(role, call => [new Need(role, SubjectKind.EvaluationDataset, Id(call))]);

    /// <summary>A dataset lies in the project of the first experiment that it is made for, else where its maker's things go.</summary>
    private static IEnumerable<Need> Making(Call call) => Experiments(call).Count > 0 ? ExperimentNeeds(call) : [new Need(Role.Editor, SubjectKind.Project, call.Caller.Home)];

    private static IEnumerable<Need> ExperimentNeeds(Call call) => Experiments(call).Select(id => new Need(Role.Editor, SubjectKind.Experiment, id));

    private static IReadOnlyList<string> Experiments(Call call) => call.Fields.Texts("experiment_ids");

    private static async Task Answer(Call call, Task<EvaluationDataset> work) => await call.Json("dataset", await work.ConfigureAwait(false), Write).ConfigureAwait(false);

    private static Task Create(Call call)
    {
        var experiments = Experiments(call);
        var project = experiments.Count > 0 ? call.Service.Projects.OfExperiment(experiments[0]) ?? Project.Default : call.Caller.Home;
        var tags = call.Fields.Text("tags") is { Length: > 0 } text ? Tags(text) : new Dictionary<string, string>();
        return Answer(call, call.Service.EvaluationDatasets.CreateAsync(call.Fields.Required("name"), project, tags, experiments));
    }

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        return call.Page("datasets", call.Service.EvaluationDatasets.Search(
            Experiments(call), fields.Text("filter_string") ?? "", fields.Texts("order_by"), fields.MaxResults(UsualResults, UsualResults), fields.Offset, call.Reach), Write);
    }

    private static async Task Upsert(Call call)
    {
        var (inserted, updated) = await call.Service.EvaluationDatasets.UpsertAsync(Id(call), Read(call.Fields.Required("records"))).ConfigureAwait(false);
        await call.Json((inserted, updated), static (json, counts) =>
        {
            json.WriteNumber("inserted_count"u8, counts.inserted);
            json.WriteNumber("updated_count"u8, counts.updated);
        }).ConfigureAwait(false);
    }

    private static Task Records(Call call)
    {
        var page = call.Service.EvaluationDatasets.Records(Id(call), call.Fields.MaxResults(UsualResults, UsualResults), call.Fields.Offset);
        var records = new JsonArray([.. page.Items.Select(ToJson)]).ToJsonString(Plain);
        return call.Json((records, page.NextOffset), static (json, answer) =>
        {
            json.WriteString("records"u8, answer.records);
            Call.WriteNext(json, answer.NextOffset);
        });
    }

    private static Dictionary<string, string> Tags(string text)
    {
        using var document = Parse("tags", text);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().GroupBy(tag => tag.Name, StringComparer.Ordinal).ToDictionary(
                tag => tag.Key, tag => tag.Last().Value is { ValueKind: JsonValueKind.String } value ? Fields.TextOf("tags", value) : tag.Last().Value.GetRawText(), StringComparer.Ordinal)
            : throw Fields.Invalid("tags", text, "a JSON object of texts");
    }

    private static List<NewEvaluationRecord> Read(string text)
    {
        using var document = Parse("records", text);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(ReadOne)]
            : throw Fields.Invalid("records", text, "a JSON array of records");
    }

    private static NewEvaluationRecord ReadOne(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object || Member(record, "inputs", isObject: true) is not { } inputs)
        {
            throw Fields.Invalid("records", record.GetRawText(), "records with 'inputs', an object");
        }

        return new NewEvaluationRecord(inputs)
        {
            Outputs = Member(record, "outputs", isObject: false),
            Expectations = Member(record, "expectations", isObject: true),
            Tags = Member(record, "tags", isObject: true),
            Source = Member(record, "source", isObject: true),
        };
    }

    private static JsonElement? Member(JsonElement record, string name, bool isObject)
    {
        if (!record.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return !isObject || value.ValueKind == JsonValueKind.Object ? value.Clone() : throw Fields.Invalid($"records.{name}", value.GetRawText(), "an object");
    }

    private static JsonDocument Parse(string field, string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DeepestJson });
        }
        catch (JsonException)
        {
            throw Fields.Invalid(field, text, $"JSON, at most {DeepestJson} deep");
        }
    }

    private static JsonObject ToJson(EvaluationRecord record)
    {
        var json = new JsonObject
        {
            ["dataset_record_id"] = record.Id,
            ["dataset_id"] = record.DatasetId,
            ["inputs"] = JsonNode.Parse(record.Inputs),
            ["created_time"] = record.Created,
            ["last_update_time"] = record.Updated,
        };
        foreach (var (name, text) in new[] { ("outputs", record.Outputs), ("expectations", record.Expectations), ("tags", record.Tags), ("source", record.Source) })
        {
            if (text is not null)
            {
                json[name] = JsonNode.Parse(text);
            }
        }

        if (json["source"] is JsonObject { } source)
        {
            json["source_type"] = source["source_type"]?.DeepClone();
            json["source_id"] = (source["source_data"] as JsonObject)?["trace_id"]?.DeepClone() ?? (source["source_data"] as JsonObject)?["source_id"]?.DeepClone();
        }

        json["created_by"] = record.CreatedBy;
        json["last_updated_by"] = record.UpdatedBy;
        return json;
    }

    private static void Write(Utf8JsonWriter json, EvaluationDataset dataset)
    {
        json.WriteStartObject();
        json.WriteString("dataset_id"u8, dataset.Id);
        json.WriteString("name"u8, dataset.Name);
        json.WriteString("tags"u8, JsonSerializer.Serialize(dataset.Tags, Plain));
        if (dataset.Schema is { } schema)
        {
            json.WriteString("schema"u8, schema);
        }

        json.WriteString("profile"u8, $"{{\"num_records\": {dataset.Records}}}");
        json.WriteString("digest"u8, dataset.Digest);
        json.WriteNumber("created_time"u8, dataset.Created);
        json.WriteNumber("last_update_time"u8, dataset.Updated);
        if (dataset.CreatedBy is { } maker)
        {
            json.WriteString("created_by"u8, maker);
        }

        if (dataset.UpdatedBy is { } user)
        {
            json.WriteString("last_updated_by"u8, user);
        }

        json.WritePropertyName("experiment_ids"u8);
        WriteIds(json, dataset.ExperimentIds);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, IReadOnlyList<string> ids)
    {
        json.WriteStartArray();
        foreach (var id in ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }
}
