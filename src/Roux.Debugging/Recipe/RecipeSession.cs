using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Labels;
using Roux.Debugging.Sessions;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Data.Corrections;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Debugging.Recipe;

/// <summary>Makes the network of a learner as it is before its first step, with its loss, its optimiser and batches of its data; <c>null</c> for learners without one.</summary>
/// <param name="learner">The learner.</param>
/// <param name="settings">Its settings.</param>
/// <param name="training">The rows to learn from.</param>
/// <param name="columns">The columns that features are made of.</param>
/// <param name="answers">The answers of the rows.</param>
/// <param name="context">Seed, threads, and whether to stop.</param>
public delegate TrainingSubject? NetworkMaker(Learner learner, Configuration settings, Table training, IReadOnlyList<ColumnSpec> columns, Target answers, CheckContext context);

/// <summary>Walks the recipe with a table and a learner: what <c>roux debug DATA --recipe</c> does.</summary>
public static class RecipeSession
{
    private const int MostRows = 20_000;

    /// <summary>Reads the data, and walks.</summary>
    /// <param name="data">What to read and to predict; the first of its families is the learner, boosted trees where none is named.</param>
    /// <param name="options">How to go about it.</param>
    /// <param name="failOn">The least severity that ends the walk.</param>
    /// <param name="network">Makes the network of a learner that has one; <c>null</c> where none can be made.</param>
    /// <exception cref="DataException">The data cannot be used; the message says why and what to do.</exception>
    public static (DebugResult Result, IReadOnlyList<RecipeStep> Steps) Run(DevelopOptions data, SessionOptions options, Severity failOn, NetworkMaker? network = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        using var log = new SessionLog(options.Context, options.TimeBudget, options.Clock, options.Progress);
        options.Progress("reading the data");
        var inputs = DevelopInputs.Read(data, log.Note, options.Context.Cancellation);
        var table = TableSubject.Of(inputs.Data.Table, data.Target, TableSession.Known(data, inputs.TestData), options.Context.Cancellation);
        var learner = Choose(inputs.Learners, data.Families);
        var (training, answers) = (inputs.Development, inputs.DevelopmentTarget);
        if (training.RowCount > MostRows)
        {
            var rows = Splitters.Holdout(answers, (double)MostRows / training.RowCount, options.Context.Seed).Test;
            (training, answers) = (training.Take(rows), answers.Take(rows));
        }

        var settings = learner.Portfolio(inputs.Task)[0];
        var made = network?.Invoke(learner, settings, training, inputs.FeatureColumns, answers, log.Context);
        try
        {
            var subject = new RecipeSubject(table, learner, settings, training, answers, inputs.Test, inputs.FeatureColumns, log.Context) { Network = made };
            var steps = new RecipeWalk(log, subject, failOn).Walk();
            List<string> facts = [learner.Card.Name, string.Create(CultureInfo.InvariantCulture, $"{training.RowCount:N0} rows to learn from, {inputs.Test.RowCount:N0} to judge by")];
            log.Keep(RecipeRecord.Path, RecipeRecord.Of(learner.Card.Name, facts, steps));
            if (table.LabelReview is { } review)
            {
                log.Keep(LabelList.Path, review.ToJson(table, DevelopJournal.DatasetOf(inputs.Data, data.DataPath, inputs.Columns)));
            }

            return (log.Finish(TableSession.SubjectOf(data) + FindingDecisions.RecipeInfix + learner.Card.Name, facts, options.Suppressions), steps);
        }
        finally
        {
            made?.Network?.Dispose();
        }
    }

    private static Learner Choose(IReadOnlyList<Learner> learners, IReadOnlyList<string> families) =>
        learners.FirstOrDefault(learner => families.Count > 0 && families[0] == learner.Card.Name)
        ?? learners.FirstOrDefault(learner => families.Count > 0 && families[0] == learner.Card.Family)
        ?? learners.FirstOrDefault(learner => learner.Card.Name == "lightgbm") ?? learners[^1];
}
