namespace Roux.Tracking.Remote;

/// <summary>Tags and artifacts that carry what MLflow's protocol has no place for.</summary>
internal static class RemoteTags
{
    /// <summary>The run's id in the spool: what a run is found by when the answer to its making got lost. A Roux server takes it as the run's id.</summary>
    public const string RunId = "roux.run_id";

    /// <summary>The spool and number of a version, for the same end.</summary>
    public const string Version = "roux.version_of";

    /// <summary>What ended a run.</summary>
    public const string Error = "roux.error";

    /// <summary>How many findings a run has.</summary>
    public const string Findings = "roux.findings";

    /// <summary>Digest of a version's artifact.</summary>
    public const string Digest = "roux.digest";

    /// <summary>Size of a version's artifact in bytes.</summary>
    public const string Bytes = "roux.bytes";

    /// <summary>Path of a version's artifact in its run.</summary>
    public const string ArtifactPath = "roux.artifact_path";

    public const string RunName = "mlflow.runName";
    public const string Parent = "mlflow.parentRunId";
    public const string DataContext = "mlflow.data.context";

    /// <summary>Folder of the documents below.</summary>
    public const string Folder = "roux";

    /// <summary>Findings, as <c>show --json</c> tells them.</summary>
    public const string FindingsFile = Folder + "/findings.json";

    /// <summary>Warnings.</summary>
    public const string WarningsFile = Folder + "/warnings.json";

    /// <summary>Params and tags whose values are longer than the protocol takes.</summary>
    public const string LongValuesFile = Folder + "/long-values.json";
}
