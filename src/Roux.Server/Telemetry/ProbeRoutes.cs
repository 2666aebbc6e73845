using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Server.Telemetry;

/// <summary>What orchestrators and Prometheus ask.</summary>
internal static class ProbeRoutes
{
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", Probes.Health, Access.Open, call => TextAsync(call, "OK")),
        new("GET", Probes.Live, Access.Open, call => TextAsync(call, "OK")),
        new("GET", Probes.Ready, Access.Open, ReadyAsync),
        new("GET", "/metrics", Access.Server(Role.Viewer), call => Telemetry(call).ScrapeAsync(call.Http)),
    ];

    private static ServerTelemetry Telemetry(Call call) => call.Http.RequestServices.GetRequiredService<ServerTelemetry>();

    private static async Task ReadyAsync(Call call)
    {
        var checks = await Telemetry(call).Readiness.CheckAsync().ConfigureAwait(false);
        var isReady = checks.All(check => check.Problem is null);
        call.Http.Response.Headers.CacheControl = "no-store";
        await Reply.JsonAsync(call.Http, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, checks, static (json, list) =>
        {
            json.WriteString("status"u8, list.All(check => check.Problem is null) ? "ready"u8 : "not ready"u8);
            json.WriteStartObject("checks"u8);
            foreach (var check in list)
            {
                json.WriteString(check.Name, check.Problem ?? "ok");
            }

            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static Task TextAsync(Call call, string text)
    {
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        return call.Http.Response.WriteAsync(text, call.Cancellation);
    }
}
