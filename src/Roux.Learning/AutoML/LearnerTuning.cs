using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Learning.AutoML;

/// <summary>
/// Tunes one learner: its portfolio beyond the default first, then what a study of its space asks for. The same seed and the same
/// results give the same candidates, so a search that was cut off goes on as it would have.
/// </summary>
internal sealed class LearnerTuning
{
    private readonly Learner learner;
    private readonly Queue<Configuration> portfolio = new();
    private readonly Study? study;
    private readonly Metric metric;
    private int number;
    private int? asked;

    public LearnerTuning(Learner learner, SearchSetting setting, Metric metric)
    {
        (this.learner, this.metric) = (learner, metric);
        string[] variants = setting.TryLogTarget ? ["none", "log1p"] : ["none"];
        foreach (var configuration in learner.Portfolio(setting.Task).SelectMany(configuration => variants.Select(variant => WithTarget(configuration, variant))).Skip(1))
        {
            portfolio.Enqueue(configuration);
        }

        var parameters = learner.Space(setting.Task).Parameters;
        if (parameters.Count > 0)
        {
            var space = new SearchSpace(setting.TryLogTarget ? [.. parameters, new CategoricalParameter(Candidate.TargetTransformKey, variants)] : parameters);
            study = new Study(space, new StudyOptions
            {
                Directions = [metric.HigherIsBetter ? Direction.Maximize : Direction.Minimize],
                Seed = Seeds.Derive(setting.Seed, learner.Card.Name),
            });
        }
    }

    /// <summary>What to try next; <c>null</c> when all there is has been tried.</summary>
    public Candidate? Next()
    {
        number++;
        if (portfolio.TryDequeue(out var configuration))
        {
            return Named(configuration);
        }

        if (study is null)
        {
            return null;
        }

        var trial = study.Ask();
        asked = trial.Number;
        return Named(trial.Configuration);
    }

    /// <summary>Takes in how the last candidate did; of one that was stopped, the folds that it did.</summary>
    public void Told(CandidateResult? result)
    {
        if (asked is not { } trial)
        {
            return;
        }

        asked = null;
        if (result is { Scores.Length: > 0 } && double.IsFinite(result.Mean))
        {
            study!.Tell(trial, result.Mean);
        }
        else
        {
            study!.Fail(trial, result?.Stopped);
        }
    }

    private Candidate Named(Configuration configuration) => new($"{learner.Card.Name}#{number}", learner, configuration);

    private static Configuration WithTarget(Configuration configuration, string variant) =>
        variant == "none" ? configuration : configuration.With(Configuration.Of((Candidate.TargetTransformKey, variant)));
}
