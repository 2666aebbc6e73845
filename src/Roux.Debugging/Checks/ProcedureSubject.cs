using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Debugging.Checks;

/// <summary>A whole way of learning and scoring, as a black box: it gets a table, parts it, learns and says how well it did. Tried on made-up tasks whose answer is known.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Task">The kind of task that it is made for.</param>
/// <param name="Evaluate">Gets a table, the name of the column to predict and a seed.</param>
public sealed record ProcedureSubject(string Name, TaskKind Task, Func<Table, string, int, ProcedureScore> Evaluate)
{
    /// <summary>Whether a learner can be tried on made-up tables of numbers and levels: not one that reads texts alone.</summary>
    public static bool Suits(Learner learner, TaskKind task, Configuration settings)
    {
        ArgumentNullException.ThrowIfNull(learner);
        return learner.Form(task, settings).Tokens is null;
    }

    /// <summary>A learner with its featurizer, scored on a third of the rows that it has not seen.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="task">The kind of task.</param>
    /// <param name="settings">Its settings; <c>null</c> for the usual ones.</param>
    /// <param name="context">Threads, and whether to stop.</param>
    public static ProcedureSubject Of(Learner learner, TaskKind task, Configuration? settings, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(context);
        return new ProcedureSubject(learner.Card.Name, task, (table, target, seed) =>
        {
            var candidate = new Candidate(learner.Card.Name, learner, settings ?? learner.Portfolio(task)[0]);
            var columns = ColumnRoles.Infer(table, target, new Dictionary<string, string>());
            List<ColumnSpec> features = [.. columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant))];
            var (answers, _, _) = TargetBuilder.Build(table, target, task, null);
            int[] test = [.. Enumerable.Range(0, table.RowCount).Where(row => row % 3 == 0)], training = [.. Enumerable.Range(0, table.RowCount).Where(row => row % 3 != 0)];
            var (featurizer, x) = Featurizer.Fit(table.Take(training), features, answers.Take(training), learner.Form(task, candidate.Configuration), seed, context.Threads, context.Cancellation);
            var model = CrossValidator.Fit(candidate, new TrainingSet(x, answers.Take(training)), seed, context.Threads, context.Cancellation);
            return ProcedureScore.Of(answers.Take(test), model.Predict(featurizer.Transform(table.Take(test), context.Threads, context.Cancellation)));
        });
    }
}

/// <summary>How well a procedure says it did.</summary>
/// <param name="Score">Share of right answers for classes; share of the variance that is explained for numbers (1 at best, 0 for the mean).</param>
/// <param name="Rows">Rows that it was scored on.</param>
public sealed record ProcedureScore(double Score, int Rows)
{
    /// <summary>Scores predictions.</summary>
    public static ProcedureScore Of(Target answers, Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(predictions);
        if (answers.Task == TaskKind.Regression)
        {
            var mean = answers.Values.Average();
            var (left, all) = (0.0, 0.0);
            for (var row = 0; row < answers.Count; row++)
            {
                left += Math.Pow(answers.Values[row] - predictions.Values[row], 2);
                all += Math.Pow(answers.Values[row] - mean, 2);
            }

            return new ProcedureScore(1 - left / all, answers.Count);
        }

        var labels = predictions.Labels();
        return new ProcedureScore(labels.Where((label, row) => label == answers.Labels[row]).Count() / (double)answers.Count, answers.Count);
    }
}
