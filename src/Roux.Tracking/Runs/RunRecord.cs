namespace Roux.Tracking;

/// <summary>All that the store knows about a run, except its metric history and the bytes of its artifacts.</summary>
public sealed record RunRecord
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; several runs may share one.</summary>
    public required string Name { get; init; }

    /// <summary>Id of its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Name of its experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>Id of the run that it is a part of.</summary>
    public string? ParentId { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it began, to the millisecond.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; <c>null</c> while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>When it was deleted; <c>null</c> for a live one.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>What ended it, for a failed or killed run.</summary>
    public string? Error { get; init; }

    /// <summary>Settings.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = EmptyText;

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = EmptyText;

    /// <summary>The latest point of each metric: the one of the greatest step, then time, then value.</summary>
    public IReadOnlyDictionary<string, MetricPoint> Metrics { get; init; } = EmptyMetrics;

    /// <summary>Data sets it read.</summary>
    public IReadOnlyList<DatasetInput> Datasets { get; init; } = [];

    /// <summary>What checks found, in the order logged.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What went wrong beside the work itself, in the order logged.</summary>
    public IReadOnlyList<RunWarning> Warnings { get; init; } = [];

    /// <summary>Who logged it, as a client of the server said.</summary>
    public string? User { get; init; }

    /// <summary>Logged models that it read or made.</summary>
    internal IReadOnlyList<RunModel> Models { get; init; } = [];

    /// <summary>From start to end; <c>null</c> while it goes on.</summary>
    public TimeSpan? Duration => Ended - Started;

    /// <summary>The latest value of a metric, or <c>null</c> where it has none.</summary>
    public double? Metric(string key) => Metrics.TryGetValue(key, out var point) ? point.Value : null;

    internal static IReadOnlyDictionary<string, string> EmptyText { get; } = new Dictionary<string, string>(0, StringComparer.Ordinal);

    internal static IReadOnlyDictionary<string, MetricPoint> EmptyMetrics { get; } = new Dictionary<string, MetricPoint>(0, StringComparer.Ordinal);
}

/// <summary>Something that went wrong beside the work of a run, such as a capture that failed.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">What.</param>
public sealed record RunWarning(DateTimeOffset Time, string Message);

/// <summary>A logged model that a run read (an input) or made.</summary>
internal sealed record RunModel(string ModelId, bool IsInput, long Step);
