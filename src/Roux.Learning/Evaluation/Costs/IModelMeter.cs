using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Evaluation;

/// <summary>Measures what using a model costs.</summary>
public interface IModelMeter
{
    /// <summary>Whether the model is measured in a process that does nothing else.</summary>
    bool OwnProcess { get; }

    /// <summary>Measures a model.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="rows">Rows to predict, with the columns that the model was given to learn from.</param>
    /// <param name="options">How long, and with how many of the rows.</param>
    /// <param name="ct">Asks to stop.</param>
    /// <exception cref="MeterException">It could not be measured; the message says why.</exception>
    ModelMeasurement Measure(Pipeline pipeline, Table rows, ProbeOptions options, CancellationToken ct);
}

/// <summary>A measurement that failed, and why.</summary>
public sealed class MeterException : Exception
{
    /// <inheritdoc/>
    public MeterException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public MeterException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public MeterException()
    {
    }
}
