namespace Roux.Tracking.Service;

/// <summary>Where artifacts are, in the words of clients: <c>mlflow-artifacts:/EXPERIMENT/RUN/artifacts</c> and the like, resolved by the server alone.</summary>
internal static class ArtifactUri
{
    public const string Scheme = "mlflow-artifacts:/";

    public static string OfExperiment(string experimentId) => Scheme + experimentId;

    public static string OfRun(string experimentId, string runId) => $"{Scheme}{experimentId}/{runId}/artifacts";

    public static string OfLoggedModel(string experimentId, string modelId) => $"{Scheme}{experimentId}/models/{modelId}/artifacts";

    /// <summary>The registry's own copy of a model version.</summary>
    public static string OfCopy(string copy, string name) => name.Length == 0 ? $"{Scheme}models/{copy}" : $"{Scheme}models/{copy}/{name}";
}
