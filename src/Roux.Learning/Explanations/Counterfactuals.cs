using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>
/// Counterfactuals from the data itself: values are borrowed from the nearest rows that the model answers as wanted (nearest unlike neighbours; Keane and Smyth, "Good counterfactuals and where to
/// find them", 2020), as few as needed, taken greedily and given back where they are not needed; numbers then move only as far as they must, in steps that occur in the data.
/// Changed rows are plausible column by column; whether the combination can occur, only a person knows.
/// </summary>
public sealed class Counterfactuals
{
    private const int Donors = 12;
    private const int StepsBetween = 12;

    private readonly Pipeline pipeline;
    private readonly Table pool;
    private readonly Predictions predictions;
    private readonly HashSet<string> kept;
    private readonly CancellationToken cancellation;
    private readonly List<string> names;

    /// <param name="pipeline">The model.</param>
    /// <param name="pool">Rows like those of training, to borrow values from.</param>
    /// <param name="kept">Columns that must not change, such as age.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">A kept column is not one that the model reads.</exception>
    public Counterfactuals(Pipeline pipeline, Table pool, IReadOnlyCollection<string> kept, CancellationToken cancellation = default)
    {
        (this.pipeline, this.cancellation, this.kept) = (pipeline, cancellation, [.. kept]);
        names = [.. pipeline.Columns.Select(column => column.Name).Where(name => pipeline.Members.Any(member => member.Featurizer.Columns.Any(column => column.Name == name)))];
        if (kept.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new DataException(NearestName.Message("--keep", unknown, "column that the model reads", names));
        }

        this.pool = Needed(pool);
        predictions = pipeline.Predict(this.pool, cancellation);
    }

    /// <summary>What the model says of the pool.</summary>
    public Predictions Predictions => predictions;

    /// <summary>Finds counterfactuals of a row.</summary>
    /// <param name="row">A table of one row.</param>
    /// <param name="goal">The answer that is sought; <c>null</c> for the next most probable class, or the other side of the median.</param>
    /// <param name="most">Most to find.</param>
    public CounterfactualSet Find(Table row, CounterfactualGoal? goal = null, int most = 3)
    {
        var own = pipeline.Predict(row, cancellation);
        goal ??= CounterfactualGoal.Of(pipeline, own.Row(0), predictions);
        if (goal.Margin(pipeline.Task, own.Row(0)) > 0)
        {
            return new CounterfactualSet(goal.Words, [], "the row is answered so as it is");
        }

        var both = Stacking.Of(pool, Needed(row));
        var distance = new RowDistance(both, [.. names.Select(name => pipeline.Columns.First(column => column.Name == name))]);
        var self = pool.RowCount;
        int[] donors = [.. Enumerable.Range(0, pool.RowCount).Where(other => goal.Margin(pipeline.Task, predictions.Row(other)) > 0)
            .OrderBy(other => distance.Between(self, other)).ThenBy(other => other).Take(Donors)];
        var found = new List<(int[] Sources, double Distance)>();
        foreach (var donor in donors)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Search(both, distance, self, donor, goal) is { } sources)
            {
                found.Add((sources, Enumerable.Range(0, sources.Length).Sum(column => distance.Between(column, self, sources[column])) / sources.Length));
            }
        }

        Counterfactual[] chosen = [.. found.OrderBy(pair => pair.Sources.Count(source => source != self)).ThenBy(pair => pair.Distance)
            .DistinctBy(pair => string.Join(',', pair.Sources.Select((source, column) => source == self ? -1 : column)))
            .Take(most).Select(pair => Tell(both, self, pair.Sources, pair.Distance, goal))];
        var note = chosen.Length > 0 ? null
            : donors.Length == 0 ? $"no row among {pool.RowCount:N0} is {goal.Words}: there is nothing to borrow from"
            : $"no change was found that the columns left free allow{(kept.Count > 0 ? $"; kept as they are: {string.Join(", ", kept.Order(StringComparer.Ordinal))}" : "")}";
        return new CounterfactualSet(goal.Words, chosen, note);
    }

    /// <summary>The nearest rows of the pool whose known answer is not what the model says of the row.</summary>
    /// <param name="row">A table of one row.</param>
    /// <param name="answers">Known answers of the pool.</param>
    /// <param name="most">Most to tell.</param>
    public IReadOnlyList<ContraryExample> Contrary(Table row, Target answers, int most = 3)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Task is not (TaskKind.Binary or TaskKind.Multiclass) || answers.Count != pool.RowCount)
        {
            return [];
        }

        var says = pipeline.Classes[pipeline.Predict(row, cancellation).Labels()[0]];
        var both = Stacking.Of(pool, Needed(row));
        var distance = new RowDistance(both, [.. names.Select(name => pipeline.Columns.First(column => column.Name == name))]);
        var (self, labels) = (pool.RowCount, predictions.Labels());
        return [.. Enumerable.Range(0, pool.RowCount).Where(other => answers.Classes[answers.Labels[other]] != says)
            .Select(other => (Row: other, Distance: distance.Between(self, other))).OrderBy(pair => pair.Distance).ThenBy(pair => pair.Row).Take(most)
            .Select(pair => new ContraryExample(
                pair.Row, answers.Classes[answers.Labels[pair.Row]], pipeline.Classes[labels[pair.Row]], pair.Distance,
                [.. Enumerable.Range(0, names.Count).Where(column => distance.Between(column, self, pair.Row) > 0)
                    .OrderByDescending(column => distance.Between(column, self, pair.Row)).Take(6)
                    .Select(column => Change(both, column, self, pair.Row))]))];
    }

    private Table Needed(Table table) => new(table.Name, [.. names.Select(name => FittedFeaturizer.Find(table, name))]);

    /// <summary>Source rows of each column of a changed row that meets the goal; <c>null</c> where borrowing from this donor does not get there.</summary>
    private int[]? Search(Table both, RowDistance distance, int self, int donor, CounterfactualGoal goal)
    {
        var sources = Enumerable.Repeat(self, names.Count).ToArray();
        var free = Enumerable.Range(0, names.Count).Where(column => !kept.Contains(names[column]) && distance.Between(column, self, donor) > 0).ToHashSet();
        var met = false;
        while (!met && free.Count > 0)
        {
            // Take over the column that brings the row nearest to the goal.
            var tries = free.Order().Select(column => With(sources, column, donor)).ToArray();
            var margins = Margins(both, tries, goal);
            var best = Enumerable.Range(0, tries.Length).MaxBy(i => margins[i]);
            met = margins[best] > 0;
            sources = tries[best];
            free.RemoveWhere(column => sources[column] == donor);
        }

        return met ? Shorten(both, distance, self, GiveBack(both, self, sources, goal), goal) : null;
    }

    /// <summary>Gives columns back, one at a time, as long as the goal stays met.</summary>
    private int[] GiveBack(Table both, int self, int[] sources, CounterfactualGoal goal)
    {
        while (true)
        {
            var changed = Enumerable.Range(0, sources.Length).Where(column => sources[column] != self).ToArray();
            var tries = changed.Select(column => With(sources, column, self)).ToArray();
            var margins = Margins(both, tries, goal);
            var best = changed.Length < 2 ? -1 : Enumerable.Range(0, tries.Length).MaxBy(i => margins[i]);
            if (best < 0 || margins[best] <= 0)
            {
                return sources;
            }

            sources = tries[best];
        }
    }

    /// <summary>Moves numbers and dates only as far as needed, to values that occur in between.</summary>
    private int[] Shorten(Table both, RowDistance distance, int self, int[] sources, CounterfactualGoal goal)
    {
        for (var column = 0; column < sources.Length; column++)
        {
            var (own, other) = (Number(both.Columns[column], self), Number(both.Columns[column], sources[column]));
            if (sources[column] == self || pipeline.Columns.First(spec => spec.Name == names[column]).Role == ColumnRole.Categorical || !double.IsFinite(own) || !double.IsFinite(other))
            {
                continue;
            }

            var values = both.Columns[column];
            int[] between = [.. Enumerable.Range(0, pool.RowCount).Where(row => Number(values, row) is var value && value > Math.Min(own, other) && value < Math.Max(own, other))
                .DistinctBy(row => Number(values, row)).OrderBy(row => distance.Between(column, self, row))];
            if (between.Length > StepsBetween)
            {
                between = [.. Enumerable.Range(0, StepsBetween).Select(i => between[i * (between.Length - 1) / (StepsBetween - 1)])];
            }

            var tries = between.Select(row => With(sources, column, row)).ToArray();
            var margins = Margins(both, tries, goal);
            var first = Array.FindIndex(margins, margin => margin > 0);
            sources = first >= 0 ? tries[first] : sources;
        }

        return sources;
    }

    private double[] Margins(Table both, int[][] tries, CounterfactualGoal goal)
    {
        if (tries.Length == 0)
        {
            return [];
        }

        var table = new Table(both.Name, [.. both.Columns.Select((column, c) => column.Take([.. tries.Select(sources => sources[c])]))]);
        var predicted = pipeline.Predict(table, cancellation);
        return [.. Enumerable.Range(0, tries.Length).Select(i => goal.Margin(pipeline.Task, predicted.Row(i)))];
    }

    private Counterfactual Tell(Table both, int self, int[] sources, double distance, CounterfactualGoal goal)
    {
        var changed = new Table(both.Name, [.. both.Columns.Select((column, c) => column.Take([sources[c]]))]);
        var outputs = pipeline.Predict(changed, cancellation);
        var answer = pipeline.Task switch
        {
            TaskKind.Regression => outputs.Values[0].ToString("G6", CultureInfo.InvariantCulture),
            TaskKind.Multilabel => string.Join(", ", pipeline.Classes.Where((_, k) => outputs.Has(0, k))),
            _ => pipeline.Classes[outputs.Labels()[0]],
        };
        return new Counterfactual(
            [.. Enumerable.Range(0, sources.Length).Where(column => sources[column] != self).Select(column => Change(both, column, self, sources[column]))],
            goal.Figure(outputs.Row(0)), answer, distance);
    }

    private static CounterfactualChange Change(Table both, int column, int from, int to) =>
        new(both.Columns[column].Name, both.Columns[column].Format(from), both.Columns[column].Format(to));

    private static int[] With(int[] sources, int column, int source)
    {
        var changed = (int[])sources.Clone();
        changed[column] = source;
        return changed;
    }

    private static double Number(Column column, int row) => column switch
    {
        NumberColumn { Type: not ColumnType.Boolean } number => number.Values[row],
        DateColumn date when !date.IsMissing(row) => date.Ticks[row],
        _ => double.NaN,
    };
}
