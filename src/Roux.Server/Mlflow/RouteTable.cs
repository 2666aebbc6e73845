using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roux.Server.Api;
using Roux.Server.Components.Hosting;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Server.Telemetry;

namespace Roux.Server.Mlflow;

/// <summary>Every endpoint of the server, in one table.</summary>
internal static class RouteTable
{
    /// <summary>The MLflow version whose protocol is spoken: 3.x clients choose their calls by it.</summary>
    public const string ProtocolVersion = "3.6.0";

    private static readonly string[] MlflowPrefixes = ["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"];
    private static readonly string[] LaterPrefixes = ["/api/3.0/mlflow", "/ajax-api/3.0/mlflow"];
    private static readonly string[] ApiPrefixes = ["/api/roux/v1"];
    private static readonly string[] ArtifactPrefixes = ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"];

    /// <summary>The endpoints with their full paths.</summary>
    public static IEnumerable<Operation> All { get; } =
    [
        .. Under(MlflowPrefixes, [.. Experiments.Routes, .. Runs.Routes, .. Metrics.Routes, .. RunArtifacts.Routes, .. RegisteredModels.Routes, .. ModelVersions.Routes, .. LoggedModels.Routes]),
        .. Under(LaterPrefixes, EvaluationDatasets.Routes),
        .. Under(ArtifactPrefixes, ArtifactProxy.Routes),
        .. Downloads.Routes,
        .. Under(ApiPrefixes, [.. RegistryRoutes.Routes, .. AuditRoutes.Routes, .. WebhookRoutes.Routes, .. AccountRoutes.Routes, .. TableRoutes.Routes, .. LabelRoutes.Routes, .. LineageRoutes.Routes, .. StudyRoutes.Routes, .. ReportRoutes.Routes, .. SavedViewRoutes.Routes, .. AdminRoutes.Routes]),
        .. ReportRoutes.Public,
        .. ProbeRoutes.Routes,
        .. LoginRoutes.Routes,
        .. EmbeddedAssets.Routes,
        new Operation("GET", Probes.Version, Access.Open, call => TextAsync(call, ProtocolVersion)),
    ];

    public static void Map(IEndpointRouteBuilder endpoints, Dispatcher dispatcher)
    {
        foreach (var route in All)
        {
            endpoints.MapMethods(route.Path, [route.Method], dispatcher.Handle(route));
        }

        endpoints.MapFallback("/{**path}", UnknownAsync);
    }

    /// <summary>A person who followed a wrong link gets a page; a program gets an error.</summary>
    private static Task UnknownAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            return Dispatcher.UnknownAsync(http);
        }

        http.Response.Redirect("/no-such-page");
        return Task.CompletedTask;
    }

    private static IEnumerable<Operation> Under(string[] prefixes, IReadOnlyList<Operation> routes) =>
        prefixes.SelectMany(prefix => routes.Select(route => route with { Path = prefix + route.Path }));

    private static Task TextAsync(Call call, string text)
    {
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        return call.Http.Response.WriteAsync(text, call.Cancellation);
    }
}
