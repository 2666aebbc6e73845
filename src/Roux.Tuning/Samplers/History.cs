namespace Roux.Tuning;

/// <summary>What a sampler knows of a study: points tried and how they did, always to be minimised.</summary>
internal sealed class History(UnitSpace space, int objectives)
{
    private readonly List<Observation> observations = [];
    private readonly Dictionary<int, double[]> pending = [];
    private readonly Dictionary<int, int> paused = [];
    private readonly HashSet<(long, long)> tried = [];

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

    /// <summary>Whether a point was tried before, or is being tried: then trying it again tells nothing new.</summary>
    public bool WasTried(double[] point) => tried.Contains(Key(point));

    public void Asked(int number, double[] point)
    {
        pending[number] = point;
        tried.Add(Key(point));
        Next = Math.Max(Next, number + 1);
    }

    /// <summary>A trial has a value; if it may go on, what it is told later takes the place of this.</summary>
    public void Told(int number, double[]? values, double violation, bool mayGoOn = false)
    {
        if (!pending.Remove(number, out var point) || values is null)
        {
            return;
        }

        var told = new Observation(number, point, values, violation);
        if (paused.Remove(number, out var place))
        {
            observations[place] = told;
        }
        else
        {
            place = observations.Count;
            observations.Add(told);
        }

        if (mayGoOn)
        {
            paused[number] = place;
        }
    }

    /// <summary>A result from elsewhere.</summary>
    public void Learned(double[] point, double[] values) => observations.Add(new Observation(-1, point, values, 0));

    /// <summary>Two hashes of a point: 128 bits, so that different points do not meet.</summary>
    private static (long A, long B) Key(double[] point)
    {
        var (a, b) = (17L, 31L);
        foreach (var value in point)
        {
            var bits = BitConverter.DoubleToInt64Bits(Math.Round(value, 12) + 0.0);
            (a, b) = unchecked((a * 6364136223846793005L + bits, (b ^ bits) * -7046029254386353131L + 1442695040888963407L));
        }

        return (a, b);
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
