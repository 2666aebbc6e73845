using Roux.Tracking;

namespace Roux.Server.Security;

/// <summary>What a call is about: each kind of thing lies in a project.</summary>
internal enum SubjectKind
{
    /// <summary>The project itself, by name.</summary>
    Project,

    /// <summary>An experiment by id.</summary>
    Experiment,

    /// <summary>An experiment by name.</summary>
    ExperimentName,

    /// <summary>A run by id.</summary>
    Run,

    /// <summary>A logged model by id.</summary>
    LoggedModel,

    /// <summary>An evaluation dataset by id.</summary>
    EvaluationDataset,

    /// <summary>A registered model by name.</summary>
    Model,

    /// <summary>A report by id.</summary>
    Report,

    /// <summary>The registry's copy of a model version, by its folder.</summary>
    Copy,
}

/// <summary>One thing that a call touches, and the role that it takes there.</summary>
internal readonly record struct Need(Role Role, SubjectKind Kind, string Id);
