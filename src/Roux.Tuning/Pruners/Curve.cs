namespace Roux.Tuning;

/// <summary>What a trial has reported, to be minimised; a report that is not a number counts as the worst. Of several reports of a step the last counts. Grows as reports come in.</summary>
/// <param name="number">Number of the trial.</param>
internal sealed class Curve(int number)
{
    private readonly List<long> steps = [];
    private readonly List<double> values = [];
    private readonly List<double> best = [];

    /// <summary>Number of the trial.</summary>
    public int Number => number;

    /// <summary>Where it stands.</summary>
    public TrialState State { get; set; }

    /// <summary>Steps reported, ascending.</summary>
    public IReadOnlyList<long> Steps => steps;

    /// <summary>The values there.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>The latest step reported.</summary>
    public long LastStep => steps.Count == 0 ? -1 : steps[^1];

    public static Curve Of(Trial trial, Direction direction)
    {
        var curve = new Curve(trial.Number) { State = trial.State };
        foreach (var (step, value) in trial.Reports)
        {
            curve.Add(step, value, direction);
        }

        return curve;
    }

    /// <summary>Takes in a report; in the order of steps this takes no time that grows with their number.</summary>
    public void Add(long step, double value, Direction direction)
    {
        value = double.IsNaN(value) ? double.PositiveInfinity : direction == Direction.Minimize ? value : -value;
        var place = steps.Count == 0 || step > steps[^1] ? ~steps.Count : steps.BinarySearch(step);
        if (place >= 0)
        {
            values[place] = value;
        }
        else
        {
            place = ~place;
            steps.Insert(place, step);
            values.Insert(place, value);
        }

        best.RemoveRange(place, best.Count - place);
        for (var i = place; i < values.Count; i++)
        {
            best.Add(i == 0 ? values[i] : Math.Min(best[i - 1], values[i]));
        }
    }

    /// <summary>The least value up to a step; <c>null</c> where nothing was reported by then.</summary>
    public double? BestUpTo(long step)
    {
        var place = Place(step);
        place = place >= 0 ? place : ~place - 1;
        return place < 0 ? null : best[place];
    }

    /// <summary>The value at a step; <c>null</c> where it was not reported.</summary>
    public double? At(long step) => Place(step) is >= 0 and var place ? values[place] : null;

    private int Place(long step) => steps.Count == 0 || step > steps[^1] ? ~steps.Count : steps.BinarySearch(step);
}
