using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roux.Server.Api;
using Roux.Server.Components.Hosting;
using Roux.Server.Mlflow;
using Roux.Server.Retention;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Server.Telemetry;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server;

/// <summary>
/// The tracking server: the MLflow REST protocol and the pages of the workbench over a store.
/// <code>
/// await using var server = await RouxServer.StartAsync(new ServerOptions { Store = "./.roux" });
/// Console.WriteLine(server.Address);
/// </code>
/// </summary>
public sealed class RouxServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly Tracker tracker;
    private readonly ServerTelemetry telemetry;
    private readonly ServerAccess access;
    private readonly TimeSpan patience;
    private bool stopped;

    private RouxServer(WebApplication application, Tracker tracker, ServerAccess access, ServerTelemetry telemetry, TimeSpan patience)
    {
        this.access = access;
        this.application = application;
        this.tracker = tracker;
        this.telemetry = telemetry;
        this.patience = patience;
        Address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:5000</c>.</summary>
    public string Address { get; }

    /// <summary>Opens the store and starts to listen.</summary>
    /// <exception cref="ServerException">The address is public and nobody has to log in, is not to be had, or is in use.</exception>
    /// <exception cref="TrackingException">The store cannot be opened.</exception>
    public static async Task<RouxServer> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = ListenAddress.Of(options);
        RetentionTimer.Check(options.Retention);
        var tracking = new TrackerOptions { HandleProcessEnd = false, Time = options.Time };
        var tracker = Tracker.Open(options.Store, options.Artifacts is { } place ? tracking with { Artifacts = place } : tracking);
        WebApplication? application = null;
        ServerTelemetry? telemetry = null;
        ServerAccess? access = null;
        try
        {
            var service = new TrackingService(tracker);
            var mode = ListenAddress.Decide(options, address.Address, new AccountStore(tracker).Load().Users.Count > 0);
            await service.PrepareAsync().ConfigureAwait(false);
            await tracker.Artifacts.CheckAsync(cancellation).ConfigureAwait(false);
            access = new ServerAccess(service, options, mode);
            telemetry = new ServerTelemetry(service);
            application = Build(options, address, service, access, telemetry);
            await application.StartAsync(cancellation).ConfigureAwait(false);
            return new RouxServer(application, tracker, access, telemetry, options.StopPatience);
        }
        catch (Exception exception)
        {
            if (application is not null)
            {
                await application.DisposeAsync().ConfigureAwait(false);
            }

            telemetry?.Dispose();
            access?.Dispose();
            tracker.Dispose();
            throw exception is IOException { InnerException: AddressInUseException }
                ? new ServerException($"port {options.Port} of {options.Host} is in use; stop what listens there, or choose another with --port", exception)
                : exception is System.Net.Sockets.SocketException or IOException
                    ? new ServerException($"cannot listen on {options.Host}:{options.Port}: {exception.GetBaseException().Message}; choose another --host or --port", exception)
                    : exception;
        }
    }

    /// <summary>Takes no more requests, finishes those under way and closes the store.</summary>
    public async Task StopAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        using var limit = new CancellationTokenSource(patience);
        await application.StopAsync(limit.Token).ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
        telemetry.Dispose();
        access.Dispose();
        tracker.Dispose();
    }

    /// <summary>Whether callers have to log in.</summary>
    public bool AsksForLogin => access.Authenticator.IsOn;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private static WebApplication Build(ServerOptions options, IPEndPoint address, TrackingService service, ServerAccess access, ServerTelemetry telemetry)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Roux.Server", ContentRootPath = AppContext.BaseDirectory });
        ServerLog.Configure(builder.Logging, options.Log);

        // The command line handles Ctrl+C and signals itself.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(telemetry);
        builder.Services.AddRoutingCore();
        builder.Services.AddHostedService(services => new WebhookPump(service.Tracker, options.Webhooks, options.Time, telemetry, services.GetRequiredService<ILogger<WebhookPump>>()));
        builder.Services.AddSingleton<CleanupJob>();
        builder.Services.AddSingleton<StorageMeasure>();
        if (options.Retention is { } retention)
        {
            builder.Services.AddHostedService(services => new RetentionTimer(services.GetRequiredService<CleanupJob>(), retention, options.Time));
        }

        Workbench.AddTo(builder.Services, options, service, access);
        builder.WebHost.UseKestrelCore();
        if (options.Security.TlsCertificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, address));
        // Pages of before a restart bring a token that nobody can read any more: they are loaded anew, and nothing is wrong.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        if (options.Security.Oidc is { } oidc)
        {
            OidcLogin.AddTo(builder.Services, oidc, access.Store, access.Sessions);

            // The keys of logins under way lie in the store as they are, as docs/security.md says.
            builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        }

        var application = builder.Build();
        var log = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Roux.Server");

        // Without this, the builder would put its own login in front of everything as soon as an identity provider's handler is there.
        ((IApplicationBuilder)application).Properties["__AuthenticationMiddlewareSet"] = true;
        TrustedProxies.Use(application, options.Security.TrustedProxies);
        application.Use(telemetry.Around(log, options.Log).InvokeAsync);
        var guard = new RequestGuard(options);
        application.Use(guard.InvokeAsync);
        application.UseRouting();
        Workbench.Use(application, access);
        Workbench.Map(application);
        RouteTable.Map(application, new Dispatcher(service, options, access, log));
        return application;
    }

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options, IPEndPoint address)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = options.HeaderPatience;
        kestrel.Limits.MaxConcurrentConnections = 4096;
        kestrel.Limits.MaxRequestBufferSize = 4 << 20;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestLineSize = 16 << 10;
        kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(240, options.BodyPatience);
        if (options.Security.TlsCertificate is null)
        {
            kestrel.Listen(address);
            return;
        }

        var certificate = new TlsCertificate(options.Security, options.Time);
        kestrel.Listen(address, listen => listen.UseHttps(tls => tls.ServerCertificateSelector = (_, _) => certificate.Current));
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
