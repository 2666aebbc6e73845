namespace Roux.Server.Telemetry;

/// <summary>What OpenTelemetry's standard environment variables say about sending; the exporter itself reads addresses, headers, protocol and the rest.</summary>
/// <param name="Metrics">Whether figures are sent.</param>
/// <param name="Traces">Whether spans are sent.</param>
internal readonly record struct OtlpSettings(bool Metrics, bool Traces)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public bool IsOn => Metrics || Traces;

    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="ServerException">An address is none.</exception>
    public static OtlpSettings Of(Func<string, string?> variable)
    {
        if (string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var both = IsAddress(variable, Endpoint);
        return new OtlpSettings(
            (both | IsAddress(variable, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) && IsOtlp(variable("OTEL_METRICS_EXPORTER")),
            (both | IsAddress(variable, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) && IsOtlp(variable("OTEL_TRACES_EXPORTER")));
    }

    private static bool IsOtlp(string? exporter) => string.IsNullOrWhiteSpace(exporter) || exporter.Split(',').Any(name => name.Trim() == "otlp");

    private static bool IsAddress(Func<string, string?> variable, string name)
    {
        var value = variable(name);
        return !string.IsNullOrWhiteSpace(value) && (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? true
            : throw new ServerException($"{name}: not an address of a collector; give one such as http://127.0.0.1:4317, or unset it"));
    }
}
