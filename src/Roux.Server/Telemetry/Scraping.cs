using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Roux.Server.Telemetry;

/// <summary>Answers <c>/metrics</c> in Prometheus' form. Counting begins with the first scrape, so that a server that nobody scrapes pays nothing.</summary>
internal sealed class Scraping : IDisposable
{
    private readonly MeterProvider provider;
    private readonly RequestDelegate answer;

    public Scraping(IServiceProvider services)
    {
        provider = Collection.Metrics(Sdk.CreateMeterProviderBuilder()).AddPrometheusExporter().Build();
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(provider, static _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        answer = pipeline.Build();
    }

    public Task AnswerAsync(HttpContext http) => answer(http);

    public void Dispose() => provider.Dispose();
}
