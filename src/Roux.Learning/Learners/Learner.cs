using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners;

/// <summary>Something that can be fitted to data: a family of models with its own search space. Stateless and safe to share between threads.</summary>
public abstract class Learner
{
    /// <summary>What a reader should know of this family.</summary>
    public abstract LearnerCard Card { get; }

    /// <summary>Whether this learner can answer such a question. Multilabel is answered one label at a time where <see cref="TaskKind.Binary"/> is supported.</summary>
    public abstract bool Supports(TaskKind task);

    /// <summary>Whether a search tries it only where it is asked for by name or family: it takes far longer than others.</summary>
    public virtual bool IsOnRequest => false;

    /// <summary>The hyperparameters worth searching.</summary>
    public virtual SearchSpace Space(TaskKind task) => SearchSpace.Empty;

    /// <summary>Settings worth trying first, the default first of all.</summary>
    public virtual IReadOnlyList<Configuration> Portfolio(TaskKind task) => [Configuration.Empty];

    /// <summary>This learner, beginning from pre-trained weights; <c>null</c> where it takes none.</summary>
    /// <param name="folder">Folder of the weights.</param>
    public virtual Learner? FromWeights(string folder) => null;

    /// <summary>The form in which it wants its features under these settings.</summary>
    public abstract FeatureForm Form(TaskKind task, Configuration configuration);

    /// <summary>Why this learner is not worth trying on data of this size, in a sentence for the reader; <c>null</c> where it is.</summary>
    /// <param name="task">The kind of task.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="columns">Features, or table columns where features are not made yet.</param>
    public virtual string? Unsuitable(TaskKind task, int rows, int columns) => null;

    /// <summary>Fits a model. The same arguments give the same model to the last bit on the same machine.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop before there was a usable model.</exception>
    /// <exception cref="LearnerException">The data cannot be learned by this family; the message says why and what to do.</exception>
    public abstract Model Fit(TrainingSet training, Configuration configuration, FitContext context);
}

/// <summary>Rows to learn from.</summary>
/// <param name="X">Features.</param>
/// <param name="Y">Answers, one per row of <paramref name="X"/>.</param>
/// <param name="Weights">One non-negative weight per row, or <c>null</c> for equal weights.</param>
public sealed record TrainingSet(FeatureMatrix X, Target Y, double[]? Weights = null)
{
    /// <summary>The given rows, in the given order.</summary>
    public TrainingSet Take(int[] rows) =>
        new(X.Take(rows), Y.Take(rows), Weights is null ? null : [.. rows.Select(row => Weights[row])]);
}

/// <summary>The circumstances of one fit.</summary>
/// <param name="Seed">All randomness comes from it.</param>
/// <param name="Threads">How many threads may work at once, at least 1. The result does not depend on it, except where a learner says so.</param>
/// <param name="Progress">Told (iteration from 1, validation score or training loss) by iterative learners; may be <c>null</c>.</param>
/// <param name="Cancellation">Asks to stop; iterative learners look at it at least every 100 ms.</param>
public sealed record FitContext(int Seed, int Threads = 1, Action<int, double>? Progress = null, CancellationToken Cancellation = default);

/// <summary>Data that a learner cannot use, said in a way that names the cause and the remedy.</summary>
public sealed class LearnerException : Exception
{
    /// <inheritdoc/>
    public LearnerException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public LearnerException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public LearnerException()
    {
    }
}
