namespace Roux.Tracking.Service;

/// <summary>Where a logged model stands; numbers as in MLflow's protocol.</summary>
internal enum LoggedModelStatus
{
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}

/// <summary>A model that a run logged, MLflow 3's entity beside the registry. Times are milliseconds since 1970.</summary>
internal sealed record LoggedModel(long Key, string Id, string ExperimentId, string Name, LoggedModelStatus Status, long Created, long Updated)
{
    public string? ModelType { get; init; }

    public string? StatusMessage { get; init; }

    public string? RunId { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyDictionary<string, string> Params { get; init; } = RunRecord.EmptyText;

    public IReadOnlyList<LoggedModelMetric> Metrics { get; init; } = [];
}

/// <summary>The latest point of a metric of a logged model.</summary>
internal sealed record LoggedModelMetric(string Key, double Value, long Timestamp, long Step, string RunId, string? DatasetName, string? DatasetDigest);
