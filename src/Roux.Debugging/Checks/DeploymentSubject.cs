using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Debugging.Checks;

/// <summary>A model as it is used: asked from memory, after saving and loading, in parts, and beside an earlier version.</summary>
public sealed record DeploymentSubject
{
    /// <summary>What the model is called.</summary>
    public required string Name { get; init; }

    /// <summary>Rows to ask about.</summary>
    public required Table Rows { get; init; }

    /// <summary>Asks the model in memory.</summary>
    public required Func<Table, Predictions> Predict { get; init; }

    /// <summary>Asks the model as it was saved and loaded again; <c>null</c> where that is not at hand.</summary>
    public Func<Table, Predictions>? Loaded { get; init; }

    /// <summary>What using it costs; <c>null</c> where not measured.</summary>
    public ModelMeasurement? Cost { get; init; }

    /// <summary>What using the earlier version cost on the same machine; <c>null</c> where not known.</summary>
    public ModelMeasurement? EarlierCost { get; init; }

    /// <summary>Bytes of its file; 0 where not known.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of the earlier version's file; 0 where not known.</summary>
    public long EarlierBytes { get; init; }
}
