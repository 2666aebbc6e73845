using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>A metric that is tuned, and which way it is better.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Direction">Which way it is better.</param>
public sealed record Goal(string Metric, Direction Direction)
{
    private static readonly string[] Losses = ["loss", "error", "rmse", "mse", "mae", "perplexity", "seconds", "latency"];

    /// <summary>A metric with the way that its name suggests: smaller is better for losses, errors and times, greater for all others.</summary>
    public static Goal Of(string metric) => new(metric, Losses.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase)) ? Direction.Minimize : Direction.Maximize);

    /// <summary>The direction as options and tags say it.</summary>
    public string Way => Direction == Direction.Minimize ? "minimize" : "maximize";
}
