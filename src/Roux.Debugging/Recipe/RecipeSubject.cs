using Roux.Debugging.Checks;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Debugging.Recipe;

/// <summary>What the recipe is walked with: a table and a learner that is to learn from it.</summary>
public sealed class RecipeSubject
{
    private readonly Lazy<(Pipeline Pipeline, ModelSubject Model)> fitted;

    /// <param name="table">The table, with what is known of it.</param>
    /// <param name="learner">The learner.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="answers">Their answers.</param>
    /// <param name="evaluation">Rows to judge by, with answers.</param>
    /// <param name="columns">The columns that features are made of.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    public RecipeSubject(TableSubject table, Learner learner, Configuration settings, Table training, Target answers, Table evaluation, IReadOnlyList<ColumnSpec> columns, CheckContext context)
    {
        (Table, Learner, Settings, Training, Answers, Evaluation, Columns) = (table, learner, settings, training, answers, evaluation, columns);
        fitted = new(() =>
        {
            var (featurizer, x) = Featurizer.Fit(training, columns, answers, learner.Form(answers.Task, settings), context.Seed, context.Threads, context.Cancellation);
            var model = CrossValidator.Fit(new Candidate(learner.Card.Name, learner, settings), new TrainingSet(x, answers), context.Seed, context.Threads, context.Cancellation);
            var pipeline = new Pipeline(learner.Card.Name, answers.Task, table.TargetName!, answers.Classes, columns, [new PipelineMember(1, featurizer, model)]);
            return (pipeline, ModelSubject.Of(pipeline, training, evaluation, null, rivals: true, context));
        });
    }

    /// <summary>The table, with what is known of it.</summary>
    public TableSubject Table { get; }

    /// <summary>The learner.</summary>
    public Learner Learner { get; }

    /// <summary>Its settings.</summary>
    public Configuration Settings { get; }

    /// <summary>Rows to learn from.</summary>
    public Table Training { get; }

    /// <summary>Their answers.</summary>
    public Target Answers { get; }

    /// <summary>Rows to judge by.</summary>
    public Table Evaluation { get; }

    /// <summary>The columns that features are made of.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>The learner's network before its first step, to try things on; <c>null</c> for learners without one.</summary>
    public TrainingSubject? Network { get; init; }

    /// <summary>The fitted model, saved as a pipeline.</summary>
    public Pipeline Pipeline => fitted.Value.Pipeline;

    /// <summary>The fitted model beside the rows that it is judged by.</summary>
    public ModelSubject Model => fitted.Value.Model;
}
