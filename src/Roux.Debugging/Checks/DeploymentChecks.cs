using Roux.Debugging.Checks.Reproducibility;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a model as it is used.</summary>
public static class DeploymentChecks
{
    /// <summary>Every check of a model in use.</summary>
    public static IReadOnlyList<Check<DeploymentSubject>> All { get; } = [new SavedModelDiffersCheck(), new DependsOnBatchCheck(), new CostRegressionCheck()];
}
