using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Roux.Server.Telemetry;

/// <summary>Sends figures and spans to a collector.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider? metrics;
    private readonly TracerProvider? traces;

    public OtlpExport(OtlpSettings settings)
    {
        metrics = settings.Metrics ? Collection.Metrics(Sdk.CreateMeterProviderBuilder()).AddOtlpExporter().Build() : null;
        traces = settings.Traces ? Collection.Traces(Sdk.CreateTracerProviderBuilder()).AddOtlpExporter().Build() : null;
    }

    /// <summary>Sends what is left, each for some seconds at most.</summary>
    public void Dispose() => Parallel.Invoke(() => metrics?.Dispose(), () => traces?.Dispose());
}
