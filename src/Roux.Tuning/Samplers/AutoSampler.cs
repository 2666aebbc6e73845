using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Chooses by itself, so that nobody has to: a Gaussian process over the whole space by expected improvement; once it has seen the lie of the
/// land, every third time by the confidence bound, which goes on exploring where improvement would settle too early; in many dimensions in turn with
/// a trust region around the best trial; a random forest in turn with them where parameters are conditional; and when trials are many and the whole
/// history no longer fits a model that answers in milliseconds, mostly the trust region and differential evolution.
/// </summary>
public sealed class AutoSampler : Sampler
{
    /// <summary>Dimensions from which a model of the whole space is too vague everywhere, so that a trust region pays before there are many trials.</summary>
    private const int ManyDimensions = 12;

    private const int LocalFrom = 40;
    private const int ExploringFrom = 20;
    private const int ManyFrom = 160;

    private readonly InitialDesign initial = new();
    private readonly GlobalSearch whole = new(ManyFrom);
    private readonly LocalSearch local = new();
    private readonly ForestSampler forest = new();
    private readonly DifferentialEvolutionSampler evolution = new();
    private readonly NsgaSampler population = new();
    private readonly ParetoAcquisition pareto;

    /// <summary>The default sampler.</summary>
    public AutoSampler() => pareto = new ParetoAcquisition(whole);

    /// <inheritdoc/>
    public override string Name => "auto";

    internal override double[] Suggest(History history, Rng random)
    {
        var (space, known, turn) = (history.Space, history.Observations.Count, history.Next);
        if (known < InitialDesign.Size(space) || space.Dimensions == 0)
        {
            return initial.Suggest(history);
        }

        if (history.Objectives > 1)
        {
            return known >= ManyFrom && turn % 8 != 0 ? population.Suggest(history, random) : pareto.Suggest(history, random);
        }

        if (known >= ManyFrom)
        {
            return (turn % 16) switch
            {
                0 => whole.Suggest(history, Scalarization.Of(history, random), random),
                1 or 5 or 9 or 13 => local.Suggest(history, random),
                2 when space.IsConditional => forest.Suggest(history, random),
                _ => evolution.Suggest(history, random),
            };
        }

        if (space.IsConditional && turn % 3 == 2)
        {
            return forest.Suggest(history, random);
        }

        return known >= LocalFrom && space.Dimensions > ManyDimensions && turn % 3 == 1 ? local.Suggest(history, random)
            : whole.Suggest(history, Scalarization.Of(history, random), random, known >= ExploringFrom && turn % 3 == 0 ? AcquisitionFunction.UpperConfidenceBound : null);
    }
}
