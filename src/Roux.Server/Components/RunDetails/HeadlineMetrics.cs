namespace Roux.Server.Components.RunDetails;

/// <summary>The order in which the metrics of a run are told: what it was judged by first, what it took last.</summary>
internal static class HeadlineMetrics
{
    /// <summary>Keys under which the metric of a run is looked for, the most telling first.</summary>
    /// <param name="metric">Name of the metric, from the tag <c>roux.metric</c>; none where it is null.</param>
    public static IEnumerable<string> Of(string? metric) => metric is null ? [] : [$"test_{metric}", $"cv_{metric}", metric];

    /// <summary>The keys of metrics that a program logged, in their order.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> keys, string? metric)
    {
        var first = Of(metric).ToList();
        return keys.OrderBy(key => first.IndexOf(key) is var place and >= 0 ? place : first.Count)
            .ThenBy(key => key.EndsWith("_seconds", StringComparison.Ordinal) || key.EndsWith("_std", StringComparison.Ordinal))
            .ThenBy(key => key, StringComparer.Ordinal);
    }
}
