namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// A real tuning problem: a learner on a small part of a data set, whose validation loss is to be minimised. Training goes step by step (rounds
/// of trees, epochs, folds), so that methods of several fidelities see a learning curve. One configuration costs 0.1 to 0.5 s on one core.
/// </summary>
internal abstract class LiveProblem(LiveData data, string learner, int steps)
{
    /// <summary>Data set and learner, such as <c>adult-lightgbm</c>.</summary>
    public string Name { get; } = $"{data.Name}-{learner}";

    /// <summary>What is searched.</summary>
    public abstract SearchSpace Space { get; }

    /// <summary>Steps of a whole training: the largest resource.</summary>
    public int Steps { get; } = steps;

    protected LiveData Data { get; } = data;

    /// <summary>Begins a training.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    /// <param name="seed">All randomness comes from it.</param>
    public abstract ILiveTraining Start(Configuration configuration, int seed);

    /// <summary>The loss after each step of a whole training.</summary>
    public double[] Curve(Configuration configuration, int seed)
    {
        using var training = Start(configuration, seed);
        var curve = new double[Steps];
        for (var step = 0; step < curve.Length; step++)
        {
            curve[step] = Data.Bounded(training.Advance());
        }

        return curve;
    }

    /// <summary>Every problem whose data are there, by name.</summary>
    /// <param name="folder">Holds a folder a data set.</param>
    /// <param name="wanted">Beginnings of names; none for all.</param>
    public static IEnumerable<LiveProblem> Of(string folder, IReadOnlyList<string> wanted)
    {
        foreach (var set in LiveData.Sets.Where(set => Directory.Exists(Path.Combine(folder, set.Name))))
        {
            (string Learner, Func<LiveData, LiveProblem> Make)[] learners =
            [
                ("lightgbm", data => new BoostingProblem(data)), ("forest", data => new ForestProblem(data)), ("network", data => new NetworkProblem(data)),
            ];
            LiveData? data = null;
            foreach (var (learner, make) in learners)
            {
                if (wanted.Count == 0 || wanted.Any(name => $"{set.Name}-{learner}".StartsWith(name, StringComparison.Ordinal)))
                {
                    yield return make(data ??= LiveData.Read(folder, set));
                }
            }
        }
    }
}

/// <summary>A training in progress.</summary>
internal interface ILiveTraining : IDisposable
{
    /// <summary>Trains one step further and returns the validation loss.</summary>
    double Advance();
}
