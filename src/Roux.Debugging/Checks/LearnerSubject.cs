using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Assumptions;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Debugging.Checks;

/// <summary>A learner beside the data that it is to learn from: what it takes for granted, and the features as it really gets them. What many checks need is computed once.</summary>
public sealed class LearnerSubject
{
    private const int MostRows = 5000;

    private readonly Lazy<FeatureMatrix> features;
    private readonly Lazy<AssumptionData?> sample;
    private readonly Lazy<AssumptionReport> report;

    private LearnerSubject(Learner learner, Configuration settings, Table table, IReadOnlyList<ColumnSpec> columns, Target answers, FeatureForm? form, FittedFeaturizer? featurizer, CheckContext context)
    {
        (Learner, Settings, Table, Columns, Answers) = (learner, settings, table, columns, answers);
        Form = featurizer?.Form ?? form ?? learner.Form(answers.Task, settings);
        var options = new AssumptionOptions { Seed = Seeds.Derive(context.Seed, "assumptions"), Threads = context.Threads };
        features = new(() =>
        {
            var rows = TableRows();
            return featurizer?.Transform(table.Take(rows), context.Threads, context.Cancellation)
                ?? Featurizer.Fit(table.Take(rows), columns, answers.Take(rows), Form, options.Seed, context.Threads, context.Cancellation).Training;
        });
        sample = new(() => AssumptionData.Of(table, columns, answers, options, context.Cancellation));
        report = new(() => AssumptionAudit.Of(table, columns, answers, [learner], options, context.Cancellation));
    }

    /// <summary>The learner.</summary>
    public Learner Learner { get; }

    /// <summary>Its settings.</summary>
    public Configuration Settings { get; }

    /// <summary>The rows to learn from.</summary>
    public Table Table { get; }

    /// <summary>The columns that features are made of.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>The answers of the rows.</summary>
    public Target Answers { get; }

    /// <summary>The form in which it gets its features.</summary>
    public FeatureForm Form { get; }

    /// <summary>Rows that the model will be asked about; <c>null</c> where none are known.</summary>
    public Table? Others { get; init; }

    /// <summary>Name of the learner.</summary>
    public string Name => Learner.Card.Name;

    /// <summary>Family of the learner, such as <c>linear</c>.</summary>
    public string Family => Learner.Card.Family;

    /// <summary>Features of at most 5,000 rows, as the learner gets them.</summary>
    internal FeatureMatrix Features => features.Value;

    /// <summary>Standardised features of a sample; <c>null</c> where there are none but texts and lists.</summary>
    internal AssumptionData? Sample => sample.Value;

    /// <summary>What the learner takes for granted, held against the data.</summary>
    internal AssumptionReport Report => report.Value;

    /// <summary>A learner that is to learn from a table.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="table">The rows, in the types of <paramref name="columns"/>.</param>
    /// <param name="columns">The columns that features are made of.</param>
    /// <param name="answers">The answers of the rows.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    /// <param name="settings">Its settings; <c>null</c> for the usual ones.</param>
    /// <param name="form">The form in which it gets its features; <c>null</c> for the one that it asks for.</param>
    /// <param name="others">Rows that the model will be asked about; <c>null</c> where none are known.</param>
    public static LearnerSubject Of(Learner learner, Table table, IReadOnlyList<ColumnSpec> columns, Target answers, CheckContext context, Configuration? settings = null, FeatureForm? form = null, Table? others = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(context);
        return new LearnerSubject(learner, settings ?? learner.Portfolio(answers.Task)[0], table, columns, answers, form, null, context) { Others = others };
    }

    /// <summary>The member of a fitted pipeline that weighs most, beside rows that it learned from; <c>null</c> where its learner is not one of the catalog.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="table">Rows that it was fitted on, with answers.</param>
    /// <param name="others">Rows that the model will be asked about; <c>null</c> where none are known.</param>
    /// <param name="context">Seed, threads, and whether to stop.</param>
    /// <exception cref="DataException">A column is absent.</exception>
    public static LearnerSubject? Of(Pipeline pipeline, Table table, Table? others, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(context);
        var name = pipeline.Name.Split('#', ' ')[0];
        if ((LearnerCatalog.Find(pipeline.Name) ?? LearnerCatalog.Find(name)) is not { } learner)
        {
            return null;
        }

        var (answers, rows) = LabelledRows.Of(table, pipeline.TargetColumn, pipeline);
        var labelled = rows.Length == table.RowCount ? table : table.Take(rows);
        var member = pipeline.Members.MaxBy(one => one.Weight)!;
        return new LearnerSubject(learner, Configuration.Empty, TableSchema.Conform(labelled, pipeline.Columns, []), pipeline.Columns, answers, null, member.Featurizer, context) { Others = others };
    }

    /// <summary>What the audit says of an assumption whose words begin so; <c>null</c> where it was not looked at or the learner does not make it.</summary>
    internal AssumptionCheck? Assumption(string words) => Report.Checks.FirstOrDefault(check => check.Assumption.StartsWith(words, StringComparison.Ordinal) && check.Learners.Contains(Name));

    private int[] TableRows() => Table.RowCount <= MostRows ? [.. Enumerable.Range(0, Table.RowCount)]
        : [.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * Table.RowCount / MostRows))];
}
