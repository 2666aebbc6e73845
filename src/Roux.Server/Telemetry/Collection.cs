using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Roux.Tracking.Telemetry;

namespace Roux.Server.Telemetry;

/// <summary>What is collected, wherever it goes.</summary>
internal static class Collection
{
    private const string Framework = "Microsoft.AspNetCore";

    /// <summary>Most answers take less than the five milliseconds at which the framework's own buckets begin.</summary>
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    private static readonly double[] Writes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096];

    public static MeterProviderBuilder Metrics(MeterProviderBuilder builder) => builder
        .SetResourceBuilder(Resource())
        .AddMeter(ServerMeter.Name, StoreTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
        .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
        .AddView("roux.store.commit.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
        .AddView("roux.store.batch.size", new ExplicitBucketHistogramConfiguration { Boundaries = Writes });

    public static TracerProviderBuilder Traces(TracerProviderBuilder builder) => builder.SetResourceBuilder(Resource()).AddSource(Framework, StoreTelemetry.Name);

    /// <summary>Named roux unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say otherwise.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("roux", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
