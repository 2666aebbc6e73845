using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Existing;

namespace Roux.Learning.AutoML;

/// <summary>What to develop a model from, and within what.</summary>
public sealed record DevelopOptions
{
    /// <summary>The table's file.</summary>
    public required string DataPath { get; init; }

    /// <summary>The column to predict.</summary>
    public required string Target { get; init; }

    /// <summary>A file of rows for the one final score; without it a part of the data is set aside first.</summary>
    public string? TestPath { get; init; }

    /// <summary>Share of the rows set aside when there is no test file, between 0.05 and 0.5.</summary>
    public double HoldoutFraction { get; init; } = 0.2;

    /// <summary>Query to read from a database file.</summary>
    public string? Sql { get; init; }

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Roles given by the user, by column name, such as <c>zip → categorical</c> or <c>cast → list:|</c>.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>The task, where the target's values do not tell.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>For multilabel targets: the text between labels.</summary>
    public string? Separator { get; init; }

    /// <summary>The headline metric; <c>null</c> for the task's usual one.</summary>
    public string? Metric { get; init; }

    /// <summary>Column whose equal values must stay on one side of every split.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Column that orders the rows in time: every split trains on the past and tests on the future.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>File of rules to compete as the existing heuristic.</summary>
    public string? RulesPath { get; init; }

    /// <summary>Long table of item, annotator and label, or one with a column per annotator: what people said of the rows.</summary>
    public string? AnnotationsPath { get; init; }

    /// <summary>Columns of annotators, in the data or in the file of annotations; they are no features.</summary>
    public IReadOnlyList<string> Annotators { get; init; } = [];

    /// <summary>Column of the data that names an annotated item; it is no feature.</summary>
    public string? ItemColumn { get; init; }

    /// <summary>The system that answers now, to compete with; <c>null</c> for none.</summary>
    public ExistingOptions? Existing { get; init; }

    /// <summary>Learners to try, by name or family; empty for all.</summary>
    public IReadOnlyList<string> Families { get; init; } = [];

    /// <summary>Folder of pre-trained weights for learners that take some; <c>null</c> for none.</summary>
    public string? WeightsFolder { get; init; }

    /// <summary>Time for the whole job.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Number of tuning trials instead of a time budget: then a seed repeats everything to the last digit.</summary>
    public int? Trials { get; init; }

    /// <summary>Number of folds; <c>null</c> for what suits the number of rows.</summary>
    public int? Folds { get; init; }

    /// <summary>All randomness comes from it.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Threads to use; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Ways of calibration to choose among; <c>null</c> for all, empty for leaving probabilities as they are.</summary>
    public IReadOnlyList<CalibrationMethod>? Calibration { get; init; }

    /// <summary>What the threshold is chosen for: a metric, or a level such as <c>precision>=0.9</c>; <c>null</c> for the usual rule.</summary>
    public string? ThresholdFor { get; init; }

    /// <summary>File that says what mistakes cost; <c>null</c> for none.</summary>
    public string? CostMatrixPath { get; init; }

    /// <summary>Whether the registered winner is the best by cross-validation, or the simplest that is not significantly worse.</summary>
    public bool PreferSimple { get; init; }

    /// <summary>What the winner may cost.</summary>
    public CostLimits Limits { get; init; } = new();

    /// <summary>What things cost in money; <c>null</c> when that is not asked for.</summary>
    public Rates? Rates { get; init; }

    /// <summary>Whether ensembles may win.</summary>
    public bool Ensemble { get; init; } = true;

    /// <summary>Experiment that the runs belong to; <c>null</c> for one named after the data and the target.</summary>
    public string? Experiment { get; init; }

    /// <summary>Name to register the model under; <c>null</c> for one named after the data and the target.</summary>
    public string? ModelName { get; init; }

    /// <summary>Whether to go on with the last unfinished job of the same data and options.</summary>
    public bool Resume { get; init; }

    /// <summary>Checks that look by themselves; <c>null</c> for none.</summary>
    public IDevelopChecks? Checks { get; init; }

    /// <summary>The command line that was given, to be told in the report.</summary>
    public string CommandLine { get; init; } = "";
}
