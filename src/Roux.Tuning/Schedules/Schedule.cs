namespace Roux.Tuning;

/// <summary>
/// Decides how far each trial is trained: a trial pauses at the resource it was given (epochs, trees, rows, folds: its steps) and goes on from its
/// checkpoint when it is promoted. Stateless: it judges from what the trials have reported, so that a study taken up after a crash goes on as it
/// would have.
/// </summary>
public abstract class Schedule
{
    private protected Schedule(long minResource, long maxResource, int reduction)
    {
        MinResource = minResource >= 1 ? minResource : throw new ArgumentOutOfRangeException(nameof(minResource), minResource, "at least 1 step");
        MaxResource = maxResource >= minResource ? maxResource : throw new ArgumentOutOfRangeException(nameof(maxResource), maxResource, $"at least the least resource, {minResource}");
        Reduction = reduction >= 2 ? reduction : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "at least 2");
        var rungs = new List<long> { maxResource };
        while (rungs[0] / reduction >= minResource)
        {
            rungs.Insert(0, rungs[0] / reduction);
        }

        Rungs = rungs;
    }

    /// <summary>Names of the schedules there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "asha", "halving", "hyperband", "bohb", "mobster"];

    /// <summary>Short and unique, such as <c>asha</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Least steps that a trial is trained.</summary>
    public long MinResource { get; }

    /// <summary>Steps of a whole trial, at which it is complete.</summary>
    public long MaxResource { get; }

    /// <summary>η: about 1/η of the trials at a rung goes on to the next, which is η times as far.</summary>
    public int Reduction { get; }

    /// <summary>The resources at which trials pause, ascending; the last is <see cref="MaxResource"/>.</summary>
    public IReadOnlyList<long> Rungs { get; }

    /// <summary>A schedule by its name; <c>null</c> for none.</summary>
    /// <param name="name">One of <see cref="Names"/>; <c>bohb</c> is Hyperband and <c>mobster</c> is ASHA, each with the sampler of <see cref="SamplerFor"/>.</param>
    /// <param name="minResource">Steps of the first rung, at least 1.</param>
    /// <param name="maxResource">Steps of a whole trial.</param>
    /// <param name="reduction">η, at least 2.</param>
    /// <exception cref="ArgumentException">There is none of that name, or a figure is out of its range.</exception>
    public static Schedule? Of(string name, long minResource, long maxResource, int reduction = 3) => name switch
    {
        "none" => null,
        "asha" or "mobster" => new AshaSchedule(minResource, maxResource, reduction),
        "halving" => new HyperbandSchedule(minResource, maxResource, reduction, halvingOnly: true),
        "hyperband" or "bohb" => new HyperbandSchedule(minResource, maxResource, reduction),
        _ => throw new ArgumentException($"schedule '{name}': no such schedule; there are: {string.Join(", ", Names)}", nameof(name)),
    };

    /// <summary>The sampler that makes a schedule what its name says: Parzen estimators for <c>bohb</c>, a Gaussian process for <c>mobster</c>; else <c>auto</c>.</summary>
    public static string SamplerFor(string name) => name switch
    {
        "bohb" => "tpe",
        "mobster" => "gp",
        _ => "auto",
    };

    /// <summary>Steps that a new trial of a number is trained at first.</summary>
    internal abstract long First(int number);

    /// <summary>The paused trial that goes on now, and how far; <c>null</c> where none has earned it.</summary>
    internal abstract (int Number, long Resource)? Promote(IReadOnlyList<Climber> trials);

    /// <summary>The trial that goes on now: before any promotion one that was lost on its way, to where it was going.</summary>
    internal (int Number, long Resource)? Resume(IReadOnlyList<Climber> trials)
    {
        foreach (var trial in trials)
        {
            if (trial.State == TrialState.Paused && !trial.Reached(trial.Resource))
            {
                return (trial.Number, trial.Resource);
            }
        }

        return Promote(trials);
    }

    /// <summary>The rung after a resource.</summary>
    private protected long Above(long resource) => Rungs.FirstOrDefault(rung => rung > resource, MaxResource);
}

/// <summary>A trial as a schedule sees it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Resource">Steps it was to be trained, lately.</param>
/// <param name="Curve">What it reported, to be minimised; <c>null</c> before its first report.</param>
internal readonly record struct Climber(int Number, TrialState State, long Resource, Curve? Curve)
{
    /// <summary>Whether it has been trained so many steps. Steps count from 0, so a trial that reported step s has had s + 1 of them.</summary>
    public bool Reached(long resource) => Curve is { } curve && curve.LastStep + 1 >= resource;

    /// <summary>Its value after so many steps.</summary>
    public double At(long resource)
    {
        var value = Curve!.Values[0];
        for (var i = 0; i < Curve.Steps.Count && Curve.Steps[i] < resource; i++)
        {
            value = Curve.Values[i];
        }

        return value;
    }
}
