using Roux.Learning.Evaluation;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>What one candidate costs, as far as it is known.</summary>
public sealed record CandidateCosts
{
    /// <summary>Its name on the leaderboard.</summary>
    public required string Name { get; init; }

    /// <summary>Mean of the headline metric over the folds.</summary>
    public required double Quality { get; init; }

    /// <summary>A fit on all development rows; <c>null</c> where nothing is fitted (rules).</summary>
    public FitCost? Fit { get; init; }

    /// <summary>Processor seconds of a fold, the same for all candidates to compare by; NaN where not known.</summary>
    public required double FoldCpuSeconds { get; init; }

    /// <summary>Bytes of the stored model of the first fold, without its features; 0 where there is none.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>Bytes of the model's file; <c>null</c> where it was not fitted on all rows.</summary>
    public long? FileBytes { get; init; }

    /// <summary>What using it costs; <c>null</c> where it was not measured.</summary>
    public ModelMeasurement? Measured { get; init; }

    /// <summary>Microseconds of the model alone for a row of a batch, as the folds showed.</summary>
    public required double BatchMicroseconds { get; init; }

    /// <summary>How far a person can understand it.</summary>
    public required Interpretability Interpretability { get; init; }

    /// <summary>Learned numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Settings that were searched over.</summary>
    public required int SettingsTuned { get; init; }

    /// <summary>Settings of its learner that were tried.</summary>
    public required int Trials { get; init; }

    /// <summary>For rules: lines of the rule file, to be kept up by people.</summary>
    public int? LinesOfCode { get; init; }

    /// <summary>Rows with which it reaches 95% of its quality, by its learning curve; <c>null</c> where there is none.</summary>
    public double? RowsFor95Percent { get; init; }

    /// <summary>Money for one fit; <c>null</c> without rates.</summary>
    public double? TrainingCost { get; init; }

    /// <summary>Money for a month of serving; <c>null</c> without rates, or where it was not measured.</summary>
    public double? ServingCost { get; init; }

    /// <summary>Limits that it misses, by measured figures where there are any.</summary>
    public IReadOnlyList<LimitMiss> Misses { get; init; } = [];
}
