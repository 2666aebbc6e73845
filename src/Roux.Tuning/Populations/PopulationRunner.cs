namespace Roux.Tuning;

/// <summary>Trains a population, several members at a time, to its end. A segment that throws fails its member, which goes on from one of the best.</summary>
public static class PopulationRunner
{
    /// <summary>Asks, trains and tells until all members are done, or it is asked to stop.</summary>
    /// <param name="population">The population; it may have been taken up from an earlier process.</param>
    /// <param name="train">Trains a segment to its end and returns the objective there.</param>
    /// <param name="parallel">Members at the same time, at least 1.</param>
    /// <param name="cancellation">Asks to stop; segments that run then have failed.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static async Task RunAsync(Population population, Func<RunningSegment, Task<double>> train, int parallel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        var (running, checkpoints) = (new List<Task>(), new Dictionary<int, object>());
        while (true)
        {
            while (running.Count < parallel && !cancellation.IsCancellationRequested && population.Ask() is { } segment)
            {
                object? parent;
                lock (checkpoints)
                {
                    parent = segment.Parent is { } number ? checkpoints.GetValueOrDefault(number) : null;
                }

                running.Add(Task.Run(() => TrainAsync(population, new RunningSegment(segment, parent, cancellation), train, checkpoints), CancellationToken.None));
            }

            if (running.Count == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                return;
            }

            running.Remove(await Task.WhenAny(running).ConfigureAwait(false));
        }
    }

    private static async Task TrainAsync(Population population, RunningSegment running, Func<RunningSegment, Task<double>> train, Dictionary<int, object> checkpoints)
    {
        try
        {
            var value = await train(running).ConfigureAwait(false);
            lock (checkpoints)
            {
                if (running.Checkpoint is { } left)
                {
                    checkpoints[running.Segment.Number] = left;
                }
            }

            population.Tell(running.Segment.Number, value);
        }
#pragma warning disable CA1031 // Whatever training throws fails its segment alone.
        catch (Exception e)
#pragma warning restore CA1031
        {
            population.Fail(running.Segment.Number, running.Cancellation.IsCancellationRequested ? Trial.LostError : e.Message);
        }

        lock (checkpoints)
        {
            foreach (var old in Passed(population))
            {
                checkpoints.Remove(old);
            }
        }
    }

    /// <summary>Segments that no member can start from any more: every member has come further.</summary>
    private static IEnumerable<int> Passed(Population population)
    {
        var segments = population.Segments;
        var reached = Enumerable.Range(0, population.Options.Members).Min(member => segments.Where(segment => segment.Member == member && segment.State == SegmentState.Done).Select(segment => segment.To).DefaultIfEmpty(0).Max());
        var starts = segments.Where(segment => segment.State == SegmentState.Running).Select(segment => segment.Parent).ToHashSet();
        return segments.Where(segment => segment.To < reached && !starts.Contains(segment.Number)).Select(segment => segment.Number);
    }
}

/// <summary>A segment while it is trained.</summary>
/// <param name="segment">The segment.</param>
/// <param name="parent">The checkpoint that its parent left in this process; <c>null</c> for a beginning.</param>
/// <param name="cancellation">Asks the training to stop.</param>
public sealed class RunningSegment(Segment segment, object? parent, CancellationToken cancellation)
{
    /// <summary>Settings, steps to train, lineage.</summary>
    public Segment Segment => segment;

    /// <summary>The checkpoint that the parent left in this process; <c>null</c> for a beginning. Several may start from it: do not change it.</summary>
    public object? Parent => parent;

    /// <summary>What this segment leaves for those that start from it; set it before returning.</summary>
    public object? Checkpoint { get; set; }

    /// <summary>Asks the training to stop.</summary>
    public CancellationToken Cancellation => cancellation;
}
