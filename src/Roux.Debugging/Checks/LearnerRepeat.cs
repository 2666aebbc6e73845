using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Debugging.Checks;

/// <summary>A learner of tables, fitted again and again to the same rows.</summary>
/// <param name="learner">The learner.</param>
/// <param name="settings">Its settings.</param>
/// <param name="table">The rows to learn from.</param>
/// <param name="columns">The columns that features are made of.</param>
/// <param name="answers">The answers of the rows.</param>
/// <param name="asked">The rows to answer for.</param>
public sealed class LearnerRepeat(Learner learner, Configuration settings, Table table, IReadOnlyList<ColumnSpec> columns, Target answers, Table asked) : IRepeatable
{
    private const int MostCells = 200_000;

    /// <inheritdoc/>
    public string Name => learner.Card.Name;

    /// <inheritdoc/>
    public RepeatTrace Repeat(Circumstances circumstances, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(circumstances);
        var (seed, threads) = (circumstances.Seed, circumstances.Threads);
        var (featurizer, x) = Featurizer.Fit(table, columns, answers, learner.Form(answers.Task, settings), seed, threads, cancellation);
        var training = new TrainingSet(x, answers);
        var model = Learning.AutoML.CrossValidator.Fit(new Learning.AutoML.Candidate(Name, learner, settings), training, seed, threads, cancellation);
        var predictions = model.Predict(featurizer.Transform(asked, threads, cancellation));
        return new RepeatTrace([new RepeatStage(StageKind.Data, "the features", Cells(x))], predictions.Values, predictions.Width);
    }

    private static double[] Cells(FeatureMatrix x)
    {
        var values = x.Dense ?? x.Values!;
        var step = Math.Max(1, values.Length / MostCells);
        return [.. Enumerable.Range(0, values.Length / step).Select(i => (double)values[i * step])];
    }
}
