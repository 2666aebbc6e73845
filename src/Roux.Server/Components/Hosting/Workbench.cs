using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Roux.Server.Components.Charts;
using Roux.Server.Reports;
using Roux.Server.Security;
using Roux.Server.Telemetry;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Hosting;

/// <summary>The pages of the server: what they need, what stands before them, where they are.</summary>
internal static class Workbench
{
    public static void AddTo(IServiceCollection services, ServerOptions options, TrackingService service, ServerAccess access)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            circuit.DisconnectedCircuitMaxRetained = 100;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = 128 << 10);
        if (options.Security.Oidc is null)
        {
            // Only tie a page to the server that made it: after a restart it is loaded anew.
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
        }

        services.AddSingleton(options.Time);
        services.AddSingleton(options);
        services.AddSingleton(new ServerAge(options.Time));
        services.AddSingleton(service);
        services.AddSingleton(access);
        services.AddSingleton<StorePulse>();
        services.AddSingleton<SeriesCache>();
        services.AddSingleton<Roux.Server.Studies.StudyCache>();
        services.AddSingleton<BlockReader>();
        services.AddSingleton<ReportBook>();
        services.AddSingleton<ReportExport>();
        services.AddScoped<Visitor>();
    }

    /// <summary>After routing.</summary>
    public static void Use(WebApplication application, ServerAccess access)
    {
        application.Use(new PageGuard(access).InvokeAsync);
        application.UseAntiforgery();
    }

    public static void Map(WebApplication application) => application.MapRazorComponents<App>().AddInteractiveServerRenderMode(server =>
    {
        // The guard of pages says so, and more.
        server.ContentSecurityFrameAncestorsPolicy = null;
    });
}
