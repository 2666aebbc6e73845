namespace Roux.Debugging.Checks;

/// <summary>A training that is to come to the same again. Repetitions are done when a check first asks for them, and once.</summary>
public sealed class RepeatSubject
{
    private readonly IRepeatable training;
    private readonly Dictionary<(int Seed, int Threads, int Number), RepeatTrace> done = [];
    private readonly CheckContext context;

    /// <param name="training">The training.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    public RepeatSubject(IRepeatable training, CheckContext context) => (this.training, this.context) = (training, context);

    /// <summary>What is trained.</summary>
    public string Name => training.Name;

    /// <summary>Most threads to try.</summary>
    public int Threads => Math.Max(2, context.Threads);

    /// <summary>A training with the seed; <paramref name="number"/> tells repetitions under the same circumstances apart.</summary>
    /// <param name="threads">Threads that may work at once.</param>
    /// <param name="number">Which repetition, from 0.</param>
    internal RepeatTrace Trace(int threads, int number = 0)
    {
        var key = (context.Seed, threads, number);
        if (!done.TryGetValue(key, out var trace))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            done[key] = trace = training.Repeat(new Circumstances(context.Seed, threads), context.Cancellation);
        }

        return trace;
    }
}
