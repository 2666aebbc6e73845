namespace Roux.Tuning;

/// <summary>Decides whether a running trial is worth going on with. Stateless: it judges what has been reported so far.</summary>
public abstract class Pruner
{
    /// <summary>Never prunes.</summary>
    public static Pruner None { get; } = new NoPruner();

    /// <summary>Names of the pruners there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "median", "percentile", "asha", "hyperband", "patience", "wilcoxon"];

    /// <summary>A pruner with its usual settings, by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Pruner Of(string name) => name switch
    {
        "none" => None,
        "median" => new PercentilePruner(50),
        "percentile" => new PercentilePruner(25),
        "asha" => new SuccessiveHalvingPruner(),
        "hyperband" => new HyperbandPruner(),
        "patience" => new PatiencePruner(10),
        "wilcoxon" => new WilcoxonPruner(),
        _ => throw new ArgumentException($"pruner '{name}': no such pruner; there are: {string.Join(", ", Names)}", nameof(name)),
    };

    /// <summary>Whether to end a trial after its latest report.</summary>
    /// <param name="trial">The trial, the report included; values are to be minimised.</param>
    /// <param name="others">The other trials of the study, in the same sense.</param>
    internal abstract bool IsHopeless(Curve trial, IReadOnlyList<Curve> others);

    private sealed class NoPruner : Pruner
    {
        internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others) => false;
    }
}

/// <summary>What a trial has reported, to be minimised; a report that is not a number counts as the worst.</summary>
/// <param name="Number">Number of the trial.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Steps">Steps reported, ascending.</param>
/// <param name="Values">The values there.</param>
internal sealed record Curve(int Number, TrialState State, IReadOnlyList<long> Steps, IReadOnlyList<double> Values)
{
    public static Curve Of(Trial trial, Direction direction)
    {
        var ordered = trial.Reports.Select((report, index) => (report.Step, report.Value, index)).GroupBy(report => report.Step).Select(group => group.Last()).OrderBy(report => report.Step).ToArray();
        return new Curve(trial.Number, trial.State, [.. ordered.Select(report => report.Step)],
            [.. ordered.Select(report => double.IsNaN(report.Value) ? double.PositiveInfinity : direction == Direction.Minimize ? report.Value : -report.Value)]);
    }

    /// <summary>The latest step reported.</summary>
    public long LastStep => Steps.Count == 0 ? -1 : Steps[^1];

    /// <summary>The least value up to a step; <c>null</c> where nothing was reported by then.</summary>
    public double? BestUpTo(long step)
    {
        double? best = null;
        for (var i = 0; i < Steps.Count && Steps[i] <= step; i++)
        {
            best = best is { } known ? Math.Min(known, Values[i]) : Values[i];
        }

        return best;
    }

    /// <summary>The value at a step; <c>null</c> where it was not reported.</summary>
    public double? At(long step)
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (Steps[i] == step)
            {
                return Values[i];
            }
        }

        return null;
    }
}
