using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux show RUN</c>: everything about a run.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> RunText = new("RUN") { Description = "Id, beginning of an id, name, or 'latest'." };
    private static readonly Option<bool> All = new("--all") { Description = "Nothing left out: every metric, tag, artifact and child." };

    public static Command Create()
    {
        var command = new Command("show", "Show everything about a run.") { RunText, All };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var details = new RunDetails(tracker, StoreAccess.FindRun(tracker, call.GetValue(RunText)!));
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(tracker, details));
        }
        else
        {
            new RunPage(tracker, details, call.GetValue(All)).Write();
        }

        return 0;
    }

    private static JsonObject Json(Tracker tracker, RunDetails details)
    {
        var run = details.Run;
        var json = RunJson.Brief(run);
        json["metric_details"] = new JsonObject(run.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m =>
        {
            var values = tracker.GetMetricSeries(run.Id, m.Key).Values;
            var numbers = values.Where(v => !double.IsNaN(v)).ToList();
            return KeyValuePair.Create(m.Key, (JsonNode?)new JsonObject
            {
                ["value"] = m.Value.Value,
                ["step"] = m.Value.Step,
                ["time"] = RunJson.Time(m.Value.Timestamp),
                ["points"] = values.Length,
                ["min"] = numbers.Count == 0 ? null : numbers.Min(),
                ["max"] = numbers.Count == 0 ? null : numbers.Max(),
            });
        }));
        json["datasets"] = new JsonArray([.. run.Datasets.Select(RunJson.Of)]);
        json["artifacts"] = new JsonArray([.. details.Artifacts.Select(a => new JsonObject { ["path"] = a.Path, ["bytes"] = a.Bytes })]);
        json["artifact_directory"] = tracker.ArtifactDirectory(run.Id);
        json["findings"] = new JsonArray([.. run.Findings.Select(finding => finding.ToJson())]);
        json["warnings"] = new JsonArray([.. run.Warnings.Select(w => new JsonObject { ["time"] = RunJson.Time(w.Time), ["message"] = w.Message })]);
        json["children"] = new JsonArray([.. details.Children.Select(c => new JsonObject { ["run_id"] = c.Id, ["name"] = c.Name, ["status"] = RunJson.Status(c.Status) })]);
        json["captured_by"] = details.Captured.Id;
        json["environment"] = details.Environment?.DeepClone();
        json["reproduce"] = new JsonArray([.. details.HowToReproduce().Select(l => JsonValue.Create(l))]);
        return json;
    }
}
