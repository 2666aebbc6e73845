using Roux.Debugging.Signals;

namespace Roux.Debugging.Checks.Training;

/// <summary>
/// A network with its loss, its optimiser and some batches of its data, on which checks try things: always on a <see cref="Copy"/>.
/// Whatever trains networks implements it.
/// </summary>
public interface ITrainable : IDisposable
{
    /// <summary>Loss, classes, batch size and so on.</summary>
    TrainingFacts Facts { get; }

    /// <summary>Parts of the network in the order in which they were registered, containers before their parts.</summary>
    IReadOnlyList<ModuleNode> Modules { get; }

    /// <summary>Learned arrays in the order in which they were registered.</summary>
    IReadOnlyList<NetworkParameter> Parameters { get; }

    /// <summary>Number of batches at hand, at least 1.</summary>
    int Batches { get; }

    /// <summary>Rate of the optimiser (of its first group).</summary>
    double LearningRate { get; set; }

    /// <summary>An independent copy: weights, buffers, and an optimiser that begins anew with the same settings.</summary>
    /// <exception cref="NotSupportedException">The network cannot be copied.</exception>
    ITrainable Copy();

    /// <summary>Starts the random numbers of dropout and the like anew.</summary>
    void Reseed(int seed);

    /// <summary>A step as the program itself does it (its own code where it gave some), in training mode.</summary>
    /// <returns>The loss before the step.</returns>
    double Step(int batch);

    /// <summary>A step as it should be: gradients to zero, forward, backward, optimiser.</summary>
    /// <param name="batch">Which batch.</param>
    /// <param name="rows">At most so many of its first rows; all by default.</param>
    /// <param name="withoutDropout">Whether dropout rests.</param>
    /// <returns>The loss before the step.</returns>
    double CleanStep(int batch, int rows = int.MaxValue, bool withoutDropout = false);

    /// <summary>Gradients of a batch in training mode, from zero: afterwards <see cref="Gradient"/> tells them. No weight changes.</summary>
    /// <returns>The loss.</returns>
    double Backward(int batch);

    /// <summary>Outputs for a batch in training or in evaluation mode.</summary>
    NetworkOutput Forward(int batch, bool training);

    /// <summary>Outputs for a batch as the program itself evaluates (its own code where it gave some).</summary>
    /// <param name="batch">Which batch.</param>
    /// <param name="rows">At most so many of its first rows.</param>
    NetworkOutput Evaluate(int batch, int rows = int.MaxValue);

    /// <summary>Outputs in evaluation mode for each row mixed with the row at the other end of the batch; <c>null</c> for inputs that are no numbers (tokens).</summary>
    /// <param name="batch">Which batch.</param>
    /// <param name="share">Share of the row itself, 0 to 1; 1 are the rows themselves.</param>
    NetworkOutput? ForwardMixed(int batch, double share);

    /// <summary>Inputs of a batch; <c>null</c> where they are no numbers (tokens).</summary>
    NetworkOutput? Inputs(int batch);

    /// <summary>
    /// Outputs in evaluation mode of the shorter token sequences of a batch, filled up as they are and with no more filling than the longest of them needs;
    /// <c>null</c> where inputs are no tokens, no sequence is filled up, or the network takes one length only.
    /// </summary>
    (NetworkOutput Filled, NetworkOutput Trimmed)? ForwardTrimmed(int batch) => null;

    /// <summary>Targets of a batch: class numbers or values.</summary>
    float[] Targets(int batch);

    /// <summary>Whether targets are whole class numbers by type.</summary>
    bool HasClassTargets { get; }

    /// <summary>A parameter's values.</summary>
    float[] Weights(string parameter);

    /// <summary>A parameter's gradient as it lies there now; <c>null</c> where there is none.</summary>
    float[]? Gradient(string parameter);
}
