using System.Text.Json;

namespace Roux.Tracking.Service;

/// <summary>A set of inputs and expectations to judge models by, MLflow 3's entity beside the data sets that runs read. Times are milliseconds since 1970.</summary>
internal sealed record EvaluationDataset(long Key, string Id, string Name, string? Schema, long Records, string Digest, long Created, long Updated)
{
    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyList<string> ExperimentIds { get; init; } = [];
}

/// <summary>A record of an evaluation dataset. What it holds is JSON text; <c>null</c> where it has none.</summary>
internal sealed record EvaluationRecord(string Id, string DatasetId, string Inputs, long Created, long Updated)
{
    public string? Outputs { get; init; }

    public string? Expectations { get; init; }

    public string? Tags { get; init; }

    public string? Source { get; init; }

    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }
}

/// <summary>A record to insert, or to merge into the one of the same inputs.</summary>
internal sealed record NewEvaluationRecord(JsonElement Inputs)
{
    public JsonElement? Outputs { get; init; }

    public JsonElement? Expectations { get; init; }

    public JsonElement? Tags { get; init; }

    public JsonElement? Source { get; init; }
}

/// <summary>A data set that runs of an experiment read.</summary>
internal sealed record DatasetSummary(string ExperimentId, string Name, string Digest, string Context);
