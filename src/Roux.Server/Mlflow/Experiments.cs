using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>experiments/…</c></summary>
internal static class Experiments
{
    private const int UsualResults = 1000;
    private const int MostResults = 50_000;
    private const int MostSummaries = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/experiments/create", Projects.Making, Create),
        new("GET", "/experiments/get", Access.Experiment(Role.Viewer), call => Found(call, call.Service.Experiments.Get(call.Fields.Required("experiment_id")))),
        new("GET", "/experiments/get-by-name", Access.Of(Role.Viewer, call => [new Need(Role.Viewer, SubjectKind.ExperimentName, call.Fields.Required("experiment_name"))]), call => Found(call, call.Service.Experiments.GetByName(call.Fields.Required("experiment_name")))),
        new("POST", "/experiments/update", Access.Experiment(Role.Editor), call => call.Done(call.Service.Experiments.RenameAsync(call.Fields.Required("experiment_id"), call.Fields.Text("new_name")))),
        new("POST", "/experiments/delete", Access.Experiment(Role.Editor), call => call.Done(call.Service.Experiments.DeleteAsync(call.Fields.Required("experiment_id")))),
        new("POST", "/experiments/restore", Access.Experiment(Role.Editor), call => call.Done(call.Service.Experiments.RestoreAsync(call.Fields.Required("experiment_id")))),
        new("POST", "/experiments/set-experiment-tag", Projects.Tagging(SubjectKind.Experiment, "experiment_id"), call => Projects.TaggedAsync(call, () =>
            call.Service.Experiments.SetTagAsync(call.Fields.Required("experiment_id"), call.Fields.Required("key"), call.Fields.Given("value")))),
        new("POST", "/experiments/delete-experiment-tag", Projects.Tagging(SubjectKind.Experiment, "experiment_id"), call => Projects.TaggedAsync(call, () =>
            call.Service.Experiments.DeleteTagAsync(call.Fields.Required("experiment_id"), call.Fields.Required("key")))),
        new("GET", "/experiments/search", Access.SignedIn, Search),
        new("POST", "/experiments/search", Access.SignedIn, Search),
        new("POST", "/experiments/search-datasets", Access.SignedIn, SearchDatasets),
    ];

    private static async Task Create(Call call)
    {
        var fields = call.Fields;
        var id = await call.Service.Experiments.CreateAsync(fields.Required("name"), fields.Text("artifact_location"), Projects.Tags(call)).ConfigureAwait(false);
        await call.Json("experiment_id", id, static (json, value) => json.WriteStringValue(value)).ConfigureAwait(false);
    }

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        return call.Page("experiments", call.Service.Experiments.Search(
            fields.Text("filter") ?? "", fields.Texts("order_by"), fields.View("view_type"), fields.MaxResults(UsualResults, MostResults), fields.Offset, call.Reach), Write);
    }

    private static Task SearchDatasets(Call call)
    {
        var experiments = call.Fields.Texts("experiment_ids");
        return experiments.Count == 0
            ? throw ServiceException.Missing("experiment_ids")
            : call.Json("dataset_summaries", call.Service.EvaluationDatasets.Summaries(experiments, MostSummaries, call.Reach), static (json, list) =>
            {
                json.WriteStartArray();
                foreach (var summary in list)
                {
                    json.WriteStartObject();
                    json.WriteString("experiment_id"u8, summary.ExperimentId);
                    json.WriteString("name"u8, summary.Name);
                    json.WriteString("digest"u8, summary.Digest);
                    json.WriteString("context"u8, summary.Context);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
    }

    private static Task Found(Call call, ExperimentDetails experiment) => call.Json("experiment", experiment, Write);

    private static void Write(Utf8JsonWriter json, ExperimentDetails experiment)
    {
        json.WriteStartObject();
        json.WriteString("experiment_id"u8, experiment.Id);
        json.WriteString("name"u8, experiment.Name);
        json.WriteString("artifact_location"u8, ArtifactUri.OfExperiment(experiment.Id));
        json.WriteString("lifecycle_stage"u8, experiment.IsDeleted ? "deleted"u8 : "active"u8);
        json.WriteNumber("last_update_time"u8, experiment.Updated);
        json.WriteNumber("creation_time"u8, experiment.Created);
        Pairs.Write(json, "tags"u8, experiment.Tags);
        json.WriteEndObject();
    }
}
