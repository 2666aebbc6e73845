using Roux.Learning.Data;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Pipelines;

/// <summary>
/// Everything from a table to predictions, as it is saved, registered and used: fitted features and fitted models. With several
/// members the weighted average of their probabilities or values; these may then be calibrated, and a rule may say how they become
/// decisions. Immutable; predicting is safe from many threads.
/// </summary>
public sealed class Pipeline
{
    /// <summary>Rows that are turned into features at a time, which bounds the memory of a prediction.</summary>
    private const int BlockRows = 50_000;

    /// <summary>Up to so many rows of a table are freed first from the strings that they share with its other rows.</summary>
    private const int FewRows = 64;

    private readonly string[] needed;
    private readonly (FittedFeaturizer Featurizer, (Model Model, double Share, TargetTransform Transform)[] Members)[] groups;

    /// <param name="name">What it is called, such as the learner's name.</param>
    /// <param name="task">The kind of task.</param>
    /// <param name="targetColumn">Name of the predicted column.</param>
    /// <param name="classes">Names of the classes, in the order of the outputs; empty for regression.</param>
    /// <param name="columns">The columns it was given to learn from.</param>
    /// <param name="members">At least one.</param>
    /// <param name="metadata">Where it came from: version, data digest, run. Stored as it is.</param>
    /// <param name="calibrator">What is done to the averaged probabilities; <c>null</c> for nothing.</param>
    /// <param name="rule">How probabilities become decisions; <c>null</c> for the most probable class and labels above 0.5.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public Pipeline(
        string name, TaskKind task, string targetColumn, string[] classes, IReadOnlyList<ColumnSpec> columns,
        IReadOnlyList<PipelineMember> members, IReadOnlyDictionary<string, string>? metadata = null, Calibrator? calibrator = null, DecisionRule? rule = null)
    {
        if (members.Count == 0 || members.Any(member => !double.IsFinite(member.Weight) || member.Weight < 0) || members.Sum(member => member.Weight) <= 0)
        {
            throw new ArgumentException("a pipeline needs members whose weights are not negative and not all 0", nameof(members));
        }

        var allowed = task switch { TaskKind.Regression => classes.Length == 0, TaskKind.Binary => classes.Length == 2, TaskKind.Multiclass => classes.Length >= 3, _ => classes.Length >= 1 };
        if (!allowed)
        {
            throw new ArgumentException($"{classes.Length} classes do not make a {task} task", nameof(classes));
        }

        if (task != TaskKind.Regression && members.Any(member => member.TargetTransform != TargetTransform.None))
        {
            throw new ArgumentException("only a numeric target can be transformed", nameof(members));
        }

        if (calibrator?.Fits(task, classes.Length) == false || rule?.Fits(task, classes.Length) == false)
        {
            throw new ArgumentException($"{(rule?.Fits(task, classes.Length) == false ? "the decision rule" : "the calibrator")} is not made for a {task} task of {classes.Length} classes");
        }

        (Name, Task, TargetColumn, Classes, Columns, Members) = (name, task, targetColumn, classes, columns, members);
        (Calibrator, Rule) = (calibrator, rule);
        Metadata = metadata ?? new Dictionary<string, string>();
        var total = members.Sum(member => member.Weight);
        needed = [.. members.SelectMany(member => member.Featurizer.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal)];
        groups = [.. members.GroupBy(member => member.Featurizer).Select(group =>
            (group.Key, group.Select(member => (member.Model, members.Count == 1 ? 1 : member.Weight / total, member.TargetTransform)).ToArray()))];
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The kind of task.</summary>
    public TaskKind Task { get; }

    /// <summary>Name of the predicted column.</summary>
    public string TargetColumn { get; }

    /// <summary>Names of the classes, in the order of the outputs; empty for regression.</summary>
    public string[] Classes { get; }

    /// <summary>The columns it was given to learn from.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>The models.</summary>
    public IReadOnlyList<PipelineMember> Members { get; }

    /// <summary>Where it came from.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What is done to the averaged probabilities; <c>null</c> for nothing.</summary>
    public Calibrator? Calibrator { get; }

    /// <summary>How probabilities become decisions; <c>null</c> for the most probable class and labels above 0.5.</summary>
    public DecisionRule? Rule { get; }

    /// <summary>Outputs per row: the number of classes, or 1.</summary>
    public int Width => Task == TaskKind.Regression ? 1 : Classes.Length;

    /// <summary>The same pipeline with other metadata.</summary>
    public Pipeline With(IReadOnlyDictionary<string, string> metadata) => new(Name, Task, TargetColumn, Classes, Columns, Members, metadata, Calibrator, Rule);

    /// <summary>The same models with another calibrator and another rule.</summary>
    /// <param name="calibrator">What is done to the averaged probabilities; <c>null</c> for nothing.</param>
    /// <param name="rule">How probabilities become decisions; <c>null</c> for the usual way.</param>
    public Pipeline With(Calibrator? calibrator, DecisionRule? rule) => new(Name, Task, TargetColumn, Classes, Columns, Members, Metadata, calibrator, rule);

    /// <summary>What becomes of averaged probabilities: calibrated, with the rule of decision.</summary>
    /// <param name="averaged">Predictions of the same models without calibrator and rule.</param>
    public Predictions Finish(Predictions averaged)
    {
        var calibrated = Calibrator?.Apply(averaged) ?? averaged;
        return Rule is null ? calibrated : new Predictions(calibrated.Task, calibrated.Width, calibrated.Values, Rule);
    }

    /// <summary>Predicts all rows of a table.</summary>
    /// <param name="table">Has at least the columns that the features are made from; the target need not be there.</param>
    /// <param name="ct">Asks to stop.</param>
    /// <exception cref="DataException">A column is not there or cannot be read as in training.</exception>
    public Predictions Predict(Table table, CancellationToken ct = default) => Predict(table, BlockRows, ct);

    /// <summary>The same with so many rows turned into features at a time.</summary>
    internal Predictions Predict(Table table, int blockRows, CancellationToken ct)
    {
        var values = new double[checked(table.RowCount * Width)];
        for (var start = 0; start < table.RowCount; start += blockRows)
        {
            var rows = Math.Min(blockRows, table.RowCount - start);
            var block = rows == table.RowCount ? table : Needed(table).Take([.. Enumerable.Range(start, rows)]);
            PredictBlock(block, values.AsSpan(start * Width, rows * Width), ct);
        }

        return Finish(new Predictions(Task, Width, values));
    }

    /// <summary>Saves to one file, described in docs/model-format.md: written beside it first and renamed, so that a reader sees all of it or nothing.</summary>
    public void Save(string path) => PipelineFile.Save(this, path);

    /// <summary>Loads what <see cref="Save"/> wrote. Nothing in the file is run and nothing in it is trusted.</summary>
    /// <exception cref="InvalidDataException">Not a model file, damaged, or of a version that this one cannot read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Pipeline Load(string path) => PipelineFile.Load(path);

    private Table Needed(Table table) => new(table.Name, [.. needed.Select(name => FittedFeaturizer.Find(table, name))]);

    /// <summary>
    /// Featurizers look at each string of a column once, which pays with many rows. A few rows of a long column would have them look at
    /// all the strings of all the others.
    /// </summary>
    private Table Slim(Table table) => table.RowCount <= FewRows && table.Columns.Any(HasSpareLevels)
        ? new Table(table.Name, [.. needed.Select(name => FittedFeaturizer.Find(table, name)).Select(column => HasSpareLevels(column) ? ((TextColumn)column).WithoutUnusedLevels() : column)])
        : table;

    private static bool HasSpareLevels(Column column) => column is TextColumn text && text.Levels.Length > 4 * FewRows;

    private void PredictBlock(Table table, Span<double> values, CancellationToken ct)
    {
        table = Slim(table);
        foreach (var (featurizer, members) in groups)
        {
            var x = featurizer.Transform(table, ct);
            foreach (var (model, share, transform) in members)
            {
                ct.ThrowIfCancellationRequested();
                var predictions = transform.Undo(model.Predict(x));
                if (predictions.Width != Width || predictions.Values.Length != values.Length)
                {
                    throw new InvalidOperationException($"a model of kind '{model.Kind}' gave {predictions.Values.Length} values for {table.RowCount} rows x {Width} outputs");
                }

                for (var i = 0; i < values.Length; i++)
                {
                    values[i] += predictions.Values[i] * share;
                }
            }
        }
    }
}
