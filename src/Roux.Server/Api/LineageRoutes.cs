using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>lineage</c>: where a run, a version of a model or of a data set came from, and what came of it, as nodes and edges.</summary>
internal static class LineageRoutes
{
    public static IReadOnlyList<Operation> Routes { get; } = [new("GET", "/lineage", Access.Of(Role.Viewer, NeedsOf), call => call.Document(Json(Find(call))))];

    // A data set lies in no project: the handler shows it as far as the caller's runs use it.
    private static IEnumerable<Need> NeedsOf(Call call) => call.Fields.Text("run_id") is { Length: > 0 } run ? [new Need(Role.Viewer, SubjectKind.Run, run)]
        : call.Fields.Text("model") is { Length: > 0 } model ? [new Need(Role.Viewer, SubjectKind.Model, model)] : [];

    private static LineageGraph Find(Call call)
    {
        var viewer = new LineageViewer(call.Reach, name => Sees(call, name));
        if (call.Fields.Text("run_id") is { Length: > 0 } run)
        {
            return call.Service.Lineage.OfRun(run, viewer);
        }

        if (call.Fields.Text("model") is { Length: > 0 } model)
        {
            var version = call.Fields.Whole("version") ?? throw ServiceException.Missing("version");
            return call.Service.Lineage.OfModel(model, version is > 0 and <= int.MaxValue ? (int)version : throw ServiceException.Invalid($"version: {version} is no number of a version"), viewer);
        }

        return call.Service.Lineage.OfData(call.Fields.Text("dataset") is { Length: > 0 } data ? data : throw ServiceException.Invalid("lineage needs one of: run_id; model and version; dataset and digest"), call.Fields.Text("digest") is { Length: > 0 } digest ? digest : null, viewer);
    }

    private static bool Sees(Call call, string model)
    {
        try
        {
            call.Require(new Need(Role.Viewer, SubjectKind.Model, model));
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
    }

    private static JsonObject Json(LineageGraph graph) => new()
    {
        ["start"] = graph.Start,
        ["nodes"] = new JsonArray([.. graph.Nodes.Select(node => new JsonObject
        {
            ["id"] = node.Id, ["kind"] = Word(node.Kind), ["name"] = node.Name,
            [node.Kind switch { LineageKind.Data => "digest", LineageKind.Run => "run_id", _ => "version" }] = node.Kind == LineageKind.Model ? int.Parse(node.Key, CultureInfo.InvariantCulture) : node.Key,
            ["detail"] = node.Detail, ["status"] = node.Status?.ToString().ToUpperInvariant(),
        })]),
        ["edges"] = new JsonArray([.. graph.Edges.Select(edge => new JsonObject { ["from"] = edge.From, ["to"] = edge.To, ["as"] = edge.As })]),
        ["left_out"] = new JsonArray([.. graph.Gaps.Select(gap => new JsonObject { ["of"] = gap.Of, ["kind"] = Word(gap.Kind), ["count"] = gap.Count > 0 ? gap.Count : null })]),
    };

    private static string Word(LineageKind kind) => kind switch { LineageKind.Data => "data", LineageKind.Run => "run", _ => "model_version" };
}
