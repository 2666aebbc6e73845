namespace Roux.Tracking.Service;

/// <summary>All versions of a data set together.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">Number of distinct contents.</param>
/// <param name="Runs">Runs that used one of them.</param>
/// <param name="Models">Versions of models that such runs, or parts of them, made.</param>
/// <param name="First">Start of the first of these runs.</param>
/// <param name="Last">Start of the last.</param>
/// <param name="Latest">What was logged last under the name.</param>
internal sealed record DatasetHistory(string Name, long Versions, long Runs, long Models, DateTimeOffset First, DateTimeOffset Last, Dataset Latest);

/// <summary>One content of a data set.</summary>
/// <param name="Dataset">Name, digest, source, figures.</param>
/// <param name="First">Start of the first run that used it.</param>
/// <param name="Last">Start of the last.</param>
/// <param name="Runs">Number of runs.</param>
/// <param name="Models">Versions of models that such runs, or parts of them, made.</param>
internal sealed record DatasetVersion(Dataset Dataset, DateTimeOffset First, DateTimeOffset Last, long Runs, long Models)
{
    /// <summary>What tells it from other versions: see <see cref="DatasetService.Plain"/>.</summary>
    public string Key => DatasetService.Plain(Dataset.Digest);
}

/// <summary>A run that used a data set.</summary>
internal sealed record DatasetUse(string RunId, string Run, string ExperimentId, string Experiment, RunStatus Status, DateTimeOffset Started, IReadOnlyList<string> Contexts);

/// <summary>A model version that was made from a data set.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Its number.</param>
/// <param name="Stage">Where it stands.</param>
/// <param name="RunId">The run that made it.</param>
/// <param name="Run">The name of that run.</param>
internal sealed record DatasetModel(string Model, int Version, ModelStage Stage, string RunId, string Run);

/// <summary>A data set that has something in common with another.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Its content.</param>
/// <param name="SameContent">Whether it is the content, else the source.</param>
internal sealed record DatasetKin(string Name, string Digest, bool SameContent);
