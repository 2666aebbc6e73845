using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Roux.Server.Protocol;
using Roux.Server.Retention;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>settings</c>, <c>storage</c> and <c>gc</c>: what admins of the server look after.</summary>
internal static class AdminRoutes
{
    private const double MostDays = 36_600;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/settings", Access.Server(Role.Admin), Settings),
        new("PUT", "/settings", Access.Server(Role.Admin), Set),
        new("GET", "/storage", Access.Server(Role.Admin), Storage),
        new("GET", "/gc", Access.Server(Role.Admin), call => call.Document(Of(Job(call).State))),
        new("POST", "/gc", Access.Server(Role.Admin), Clean),
    ];

    private static CleanupJob Job(Call call) => call.Http.RequestServices.GetRequiredService<CleanupJob>();

    private static Task Settings(Call call) => call.Document(new JsonObject { ["public_report_links"] = call.Service.Settings.HasPublicLinks });

    private static async Task Set(Call call)
    {
        _ = call.Fields.Node("public_report_links") ?? throw ServiceException.Missing("public_report_links");
        await call.Service.Settings.SetPublicLinksAsync(call.Fields.Flag("public_report_links"), call.Actor).ConfigureAwait(false);
        await Settings(call).ConfigureAwait(false);
    }

    private static Task Storage(Call call)
    {
        var use = call.Service.Storage.Read();
        return call.Document(new JsonObject
        {
            ["database_bytes"] = use.DatabaseBytes,
            ["database_bytes_free"] = use.FreeBytes,
            ["experiments"] = new JsonArray([.. use.Experiments.Select(one => new JsonObject
            {
                ["experiment_id"] = one.Id, ["name"] = one.Name, ["deleted"] = one.IsDeleted, ["runs"] = one.Runs, ["deleted_runs"] = one.DeletedRuns, ["points"] = one.Points, ["metric_bytes"] = one.MetricBytes,
            })]),
        });
    }

    /// <summary>Begins a cleanup; without <c>"yes": true</c> it only looks. What came of it is at <c>GET /gc</c>.</summary>
    private static Task Clean(Call call)
    {
        var fields = call.Fields;
        var rules = new CleanupOptions
        {
            DeletedFor = Days(fields, "deleted_for_days") ?? new CleanupOptions().DeletedFor,
            OlderThan = Days(fields, "older_than_days"),
            KeepLast = fields.Whole("keep_last") is { } last ? last is >= 0 and <= int.MaxValue ? (int)last : throw Fields.Invalid("keep_last", "…", "0 or more runs") : null,
            Filter = fields.Text("filter"),
            Experiments = fields.Texts("experiments") is { Count: > 0 } experiments ? experiments : null,
            Orphans = fields.Flag("orphans"),
        };
        _ = Job(call).Start(rules, trial: !fields.Flag("yes"), call.Actor);
        return call.Document(Of(Job(call).State));
    }

    private static TimeSpan? Days(Fields fields, string name) => fields.Node(name) is null ? null
        : fields.Number(name) is >= 0 and <= MostDays and var days ? TimeSpan.FromDays(days) : throw Fields.Invalid(name, fields.Text(name) ?? "", $"0 to {MostDays} days");

    private static JsonObject Of(CleanupState? state) => state is null ? new JsonObject { ["state"] = "none" } : new JsonObject
    {
        ["state"] = state.Ended is null ? "running" : state.Problem is null ? "done" : "failed",
        ["dry_run"] = state.IsTrial,
        ["actor"] = state.Actor,
        ["began"] = state.Began.ToUnixTimeMilliseconds(),
        ["ended"] = state.Ended?.ToUnixTimeMilliseconds(),
        ["progress"] = state.Progress,
        ["problem"] = state.Problem,
        ["report"] = state.Report is { } report ? new JsonObject
        {
            ["runs"] = report.Runs, ["live_runs"] = report.LiveRuns, ["logged_models"] = report.LoggedModels, ["experiments"] = report.Experiments, ["artifacts"] = report.Files,
            ["artifact_bytes"] = report.FileBytes, ["uploads"] = report.Uploads, ["upload_bytes"] = report.UploadBytes, ["orphaned_files"] = report.OrphanFiles, ["orphaned_bytes"] = report.OrphanBytes,
            ["kept"] = report.Kept.Count, ["database_bytes_before"] = report.DatabaseBefore, ["database_bytes_after"] = report.DatabaseAfter,
            ["problems"] = new JsonArray([.. report.Problems.Select(problem => JsonValue.Create(problem))]),
        } : null,
    };
}
