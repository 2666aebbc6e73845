using Roux.Learning.Evaluation;

namespace Roux.Server.Components.Comparing;

/// <summary>Which way a metric is better, told from its name: by the metric that Roux knows under it, else by the words in it.</summary>
internal static class MetricDirection
{
    private static readonly string[] Before = ["cv_", "test_", "val_", "valid_", "validation_", "train_", "training_", "eval_", "best_", "mean_", "final_"];
    private static readonly string[] Costs = ["loss", "error", "rmse", "mse", "mae", "mape", "deviance", "perplexity", "seconds", "time", "latency", "bytes", "memory", "size", "cost", "us_per_row", "params", "_std", "brier", "divergence"];

    public static bool LowerIsBetter(string key)
    {
        var name = key[(key.LastIndexOf('/') + 1)..].Trim().ToLowerInvariant();
        for (var cut = true; cut;)
        {
            cut = false;
            foreach (var start in Before.Where(start => name.StartsWith(start, StringComparison.Ordinal)))
            {
                (name, cut) = (name[start.Length..], true);
                break;
            }
        }

        return Metrics.All.FirstOrDefault(metric => metric.Name == name) is { } known ? !known.HigherIsBetter : Array.Exists(Costs, word => key.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
