namespace Roux.Tuning;

/// <summary>Decides whether a running trial is worth going on with. Stateless: it judges what has been reported so far.</summary>
public abstract class Pruner
{
    /// <summary>Never prunes.</summary>
    public static Pruner None { get; } = new NoPruner();

    /// <summary>Names of the pruners there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "median", "percentile", "asha", "hyperband", "patience", "wilcoxon", "race", "curve"];

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
        "race" => new RacePruner(),
        "curve" => new ExtrapolationPruner(),
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
