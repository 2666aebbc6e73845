namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// Where a model's errors come from (Ng 2018, "Machine Learning Yearning", chapters 20 to 32): what it gets wrong even on rows that it has
/// learned, beyond what a person would get wrong, and what it gets wrong on new rows in addition.
/// </summary>
/// <param name="Training">Error on learned rows.</param>
/// <param name="Validation">Error on rows that were not learned.</param>
/// <param name="Floor">Error that cannot be avoided, such as that of people, with its interval; <c>null</c> when unknown.</param>
/// <param name="StandardError">Standard error of the validation error.</param>
public sealed record BiasVariance(double Training, double Validation, Interval? Floor, double StandardError)
{
    /// <summary>Avoidable bias: training error over the floor; <c>null</c> for an unknown floor, when the training error is all that can be said: it is at most that.</summary>
    public double? Bias => Floor is null ? null : Training - Floor.Estimate;

    /// <summary>Validation error over training error.</summary>
    public double Variance => Validation - Training;

    /// <summary>Validation error over the floor: all that can be gained; <c>null</c> for an unknown floor.</summary>
    public double? Gap => Floor is null ? null : Validation - Floor.Estimate;

    /// <summary>Differences below this are noise: two standard errors of the validation error.</summary>
    public double Noise => 2 * StandardError;

    /// <summary>Whether the model is as good as the floor, within noise and the floor's own interval.</summary>
    public bool AtFloor => Floor is not null && Gap <= Noise + (double.IsFinite(Floor.High) ? Floor.High - Floor.Estimate : 0);
}
