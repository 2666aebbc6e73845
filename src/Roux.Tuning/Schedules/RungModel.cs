using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Lets samplers learn from what trials were worth at the rungs of a schedule, not only from the few that were trained to the end.
/// Parzen estimators and forests model the highest rung that has enough trials, and every third trial is random (Falkner et al. 2018,
/// "BOHB: robust and efficient hyperparameter optimization at scale"); Gaussian processes model configuration and resource together (Klein
/// et al. 2020, "Model-based asynchronous hyperparameter and neural architecture search", MOBSTER). Other samplers go by what
/// trials that paused are expected to come to.
/// </summary>
internal sealed class RungModel(Schedule schedule)
{
    private const int Enough = 10;
    private const int RandomEvery = 3;

    private readonly RungSearch search = new();

    /// <summary>The point to try next.</summary>
    /// <param name="sampler">The study's.</param>
    /// <param name="history">Of the study.</param>
    /// <param name="trials">All of its trials.</param>
    /// <param name="pointOf">The point of a trial.</param>
    /// <param name="random">The trial's own.</param>
    public double[] Suggest(Sampler sampler, History history, IReadOnlyList<Climber> trials, Func<int, double[]> pointOf, Rng random)
    {
        switch (sampler)
        {
            case TpeSampler or ForestSampler:
                return history.Next % RandomEvery == RandomEvery - 1 ? history.Space.Draw(random) : sampler.Suggest(HighestRung(history, trials, pointOf), random);
            case GaussianProcessSampler or AutoSampler or TrustRegionSampler when Readings(trials, pointOf) is { Count: var known } readings
                && known >= InitialDesign.Size(history.Space) && history.Space.Dimensions > 0:
                return search.Suggest(history, readings, random);
            default:
                return sampler.Suggest(history, random);
        }
    }

    /// <summary>What each trial was worth at each rung that it has come to.</summary>
    public List<Reading> Readings(IReadOnlyList<Climber> trials, Func<int, double[]> pointOf)
    {
        var readings = new List<Reading>();
        for (var rung = 0; rung < schedule.Rungs.Count; rung++)
        {
            foreach (var trial in trials)
            {
                if (trial.State != TrialState.Failed && trial.Reached(schedule.Rungs[rung]) && double.IsFinite(trial.At(schedule.Rungs[rung])))
                {
                    readings.Add(new Reading(trial.Number, pointOf(trial.Number), schedule.Rungs.Count == 1 ? 1 : rung / (schedule.Rungs.Count - 1.0), trial.At(schedule.Rungs[rung])));
                }
            }
        }

        return readings;
    }

    private History HighestRung(History whole, IReadOnlyList<Climber> trials, Func<int, double[]> pointOf)
    {
        var readings = Readings(trials, pointOf);
        var enough = Math.Max(Enough, whole.Space.Dimensions + 2);
        var level = readings.GroupBy(reading => reading.Level).Where(group => group.Count() >= enough).Select(group => group.Key).DefaultIfEmpty(0).Max();
        var view = new History(whole.Space, 1) { Budget = whole.Budget, Seed = whole.Seed };
        foreach (var trial in trials)
        {
            view.Asked(trial.Number, pointOf(trial.Number));
            var value = readings.Find(reading => reading.Number == trial.Number && reading.Level == level)?.Value;
            if (value is { } known)
            {
                view.Told(trial.Number, [known], 0);
            }
            else if (trial.State != TrialState.Running)
            {
                view.Told(trial.Number, null, 0);
            }
        }

        return view;
    }
}

/// <summary>What a trial was worth at a rung.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Point">In the unit cube.</param>
/// <param name="Level">0 at the first rung, 1 at the last.</param>
/// <param name="Value">Smaller is better.</param>
internal sealed record Reading(int Number, double[] Point, double Level, double Value);
