using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>Measures small learning curves of the winner and of the simplest candidate that is as good, on the folds of the search.</summary>
internal static class LearningCurveStep
{
    /// <summary>Below this many rows a fit is quick and scores are noisy: more repeats.</summary>
    private const int FewRows = 5_000;

    /// <summary>From this complexity on a model is no longer short of ways to express itself.</summary>
    private const int Expressive = 50;

    /// <param name="context">The finished search.</param>
    /// <param name="seconds">Seconds for all curves; infinite for no limit.</param>
    /// <param name="humanError">Error of people: a share of wrong answers for classes, else on the metric's scale; <c>null</c> when unknown.</param>
    public static LearningCurveEvidence? Gather(EvidenceContext context, double seconds, Interval? humanError)
    {
        var models = new[] { context.Winner, context.Board.Simplest }.DistinctBy(result => result.Name)
            .Select(result => CurveModel.Of(result, context.Ranked)).OfType<CurveModel>().ToList();
        if (models.Count == 0 || seconds < 0.2)
        {
            context.Note(models.Count == 0 ? "no learning curve: the winner cannot be fitted again" : "no learning curve: no time was left for it");
            return null;
        }

        var (plan, options) = (context.Plan, context.Options);
        var settings = new CurveSettings
        {
            Repeats = plan.Table.RowCount < FewRows ? 5 : 3,

            // The largest size is known from the search: with many rows and little time, small parts are what else can be had.
            MostSizes = plan.Table.RowCount < FewRows || double.IsPositiveInfinity(seconds) ? 6 : 8,
            Seconds = seconds,
            Seed = Seeds.Derive(options.Seed, "learning-curve"),
            Threads = context.Threads,
            Groups = options.GroupColumn is { } group ? Splitters.Groups(plan.Table[group]) : null,
            Times = options.TimeColumn is { } time ? Splitters.Times(plan.Table[time]) : null,
        };
        try
        {
            var curves = CurveMeasurement.Measure(plan.Table, context.Inputs.FeatureColumns, plan.Target, plan.Folds, context.Metric, models, settings, null, context.Stop);
            if (curves[0].Points.Count == 0)
            {
                context.Note($"no learning curve: {curves[0].Incomplete ?? "nothing could be fitted"}");
                return null;
            }

            if (curves[0].Incomplete is { } reason)
            {
                context.Note($"learning curve: {reason}");
            }

            var complexity = models[0].Complexity;
            bool? biggerTried = IsExpressive(complexity) || context.Ranked.Any(result => result.IsComplete && result.Candidate is not null && result.Complexity > complexity && !Search.IsBaseline(result)) ? true : null;
            return LearningCurveEvidence.Of([.. curves.Where(curve => curve.Points.Count > 0)], context.Inputs.Development.RowCount, context.Inputs.Test.RowCount, humanError, biggerTried, settings.Seed);
        }
        catch (OperationCanceledException)
        {
            context.Note("no learning curve: stopped as asked");
            return null;
        }
    }

    /// <summary>People's error on the scale of the curves' errors: a share of wrong answers for classes; for numbers only where people were scored by the headline metric, an error itself.</summary>
    public static Interval? HumanError(HumanLevel? human, EvidenceContext context) => human is null ? null : context.Inputs.Task switch
    {
        TaskKind.Binary or TaskKind.Multiclass => human.Error,
        TaskKind.Regression when human.Human.Metric.Name == context.Metric.Name && !context.Metric.HigherIsBetter => human.Error,
        _ => null,
    };

    /// <summary>Whether a model of this complexity (see <see cref="Learners.LearnerCard"/>) is hardly ever too small.</summary>
    public static bool IsExpressive(int complexity) => complexity >= Expressive;
}
