using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>Chooses, for several objectives, between the expected gain in hypervolume and a random weighing of the objectives.</summary>
internal sealed class ParetoAcquisition(GlobalSearch weighed)
{
    private const int WeighedEvery = 2;

    private ParetoSearch? volume;

    public double[] Suggest(History history, Rng random)
    {
        var isWeighed = history.Objectives > ParetoSearch.MostObjectives || history.Next % WeighedEvery == 0 || history.Observations.Any(observation => observation.Violation > 0);
        return isWeighed ? weighed.Suggest(history, Scalarization.Of(history, random), random) : (volume ??= new ParetoSearch(history.Objectives)).Suggest(history, random);
    }
}
