using System.Text.Json.Nodes;
using Roux.Tracking.Registry;

namespace Roux.Tracking;

/// <summary>The time of a single row at most: measured by running the model on rows of a file, or a metric of its run.</summary>
public sealed record LatencyRule : GateRule
{
    /// <summary>The limit in microseconds.</summary>
    public required double AtMostMicroseconds { get; init; }

    /// <summary>Which share of rows must keep to it: 50, 95 or 99 of 100.</summary>
    public int Percentile { get; init; } = 95;

    /// <summary>Rows to measure with; <c>null</c> where <see cref="Metric"/> is given.</summary>
    public string? Data { get; init; }

    /// <summary>Seconds of timing.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>A metric of the run instead.</summary>
    public string? Metric { get; init; }

    /// <summary>Microseconds in one unit of that metric.</summary>
    public double MetricUnit { get; init; } = 1;

    internal override string Demand => Metric is null
        ? System.FormattableString.Invariant($"p{Percentile} latency of a row at most {Text(AtMostMicroseconds)}") : $"{Metric} at most {Text(AtMostMicroseconds)}";

    internal override bool NeedsModels => Metric is null;

    /// <summary>A time in the unit that fits.</summary>
    public static string Text(double microseconds) => microseconds switch
    {
        < 1e3 => System.FormattableString.Invariant($"{microseconds:0.#} µs"),
        < 1e6 => System.FormattableString.Invariant($"{microseconds / 1e3:0.##} ms"),
        _ => System.FormattableString.Invariant($"{microseconds / 1e6:0.##} s"),
    };

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        if (Metric is null)
        {
            return evidence.Models is { } models ? models.Time(this, evidence.Version, cancellation)
                : evidence.Recorded.TryGetValue(Digest, out var recorded) ? recorded
                : Judgement.Unknown($"the model must be run, which no fresh verdict has recorded; run: roux gate {evidence.Version.Name}/{evidence.Version.Version}");
        }

        if (RunMetric.Of(evidence.Run, Metric, out var value) is { } unknown)
        {
            return unknown;
        }

        var time = value * MetricUnit;
        return Judgement.Of(time <= AtMostMicroseconds, $"{Metric} is {Text(time)}", new JsonObject { ["microseconds"] = time, ["at_most_microseconds"] = AtMostMicroseconds });
    }
}
