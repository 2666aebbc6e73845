using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tests;
using Roux.Tuning;

namespace Roux.Debugging.Tests.Models;

/// <summary>Tables and pipelines for tests.</summary>
internal static class Fitted
{
    /// <summary>A shared data set; skips the calling test where it is not there.</summary>
    public static (Table Train, Table Test) Shared(string set, params string[] drop) =>
        (TableReader.Read(SharedData.Path($"data/{set}/train.csv")).Table.Without(drop), TableReader.Read(SharedData.Path($"data/{set}/test.csv")).Table.Without(drop));

    /// <summary>Fits a learner to a table.</summary>
    public static Pipeline Fit(string learner, Table training, string target, Configuration? configuration = null, int seed = 1, TaskKind? task = null, IReadOnlyDictionary<string, string>? roles = null)
    {
        configuration ??= Configuration.Empty;
        var (y, rows, _) = TargetBuilder.Build(training, target, task);
        var labelled = rows.Length == training.RowCount ? training : training.Take(rows);
        ColumnSpec[] columns = [.. ColumnRoles.Infer(labelled, target, roles).Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Id or ColumnRole.Constant or ColumnRole.Ignore))];
        var family = LearnerCatalog.Find(learner) ?? throw new ArgumentException(learner);
        var (featurizer, x) = Featurizer.Fit(labelled, columns, y, family.Form(y.Task, configuration), seed, 2, CancellationToken.None);
        var model = family.Fit(new TrainingSet(x, y), configuration, new FitContext(seed, 2));
        return new Pipeline(learner, y.Task, target, y.Classes, columns, [new PipelineMember(1, featurizer, model)]);
    }

    /// <summary>The table with one column put in another's place, or added.</summary>
    public static Table With(this Table table, Column column) =>
        new(table.Name, table.Find(column.Name) is null ? [.. table.Columns, column] : [.. table.Columns.Select(other => other.Name == column.Name ? column : other)]);

    /// <summary>The first rows.</summary>
    public static Table First(this Table table, int rows) => table.RowCount <= rows ? table : table.Take([.. Enumerable.Range(0, rows)]);
}
