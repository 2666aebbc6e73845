using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>How much a column matters to a model.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Drop">How much worse the metric gets, on average, when the column's values are shuffled: positive means that the model relies on it. With a 95 % interval of the mean over repeats, which shows the chance in shuffling, not that in the rows.</param>
/// <param name="Repeats">The drop of each repeat.</param>
public sealed record ColumnImportance(string Column, Interval Drop, double[] Repeats);

/// <summary>
/// Permutation importance (Breiman 2001, section 10; Fisher, Rudin and Dominici 2019): how much worse a fitted model gets when one column is shuffled.
/// Columns that say the same share their importance or seem unimportant, since each can stand in for the other.
/// </summary>
public static class PermutationImportance
{
    /// <summary>Computes the importance of columns of a table.</summary>
    /// <param name="predict">The fitted model; called (columns x repeats + 1) times with the whole table.</param>
    /// <param name="table">Rows that the model was not fitted on, with the columns it needs.</param>
    /// <param name="y">The known answers of these rows.</param>
    /// <param name="metric">What gets worse.</param>
    /// <param name="columns">Names of the columns to shuffle; <c>null</c> for all.</param>
    /// <param name="repeats">Shuffles per column, at least 1; an interval needs 2.</param>
    /// <param name="seed">Decides the shuffles.</param>
    /// <param name="cancellation">Asks to stop; looked at before every prediction.</param>
    /// <returns>The columns, the most important first.</returns>
    public static IReadOnlyList<ColumnImportance> Compute(
        Func<Table, Predictions> predict, Table table, Target y, Metric metric, IReadOnlyList<string>? columns = null, int repeats = 5, int seed = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (table.RowCount != y.Count)
        {
            throw new ArgumentException($"the table has {table.RowCount} rows, the target {y.Count}");
        }

        cancellation.ThrowIfCancellationRequested();
        var intact = metric.Compute(y, predict(table));
        var places = Enumerable.Range(0, table.Columns.Count).Where(column => columns?.Contains(table.Columns[column].Name) ?? true).ToArray();
        var importances = new ColumnImportance[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var column = places[i];
            var drops = new double[repeats];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                cancellation.ThrowIfCancellationRequested();
                var shuffled = metric.Compute(y, predict(Shuffle(table, column, SplitMix64.Of(seed, column * repeats + repeat))));
                drops[repeat] = metric.HigherIsBetter ? intact - shuffled : shuffled - intact;
            }

            importances[i] = new ColumnImportance(table.Columns[column].Name, ConfidenceIntervals.OfMean(drops, testTrainRatio: 0), drops);
        }

        return [.. importances.OrderByDescending(importance => importance.Drop.Estimate)];
    }

    private static Table Shuffle(Table table, int column, SplitMix64 random)
    {
        var rows = Enumerable.Range(0, table.RowCount).ToArray();
        random.Shuffle(rows);
        var columns = table.Columns.ToArray();
        columns[column] = columns[column].Take(rows);
        return new Table(table.Name, columns);
    }
}
