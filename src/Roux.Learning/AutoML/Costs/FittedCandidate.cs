using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>A candidate fitted on all development rows, with what that and its use cost.</summary>
/// <param name="Result">The candidate.</param>
/// <param name="Pipeline">Fitted.</param>
/// <param name="Fit">What the fit cost.</param>
/// <param name="FileBytes">Size of the model's file.</param>
/// <param name="Measured">What using it costs; <c>null</c> while it was not measured.</param>
internal sealed record FittedCandidate(CandidateResult Result, Pipeline Pipeline, FitCost Fit, long FileBytes, ModelMeasurement? Measured)
{
    /// <summary>The figures that limits are about.</summary>
    public CostFigures Figures(Rates? rates) => new(
        (Measured?.P95Microseconds ?? double.NaN) / 1e6, FileBytes, Fit.Seconds, Fit.AddedBytes ?? double.NaN, Measured is { OwnProcess: true } alone ? alone.ResidentBytes : double.NaN,
        rates is null || Measured is null ? double.NaN : rates.Monthly(Fit, Measured));
}
