namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>What to do next for a better model.</summary>
public enum NextStep
{
    /// <summary>Nothing is likely to help enough.</summary>
    Stop,

    /// <summary>Collect rows: the curve still falls.</summary>
    MoreData,

    /// <summary>A model (or columns) that can express more: even learned rows are not got right.</summary>
    BiggerModel,

    /// <summary>Correct labels: the model is at, or near, what the labels allow.</summary>
    BetterLabels,
}
