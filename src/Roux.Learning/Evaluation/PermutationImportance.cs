using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>How much a column matters to a model.</summary>
/// <param name="Column">The column's name; of columns shuffled together their names, joined by <c> + </c>.</param>
/// <param name="Drop">How much worse the metric gets, on average, when the column's values are shuffled: positive means that the model relies on it. With a 95 % interval of the mean over repeats and rows.</param>
/// <param name="Repeats">The drop of each repeat.</param>
public sealed record ColumnImportance(string Column, Interval Drop, double[] Repeats)
{
    /// <summary>The drop when the column is shuffled together with those that say much the same, which could stand in for it; <c>null</c> where there are none or it was not measured.</summary>
    public ColumnImportance? Together { get; init; }
}

/// <summary>
/// Permutation importance (Breiman 2001, section 10; Fisher, Rudin and Dominici 2019): how much worse a fitted model gets when one column is shuffled.
/// Columns that say the same share their importance or seem unimportant, since each can stand in for the other: shuffled together they show it.
/// </summary>
public static class PermutationImportance
{
    private const int Groups = 20;

    /// <summary>Computes the importance of columns of a table.</summary>
    /// <param name="predict">The fitted model; called (columns and groups x repeats + 1) times with the whole table.</param>
    /// <param name="table">Rows that the model was not fitted on, with the columns it needs.</param>
    /// <param name="y">The known answers of these rows.</param>
    /// <param name="metric">What gets worse.</param>
    /// <param name="columns">Names of the columns to shuffle; <c>null</c> for all.</param>
    /// <param name="repeats">Shuffles per column, at least 1.</param>
    /// <param name="seed">Decides the shuffles.</param>
    /// <param name="alike">Sets of columns that say much the same (see <see cref="ColumnGroups"/>): each is also shuffled as one, its rows kept together; <c>null</c> for none.</param>
    /// <param name="cancellation">Asks to stop; looked at before every prediction.</param>
    /// <returns>The columns, the most important first.</returns>
    public static IReadOnlyList<ColumnImportance> Compute(
        Func<Table, Predictions> predict, Table table, Target y, Metric metric, IReadOnlyList<string>? columns = null, int repeats = 5, int seed = 0,
        IReadOnlyList<IReadOnlyList<string>>? alike = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (table.RowCount != y.Count)
        {
            throw new ArgumentException($"the table has {table.RowCount} rows, the target {y.Count}");
        }

        cancellation.ThrowIfCancellationRequested();
        var measure = new Measure(predict, table, y, metric, repeats, seed, cancellation);
        var sets = (alike ?? []).Select(names => (Names: names, Importance: measure.Of([.. names.Select(name => IndexOf(table, name))], string.Join(" + ", names)))).ToArray();
        var importances = Enumerable.Range(0, table.Columns.Count).Where(column => columns?.Contains(table.Columns[column].Name) ?? true)
            .Select(column => measure.Of([column], table.Columns[column].Name) with { Together = sets.FirstOrDefault(set => set.Names.Contains(table.Columns[column].Name)).Importance });
        return [.. importances.OrderByDescending(importance => importance.Drop.Estimate)];
    }

    private static int IndexOf(Table table, string name) => Enumerable.Range(0, table.Columns.Count).First(column => table.Columns[column].Name == name);

    private sealed class Measure
    {
        private readonly Func<Table, Predictions> predict;
        private readonly Table table;
        private readonly Target y;
        private readonly Metric metric;
        private readonly int repeats;
        private readonly int seed;
        private readonly CancellationToken cancellation;
        private readonly double intact;
        private readonly double[] intactWithout;
        private readonly int[][] without;
        private readonly Target[] answersWithout;

        public Measure(Func<Table, Predictions> predict, Table table, Target y, Metric metric, int repeats, int seed, CancellationToken cancellation)
        {
            (this.predict, this.table, this.y, this.metric, this.repeats, this.seed, this.cancellation) = (predict, table, y, metric, repeats, seed, cancellation);
            var predictions = predict(table);
            intact = metric.Compute(y, predictions);
            var rows = Enumerable.Range(0, table.RowCount).ToArray();
            SplitMix64.Of(seed, -1).Shuffle(rows);
            without = table.RowCount < 2 * Groups ? [] : [.. Enumerable.Range(0, Groups).Select(group => rows.Where((_, i) => i % Groups != group).ToArray())];
            answersWithout = Array.ConvertAll(without, kept => y.Take(kept));
            intactWithout = [.. without.Select((kept, group) => metric.Compute(answersWithout[group], predictions.Take(kept)))];
        }

        public ColumnImportance Of(int[] columns, string name)
        {
            var drops = new double[repeats];
            var parts = new double[without.Length];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                cancellation.ThrowIfCancellationRequested();
                var shuffled = predict(Shuffle(table, columns, SplitMix64.Of(seed, columns[0] * repeats + repeat)));
                drops[repeat] = Drop(intact, metric.Compute(y, shuffled));
                for (var group = 0; group < parts.Length; group++)
                {
                    parts[group] += Drop(intactWithout[group], metric.Compute(answersWithout[group], shuffled.Take(without[group]))) / repeats;
                }
            }

            return new ColumnImportance(name, IntervalOf(drops, parts), drops);
        }

        private double Drop(double before, double after) => metric.HigherIsBetter ? before - after : after - before;

        /// <summary>Chance in shuffling: the variance over repeats; chance in the rows: the jackknife over groups of rows (Miller 1974). The two are independent, so they add.</summary>
        private static Interval IntervalOf(double[] drops, double[] parts)
        {
            var byRepeats = ConfidenceIntervals.OfMean(drops, testTrainRatio: 0);
            double[] known = [.. parts.Where(double.IsFinite)];
            if (known.Length < Groups)
            {
                return byRepeats;
            }

            var mean = known.Average();
            var rows = (Groups - 1.0) / Groups * known.Sum(part => (part - mean) * (part - mean));
            var average = drops.Average();
            var shuffles = drops.Length < 2 ? 0 : drops.Sum(drop => (drop - average) * (drop - average)) / (drops.Length - 1) / drops.Length;
            var half = Statistics.Tails.StudentQuantileTwoSided(0.05, Groups - 1) * Math.Sqrt(rows + shuffles);
            return new Interval(average, average - half, average + half, "over repeats and rows (jackknife)");
        }
    }

    private static Table Shuffle(Table table, int[] shuffled, SplitMix64 random)
    {
        var rows = Enumerable.Range(0, table.RowCount).ToArray();
        random.Shuffle(rows);
        var columns = table.Columns.ToArray();
        foreach (var column in shuffled)
        {
            columns[column] = columns[column].Take(rows);
        }

        return new Table(table.Name, columns);
    }
}
