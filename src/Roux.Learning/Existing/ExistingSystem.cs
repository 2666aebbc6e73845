using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>A system that answers already: what a model has to beat. It is asked, never fitted.</summary>
public abstract class ExistingSystem : IDisposable
{
    /// <summary><c>file</c>, <c>onnx</c> or <c>http</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What it is, for a reader; without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>Opens what the options name.</summary>
    /// <param name="options">The source and how to read it.</param>
    /// <param name="clock">Times requests and waits between them.</param>
    /// <exception cref="DataException">The source does not exist, or an option does not fit its kind.</exception>
    public static ExistingSystem Open(ExistingOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Source.Contains("://", StringComparison.Ordinal))
        {
            return HttpSystem.Open(options, clock);
        }

        if (!File.Exists(options.Source))
        {
            throw new DataException($"--existing '{options.Source}': no such file; give a CSV of predictions, an .onnx file, or an http:// address");
        }

        return options.Source.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? OnnxSystem.Open(options, clock) : PredictionsByKey.Open(options);
    }

    /// <summary>Whether it could answer any row of the table; only a file of predictions may not.</summary>
    public virtual bool Knows(Table table, CancellationToken cancellation) => true;

    /// <summary>Answers every row.</summary>
    /// <param name="table">Rows as they were read, without the target.</param>
    /// <param name="task">The kind of task.</param>
    /// <param name="classes">The target's classes; empty for regression.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">It cannot be asked, or its answers do not fit; the message says what came and what was wanted.</exception>
    public abstract ExistingAnswers Answer(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
