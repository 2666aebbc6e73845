using Roux.Debugging.Behaviour;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Debugging.Checks;

/// <summary>
/// A fitted model as checks see it: what it says of rows that it was not fitted on, and whatever else is known. Every part but these rows may
/// be absent; checks that need it then say nothing. Models of other programs are judged from answers and predictions alone.
/// </summary>
public sealed record ModelSubject
{
    /// <summary>What the model is called.</summary>
    public required string Name { get; init; }

    /// <summary>The metric that is reported.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Rows that the model was not fitted on.</summary>
    public required JudgedRows Evaluation { get; init; }

    /// <summary>Rows that the model was fitted on.</summary>
    public JudgedRows? Training { get; init; }

    /// <summary>The model with its features; <c>null</c> for models of other programs.</summary>
    public Pipeline? Pipeline { get; init; }

    /// <summary>Asks the model; <c>null</c> where only its answers are known.</summary>
    public Func<Table, Predictions>? Predict { get; init; }

    /// <summary>The columns that the model may look at; empty where not known.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; init; } = [];

    /// <summary>Simpler models, for comparison.</summary>
    public IReadOnlyList<RivalScores> Rivals { get; init; } = [];

    /// <summary>Headline scores of cross-validation, one a fold; empty where not known.</summary>
    public IReadOnlyList<double> FoldScores { get; init; } = [];

    /// <summary>Mean rows that a fold was scored on; 0 where not known.</summary>
    public double FoldRows { get; init; }

    /// <summary>Rows of a fold's test part over those of its training part.</summary>
    public double TestTrainRatio { get; init; } = 0.25;

    /// <summary>Headline scores on the same rows of models that differ in their seed alone; empty where not known.</summary>
    public IReadOnlyList<double> SeedScores { get; init; } = [];

    /// <summary>Error of people: the share of wrong answers for classes, an error on the metric's scale for numbers; <c>null</c> where not known.</summary>
    public Interval? HumanError { get; init; }

    /// <summary>The metric that settings and stopping were chosen by; <c>null</c> for the reported one.</summary>
    public Metric? Optimised { get; init; }

    /// <summary>Groups of columns that should matter, by name, beside those of a kind (numbers, levels, texts); empty for none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the user demands of the model's behaviour; <c>null</c> for nothing.</summary>
    public BehaviourSuite? Behaviour { get; init; }

    /// <summary>Judges a fitted pipeline.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="training">Rows that it was fitted on, with answers; <c>null</c> where they are not at hand: then there are no rivals either.</param>
    /// <param name="evaluation">Rows that it was not fitted on, with answers.</param>
    /// <param name="metric">The metric that is reported; <c>null</c> for the task's usual one.</param>
    /// <param name="rivals">Whether simple models are fitted for comparison, on at most 10,000 training rows.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    /// <exception cref="DataException">A column is absent, or no row can be scored.</exception>
    public static ModelSubject Of(Pipeline pipeline, Table? training, Table evaluation, Metric? metric = null, bool rivals = true, CheckContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        context ??= new CheckContext();
        var judged = Judge(pipeline, evaluation, context.Cancellation);
        var learned = training is null ? null : Judge(pipeline, training, context.Cancellation);
        return new ModelSubject
        {
            Name = pipeline.Name,
            Metric = metric ?? Metrics.Default(pipeline.Task),
            Evaluation = judged,
            Training = learned,
            Pipeline = pipeline,
            Predict = table => pipeline.Predict(table, context.Cancellation),
            Columns = [.. pipeline.Columns.Where(column => judged.Table!.Find(column.Name) is not null)],
            Rivals = learned is null || !rivals ? [] : SimpleRivals.Fit(learned, judged, pipeline, context),
        };
    }

    /// <summary>Judges what a development found: its winner on the final rows, with the folds' scores, the other candidates, and what else is known.</summary>
    /// <param name="result">The finished development. Its data are read again, and parted as they were.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    /// <exception cref="DataException">The data cannot be read any more.</exception>
    public static ModelSubject Of(DevelopResult result, CheckContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        context ??= new CheckContext();
        var inputs = DevelopInputs.Read(result.Options, _ => { }, context.Cancellation);
        var evaluation = new JudgedRows(result.TestTarget, result.TestPredictions, inputs.Test);
        var training = new JudgedRows(inputs.DevelopmentTarget, result.Pipeline.Predict(inputs.Development, context.Cancellation), inputs.Development);
        var simpler = result.Candidates.Where(candidate => candidate.IsComplete && candidate.Name != result.Winner.Name && candidate.Complexity < result.Winner.Complexity)
            .GroupBy(candidate => candidate.LearnerName).Select(group => group.First());
        return new ModelSubject
        {
            Name = result.Winner.Name,
            Metric = result.Metric,
            Evaluation = evaluation,
            Training = training,
            Pipeline = result.Pipeline,
            Predict = table => result.Pipeline.Predict(table, context.Cancellation),
            Columns = result.Pipeline.Columns,
            Rivals = [.. simpler.Select(candidate => new RivalScores(candidate.Name, candidate.Complexity == 0) { FoldScores = candidate.Scores })],
            FoldScores = result.Winner.Scores,
            FoldRows = result.Winner.FoldPredictions.Select(fold => (double)fold.Rows).DefaultIfEmpty().Average(),
            TestTrainRatio = 1.0 / Math.Max(1, result.Winner.Folds - 1),
            HumanError = result.Evidence.Human?.Error,
        };
    }

    /// <summary>A model that knows nothing, for comparison: the best of the rivals that look at no column, else the constant that suits the evaluation rows themselves best.</summary>
    public Predictions Trivial => Rivals.FirstOrDefault(rival => rival is { Trivial: true, Predictions: not null })?.Predictions ?? TrivialAnswers.Of((Training ?? Evaluation).Answers, Evaluation.Count);

    private static JudgedRows Judge(Pipeline pipeline, Table table, CancellationToken cancellation)
    {
        var (answers, rows) = LabelledRows.Of(table, pipeline.TargetColumn, pipeline);
        var labelled = rows.Length == table.RowCount ? table : table.Take(rows);
        return new JudgedRows(answers, pipeline.Predict(labelled, cancellation), labelled);
    }
}
