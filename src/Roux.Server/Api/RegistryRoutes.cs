using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>models/…</c> and <c>model-versions/…</c>: what the registry knows beyond MLflow's protocol.</summary>
internal static class RegistryRoutes
{
    private const int UsualResults = 100;
    private const int MostResults = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/models/gates", Access.Model(Role.Viewer), call => call.Document(new JsonObject { ["rules"] = Gates(call).Find(call.Fields.Required("name"))?.ToJson() })),
        new("PUT", "/models/gates", Access.Model(Role.Admin), SetGates),
        new("DELETE", "/models/gates", Access.Model(Role.Admin), call => call.Done(Gates(call).SetAsync(call.Fields.Required("name"), null))),
        new("GET", "/model-versions/get", Access.Model(Role.Viewer), call => call.Document(VersionJson.Of(Version(call)))),
        new("POST", "/model-versions/verify", Access.Model(Role.Viewer), Verify),
        new("POST", "/model-versions/gate", Access.Model(Role.Editor), Gate),
        new("GET", "/model-versions/gate-results", Access.Model(Role.Viewer), Results),
        new("POST", "/model-versions/approve", Access.Model(Role.Editor), async call => await call.Document(VersionJson.Of(
            await Approvals(call).ApproveAsync(Version(call), call.Fields.Required("reason")).ConfigureAwait(false))).ConfigureAwait(false)),
        new("POST", "/model-versions/withdraw-approval", Access.Model(Role.Editor), async call => await call.Document(VersionJson.Of(
            await Approvals(call).WithdrawAsync(Version(call)).ConfigureAwait(false))).ConfigureAwait(false)),
    ];

    private static ModelGates Gates(Call call) => new(call.Service.Tracker, call.Actor);

    private static ModelApprovals Approvals(Call call) => new(call.Service.Tracker, call.Actor);

    private static ModelVersionRecord Version(Call call) => call.Registry.Versions.Get(call.Fields.Required("name"), call.Fields.Required("version"));

    private static GateRules? Rules(Call call) => call.Fields.Node("rules") switch
    {
        null => null,
        JsonObject rules => GateRules.Read(rules, "rules"),
        _ => GateRules.Parse(call.Fields.Required("rules")),
    };

    private static Task SetGates(Call call) => call.Done(Gates(call).SetAsync(call.Fields.Required("name"), Rules(call) ?? throw ServiceException.Missing("rules")));

    private static Task Verify(Call call)
    {
        var result = VersionIntegrity.Of(call.Service.Tracker, Version(call), call.Cancellation);
        return call.Document(new JsonObject { ["intact"] = result.Intact, ["expected"] = result.Expected, ["found"] = result.Found, ["problem"] = result.Problem });
    }

    private static async Task Gate(Call call)
    {
        var report = await Gates(call).EvaluateAsync(Version(call), Rules(call), null, call.Cancellation).ConfigureAwait(false);
        await call.Document(report.ToJson()).ConfigureAwait(false);
    }

    private static Task Results(Call call)
    {
        var version = Version(call);
        var results = Gates(call).Results($"{version.Name}/{version.Version}", call.Fields.MaxResults(UsualResults, MostResults));
        return call.Document(new JsonObject { ["gate_results"] = new JsonArray([.. results.Select(result => result.ToJson())]) });
    }
}
