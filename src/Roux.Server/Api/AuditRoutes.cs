using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>audit/…</c>: what happened in the registry. There is no way to change it.</summary>
internal static class AuditRoutes
{
    private const int UsualResults = 100;
    private const int MostResults = 10_000;

    public static IReadOnlyList<Operation> Routes { get; } = [new("GET", "/audit", Access.Server(Role.Viewer), Search), new("GET", "/audit/verify", Access.Server(Role.Viewer), Verify)];

    /// <summary>An entry as JSON.</summary>
    public static JsonObject Of(AuditEntry entry) => new()
    {
        ["number"] = entry.Number,
        ["time"] = entry.Time.ToUnixTimeMilliseconds(),
        ["actor"] = entry.Actor,
        ["action"] = entry.Action,
        ["model"] = entry.Model,
        ["version"] = entry.Version,
        ["before"] = entry.Before is { } before ? JsonNode.Parse(before) : null,
        ["after"] = entry.After is { } after ? JsonNode.Parse(after) : null,
        ["previous"] = entry.Previous,
        ["hash"] = entry.Hash,
    };

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        var query = new AuditQuery
        {
            Model = fields.Text("model"),
            Version = fields.Whole("version") is { } version ? version is >= 0 and <= int.MaxValue ? (int)version : -1 : null,
            Actor = fields.Text("actor"),
            Action = fields.Text("action"),
            Since = Time(fields, "since"),
            Until = Time(fields, "until"),
            Below = fields.Whole("below"),
            MaxResults = fields.MaxResults(UsualResults, MostResults),
        };
        return call.Document(new JsonObject { ["entries"] = new JsonArray([.. call.Service.Tracker.Models.Audit.Search(query).Select(Of)]) });
    }

    private static Task Verify(Call call)
    {
        var result = call.Service.Tracker.Models.Audit.Verify(call.Fields.Text("head"));
        return call.Document(new JsonObject { ["intact"] = result.Intact, ["entries"] = result.Entries, ["head"] = result.Head, ["broken_at"] = result.BrokenAt, ["problem"] = result.Problem });
    }

    private static DateTimeOffset? Time(Fields fields, string name) => fields.Whole(name) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(Limits.Time(name, time)) : null;
}
