namespace Roux.Tracking.Registry;

/// <summary>Metrics of runs in rules.</summary>
internal static class RunMetric
{
    private const int Listed = 12;

    private static readonly string[] Lower = ["loss", "error", "rmse", "mae", "mse", "mape", "rmsle", "perplexity", "latency", "brier", "ece", "pinball", "deviance", "seconds", "bytes", "_us", "_ms"];

    /// <summary>The latest value of a metric; a verdict instead where there is none.</summary>
    public static Judgement? Of(RunRecord? run, string metric, out double value)
    {
        value = run?.Metric(metric) ?? double.NaN;
        return run is null ? Judgement.Unknown("the version has no run that could have metrics")
            : run.Metric(metric) is null ? Judgement.Unknown($"run {run.Name} has no metric '{metric}'; it has {(run.Metrics.Count == 0 ? "none" : string.Join(", ", run.Metrics.Keys.Order(StringComparer.Ordinal).Take(Listed)))}")
            : double.IsFinite(value) ? null : Judgement.Unknown($"{metric} of run {run.Name} is no finite number");
    }

    /// <summary>Whether larger values are better, as the name says.</summary>
    public static bool HigherIsBetter(string metric) => !Lower.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase));
}
