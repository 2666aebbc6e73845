namespace Roux.Tracking.Transfer;

/// <summary>The files of an export, in the order that an import reads them.</summary>
internal static class TransferFiles
{
    public const string Experiments = "experiments.jsonl";
    public const string Runs = "runs.jsonl";
    public const string LoggedModels = "logged-models.jsonl";
    public const string Metrics = "metrics.jsonl";
    public const string Artifacts = "artifacts.jsonl";
    public const string Models = "models.jsonl";
    public const string Datasets = "evaluation-datasets.jsonl";
    public const string Records = "evaluation-records.jsonl";
    public const string Reports = "reports.jsonl";
    public const string Views = "saved-views.jsonl";
    public const string ArtifactFolder = "artifacts";

    /// <summary>Files of lines.</summary>
    public static IReadOnlyList<string> All { get; } = [Experiments, Runs, LoggedModels, Metrics, Artifacts, Models, Datasets, Records, Reports, Views];
}
