using Roux.Learning.Data;

namespace Roux.Debugging.Behaviour;

/// <summary>Tries a model's behaviour.</summary>
public static class BehaviourRunner
{
    private const int MostRows = 2_000;

    /// <summary>Runs one test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="predict">The model.</param>
    /// <param name="task">Its kind of task.</param>
    /// <param name="classes">Its classes, in the order of the outputs.</param>
    /// <param name="columns">The columns that it reads.</param>
    /// <param name="evaluation">Rows to draw from where the test writes none out; of more than 2,000 as many in even steps.</param>
    /// <exception cref="DataException">The test names what the model or the rows do not have.</exception>
    public static BehaviourResult Run(BehaviourTest test, Func<Table, Predictions> predict, TaskKind task, IReadOnlyList<string> classes, IReadOnlyList<ColumnSpec> columns, Table? evaluation)
    {
        ArgumentNullException.ThrowIfNull(test);
        var before = test.Rows.Count > 0 ? Written(test, columns) : Chosen(test, evaluation);
        var after = test.Changes.Count == 0 ? before : CellChanges.Apply(before, test);
        if (before.RowCount == 0)
        {
            return new BehaviourResult(test, 0, [], before, after, [], []);
        }

        var output = Output(test, task, classes);
        var first = predict(before);
        var second = test.Changes.Count == 0 ? first : predict(after);
        var unit = task == TaskKind.Regression ? Math.Max(Deviation(first.Values), 1e-12) : 1;
        double[] from = [.. Enumerable.Range(0, before.RowCount).Select(row => first.Row(row)[output])];
        double[] to = [.. Enumerable.Range(0, before.RowCount).Select(row => second.Row(row)[output])];
        var (labels, changed) = task is TaskKind.Binary or TaskKind.Multiclass ? (first.Labels(), second.Labels()) : ([], []);
        double Badness(int row) => test.Kind switch
        {
            BehaviourKind.MinimumFunctionality when task == TaskKind.Regression => Math.Max(test.Least - from[row], from[row] - test.Most),
            BehaviourKind.MinimumFunctionality when task == TaskKind.Multilabel => first.Has(row, output) ? 0 : 1 - from[row],
            BehaviourKind.MinimumFunctionality => labels[row] == output ? 0 : 1 - from[row],
            BehaviourKind.Directional => -test.Direction * (to[row] - from[row]) / unit - test.Tolerance,
            _ => labels.Length > 0 && labels[row] == changed[row] ? 0 : Distance(first.Row(row), second.Row(row)) / unit - test.Tolerance,
        };
        var badness = Enumerable.Range(0, before.RowCount).Select(Badness).ToArray();
        var failed = Enumerable.Range(0, badness.Length).Where(row => badness[row] > 0).OrderByDescending(row => badness[row]).ToArray();
        return new BehaviourResult(test, before.RowCount, failed, before, after, from, to);
    }

    private static int Output(BehaviourTest test, TaskKind task, IReadOnlyList<string> classes)
    {
        if (task == TaskKind.Regression)
        {
            return test.Class is null ? 0 : throw new DataException($"test '{test.Name}': the model predicts numbers and has no class '{test.Class}'; expect a range such as {{\"min\": 1, \"max\": 2}}");
        }

        if (test.Class is null)
        {
            return test.Kind == BehaviourKind.MinimumFunctionality ? throw new DataException($"test '{test.Name}': expect one of the classes {string.Join(", ", classes)}")
                : task == TaskKind.Binary ? 1
                : test.Kind == BehaviourKind.Invariance ? 0
                : throw new DataException($"test '{test.Name}': give the class whose probability must move: \"class\": one of {string.Join(", ", classes)}");
        }

        var place = Enumerable.Range(0, classes.Count).Where(k => classes[k] == test.Class).DefaultIfEmpty(-1).First();
        return place >= 0 ? place : throw new DataException(NearestName.Message($"test '{test.Name}': class", test.Class, "class", classes).Replace("Classs:", "Classes:", StringComparison.Ordinal));
    }

    private static Table Written(BehaviourTest test, IReadOnlyList<ColumnSpec> columns)
    {
        foreach (var name in test.Rows.SelectMany(row => row.Keys).Where(name => !columns.Any(column => column.Name == name)))
        {
            throw new DataException(NearestName.Message($"test '{test.Name}': row", name, "column", [.. columns.Select(column => column.Name)]));
        }

        return new Table(test.Name, [.. columns.Select(column => TextColumn.From(column.Name, test.Rows.Select(row => row.GetValueOrDefault(column.Name))))]);
    }

    private static Table Chosen(BehaviourTest test, Table? evaluation)
    {
        if (evaluation is null)
        {
            throw new DataException($"test '{test.Name}': needs rows: give data, or write \"rows\" into the test");
        }

        var rows = Enumerable.Range(0, evaluation.RowCount);
        foreach (var condition in test.Where)
        {
            var column = evaluation.Find(condition.Column)
                ?? throw new DataException(NearestName.Message($"test '{test.Name}': where", condition.Column, "column", [.. evaluation.Columns.Select(other => other.Name)]));
            rows = condition.Equal is { } equal ? rows.Where(row => column.Format(row) == equal)
                : column is NumberColumn numbers ? rows.Where(row => numbers.Values[row] >= condition.Least && numbers.Values[row] <= condition.Most)
                : throw new DataException($"test '{test.Name}': '{column.Name}' holds no numbers to compare with a range");
        }

        var chosen = rows.ToArray();
        return evaluation.Take(chosen.Length <= MostRows ? chosen : [.. Enumerable.Range(0, MostRows).Select(i => chosen[(int)((long)i * chosen.Length / MostRows)])]);
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var most = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            most = Math.Max(most, Math.Abs(a[k] - b[k]));
        }

        return most;
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
