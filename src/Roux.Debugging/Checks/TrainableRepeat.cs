using Roux.Debugging.Checks.Training;

namespace Roux.Debugging.Checks;

/// <summary>The first steps of a network's training, done again and again: with marks for the batches, the weights at the start and the loss of every step.</summary>
/// <param name="name">What is trained.</param>
/// <param name="begin">Makes the training from the beginning with a seed and a number of threads: everything random of the program happens in it.</param>
/// <param name="steps">Steps to do.</param>
public sealed class TrainableRepeat(string name, Func<Circumstances, ITrainable> begin, int steps = 20) : IRepeatable
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public RepeatTrace Repeat(Circumstances circumstances, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(circumstances);
        using var network = begin(circumstances);
        var stages = new List<RepeatStage>();
        for (var batch = 0; batch < Math.Min(steps, network.Batches); batch++)
        {
            double[] rows = [.. network.Targets(batch), .. network.Inputs(batch)?.Values.Take(10_000).Select(value => (double)value) ?? []];
            stages.Add(new RepeatStage(StageKind.Data, $"batch {batch + 1}", rows));
        }

        stages.AddRange(network.Parameters.Select(parameter => new RepeatStage(StageKind.Initialisation, parameter.Name, [.. network.Weights(parameter.Name).Select(value => (double)value)])));
        for (var step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            stages.Add(new RepeatStage(StageKind.Training, $"step {step + 1}", [network.Step(step % network.Batches)]));
        }

        var answers = network.Evaluate(0);
        return new RepeatTrace(stages, [.. answers.Values.Select(value => (double)value)], Math.Max(1, answers.Width));
    }
}
