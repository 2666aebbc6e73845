namespace Roux.Tuning;

/// <summary>What a sampler knows of a study: points tried and how they did, always to be minimised.</summary>
internal sealed class History(UnitSpace space, int objectives)
{
    private readonly List<Observation> observations = [];
    private readonly Dictionary<int, double[]> pending = [];

    public UnitSpace Space { get; } = space;

    /// <summary>Number of objectives.</summary>
    public int Objectives { get; } = objectives;

    /// <summary>Trials with a value, in the order told.</summary>
    public IReadOnlyList<Observation> Observations => observations;

    /// <summary>Points of trials that are running, by number.</summary>
    public IEnumerable<KeyValuePair<int, double[]>> Pending => pending;

    /// <summary>Number of the trial that is asked for now.</summary>
    public int Next { get; private set; }

    /// <summary>Trials of the whole study, where it is known.</summary>
    public int? Budget { get; init; }

    /// <summary>The study's seed, for randomness that is not a trial's own.</summary>
    public long Seed { get; init; }

    public void Asked(int number, double[] point)
    {
        pending[number] = point;
        Next = Math.Max(Next, number + 1);
    }

    public void Told(int number, double[]? values, double violation)
    {
        if (pending.Remove(number, out var point) && values is not null)
        {
            observations.Add(new Observation(number, point, values, violation));
        }
    }
}

/// <summary>A trial that has a value.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Point">In the unit cube.</param>
/// <param name="Values">Its objectives, smaller is better.</param>
/// <param name="Violation">Sum of the violated constraints; 0 where all hold.</param>
internal sealed record Observation(int Number, double[] Point, double[] Values, double Violation)
{
    public double Value => Values[0];
}
