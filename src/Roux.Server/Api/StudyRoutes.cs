using System.Text.Json.Nodes;
using Roux.Learning.Studies;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Server.Studies;
using Roux.Tracking;
using Roux.Tracking.Service;
using Roux.Tuning;

namespace Roux.Server.Api;

/// <summary><c>studies/…</c>: what may be asked of a study while it runs, and before it is gone on with.</summary>
internal static class StudyRoutes
{
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/studies/request", Access.Of(Role.Editor, call => [new Need(Role.Editor, SubjectKind.Run, call.Fields.RunId)]), RequestAsync),
    ];

    private static async Task RequestAsync(Call call)
    {
        var fields = call.Fields;
        var kind = fields.Required("do") switch
        {
            "stop" => StudyRequestKind.Stop,
            "stop_trial" => StudyRequestKind.StopTrial,
            "add" => StudyRequestKind.Add,
            "enqueue" => StudyRequestKind.Enqueue,
            var other => throw ServiceException.Invalid($"do '{other}': stop, stop_trial, add or enqueue"),
        };
        var request = StudyRequest.Of(kind, call.Actor, DateTimeOffset.UtcNow) with
        {
            Trial = kind == StudyRequestKind.StopTrial ? Number(fields, "trial") : null, Count = kind == StudyRequestKind.Add ? Number(fields, "count") : null,
            Settings = kind == StudyRequestKind.Enqueue ? Settings(fields.Node("params")) : null,
        };
        await new StudyRequests(call.Service).SendAsync(fields.RunId, request).ConfigureAwait(false);
        await call.Document(new JsonObject { ["id"] = request.Id }).ConfigureAwait(false);
    }

    private static int Number(Fields fields, string name) => fields.Whole(name) is >= 0 and <= int.MaxValue and var number ? (int)number : throw ServiceException.Missing(name);

    private static Configuration Settings(JsonNode? json)
    {
        try
        {
            return json is JsonObject settings ? Configuration.FromJson(settings) : throw ServiceException.Missing("params");
        }
        catch (FormatException e)
        {
            throw ServiceException.Invalid(e.Message);
        }
    }
}
