using System.Text.Json;
using System.Text.Json.Serialization;

namespace Roux.Tracking.Transfer;

/// <summary>An experiment on its way between stores. Times here and below are milliseconds since 1970.</summary>
internal sealed record ExperimentItem(string Id, string Name, long Created, long Updated, long? Deleted = null)
{
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}

/// <summary>A run without its metrics.</summary>
internal sealed record RunItem(string RunId, string ExperimentId, string Name, RunStatus Status, long Started)
{
    public string? ParentId { get; init; }

    public long? Ended { get; init; }

    public long? Deleted { get; init; }

    public string? Error { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = RunRecord.EmptyText;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyList<DatasetItem> Datasets { get; init; } = [];

    public IReadOnlyList<FindingItem> Findings { get; init; } = [];

    public IReadOnlyList<WarningItem> Warnings { get; init; } = [];

    public IReadOnlyList<ModelLinkItem> Models { get; init; } = [];
}

/// <summary>A data set in its part for a run.</summary>
internal sealed record DatasetItem(string Name, string Digest, string Source, string Context)
{
    public string? SourceType { get; init; }

    public long? Bytes { get; init; }

    public long? Rows { get; init; }

    public string? Schema { get; init; }

    public string? Profile { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}

/// <summary>What a check found; the evidence is JSON text.</summary>
internal sealed record FindingItem(string Check, Severity Severity, string Message, IReadOnlyList<string> Columns, string Cause, string Fix, string Verify, string? Evidence = null);

/// <summary>What went wrong beside the work of a run.</summary>
internal sealed record WarningItem(long Time, string Message);

/// <summary>A logged model that a run read or made.</summary>
internal sealed record ModelLinkItem(string ModelId, bool IsInput, long Step);

/// <summary>A logged model. The status is the protocol's number.</summary>
internal sealed record LoggedModelItem(string ModelId, string ExperimentId, string Name, int Status, long Created, long Updated)
{
    public string? RunId { get; init; }

    public string? ModelType { get; init; }

    public string? StatusMessage { get; init; }

    public long? Deleted { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = RunRecord.EmptyText;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyList<LoggedModelMetricItem> Metrics { get; init; } = [];
}

/// <summary>A figure of a logged model; no value stands for NaN.</summary>
internal sealed record LoggedModelMetricItem(string Key, long Step, long Time, string RunId, double? Value = null, string? DatasetName = null, string? DatasetDigest = null);

/// <summary>A registered model with its versions.</summary>
internal sealed record ModelItem(string Name, string Description, long Created, long Updated, int LastVersion)
{
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyDictionary<string, int> Aliases { get; init; } = new Dictionary<string, int>();

    /// <summary>JSON of the rules that a promotion must pass.</summary>
    public string? Gates { get; init; }

    public IReadOnlyList<VersionItem> Versions { get; init; } = [];
}

/// <summary>A version of a registered model. <paramref name="Copy"/> names its files among the artifacts (<c>models/COPY</c>).</summary>
internal sealed record VersionItem(int Version, string ArtifactPath, string Copy, string Digest, long Bytes, ModelStage Stage, string Description, long Created, long Updated)
{
    public string? RunId { get; init; }

    public string? Source { get; init; }

    public string? RunLink { get; init; }

    /// <summary>JSON of inputs and outputs.</summary>
    public string? Signature { get; init; }

    /// <summary>JSON of run, code and data.</summary>
    public string? Lineage { get; init; }

    public string? RegisteredBy { get; init; }

    public IReadOnlyList<ApprovalItem> Approvals { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}

/// <summary>Who approved a version, why and when.</summary>
internal sealed record ApprovalItem(string Actor, string Reason, long Time);

/// <summary>An evaluation dataset without its records.</summary>
internal sealed record EvaluationDatasetItem(string DatasetId, string Name, string Project, string Digest, long Created, long Updated, string? Schema = null)
{
    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    public IReadOnlyList<string> ExperimentIds { get; init; } = [];
}

/// <summary>A record of an evaluation dataset; what it holds is JSON text.</summary>
internal sealed record EvaluationRecordItem(string DatasetId, string RecordId, string InputHash, string Inputs, long Created, long Updated)
{
    public string? Outputs { get; init; }

    public string? Expectations { get; init; }

    public string? Tags { get; init; }

    public string? Source { get; init; }

    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }
}

/// <summary>A version of a report; the content is JSON text.</summary>
internal sealed record ReportItem(string ReportId, string Project, long Created, string CreatedBy, int Version, string Title, string Content, long Saved, string SavedBy, long? Deleted = null);

/// <summary>A named view of the table of runs.</summary>
internal sealed record SavedViewItem(string ViewId, string Project, string Name, string Query, string Owner, bool IsShared, bool IsDefault, long Created, long Updated, string? ExperimentId = null);

/// <summary>A file of an owner: <c>RUN</c>, <c>logged-models/ID</c> or <c>models/COPY</c>.</summary>
internal sealed record ArtifactItem(string Owner, string Path, long Bytes, string Sha256);

/// <summary>What an export holds: written last, so that an unfinished one is noticed.</summary>
internal sealed record TransferManifest(string Format, int Version, string Program, long Created, IReadOnlyList<TransferFile> Files)
{
    public const string FileName = "roux-export.json";
    public const string FormatName = "roux-export";
    public const int Latest = 1;
}

/// <summary>A file of lines in an export.</summary>
internal sealed record TransferFile(string Path, long Bytes, long Lines, string Sha256);

/// <summary>How items are written as JSON.</summary>
internal static class TransferJson
{
    private const int Deepest = 64;

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = Deepest,
    };
}
