using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roux.Tracking.Service;

namespace Roux.Server.Telemetry;

/// <summary>What a server tells of itself. OpenTelemetry is loaded only when something is to be sent, or at the first scrape.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    private readonly Lock starting = new();
    private readonly OtlpSettings settings;
    private OtlpExport? export;
    private Scraping? scraping;

    /// <exception cref="ServerException">The environment names a collector wrongly.</exception>
    public ServerTelemetry(TrackingService service)
    {
        settings = OtlpSettings.Of(Environment.GetEnvironmentVariable);
        var writes = service.Tracker.Database.WritesOrThrow();
        Meter = new ServerMeter(() => writes.Depth);
        Readiness = new Readiness(service);
        if (settings.IsOn)
        {
            export = Export(settings);
        }
    }

    public ServerMeter Meter { get; }

    public Readiness Readiness { get; }

    /// <summary>What the page of admins shows of the requests since the start.</summary>
    public RequestFigures Figures { get; } = new();

    /// <summary>What stands around every request.</summary>
    public RequestTelemetry Around(ILogger log, LogOptions options) => new(Meter, Figures, settings.Traces, log, options.SlowRequest);

    /// <summary>Answers a scrape.</summary>
    public Task ScrapeAsync(HttpContext http)
    {
        lock (starting)
        {
            scraping ??= new Scraping(http.RequestServices);
        }

        return scraping.AnswerAsync(http);
    }

    public void Dispose()
    {
        export?.Dispose();
        export = null;
        scraping?.Dispose();
        Meter.Dispose();
    }

    /// <summary>Apart, so that OpenTelemetry is loaded by those who use it only.</summary>
    private static OtlpExport Export(OtlpSettings settings) => new(settings);
}
