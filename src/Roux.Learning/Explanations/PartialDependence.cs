using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>
/// How predictions change with one column: the mean over a sample of rows (partial dependence; Friedman, "Greedy function approximation", 2001, section 8.2)
/// and the row by row curves behind it (individual conditional expectation; Goldstein, Kapelner, Bleich and Pitkin, "Peeking inside the black box", 2015).
/// </summary>
public sealed record PartialDependence
{
    private const int MostPredictions = 20_000;

    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>Whether the grid has an order: numbers and dates have, levels have not.</summary>
    public required bool Ordered { get; init; }

    /// <summary>The values that the column was set to, as text; all of them occur in the data.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The same as numbers (dates as days since 1970); for levels their number from 0.</summary>
    public required double[] Grid { get; init; }

    /// <summary>Share of rows at or nearest to each value of the grid: where few rows are, the curve is a guess.</summary>
    public required double[] Support { get; init; }

    /// <summary>The outputs: the positive class, every class or label, or the target.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Whether predictions are probabilities, of a class or label each; else they are values of the target.</summary>
    public required bool IsProbability { get; init; }

    /// <summary>Mean prediction: grid x outputs, row-major.</summary>
    public required double[] Mean { get; init; }

    /// <summary>The output whose single curves are kept: the one that changes most.</summary>
    public required int CurveOutput { get; init; }

    /// <summary>Predictions of single rows for that output: rows x grid, row-major.</summary>
    public required double[] Curves { get; init; }

    /// <summary>Rows that the mean is over.</summary>
    public required int Rows { get; init; }

    /// <summary>What the single curves and their mean show, in words.</summary>
    public string Score => IsProbability ? $"probability of {Outputs[CurveOutput]}" : Outputs[CurveOutput];

    /// <summary>Largest less smallest mean prediction of that output.</summary>
    public double Range => Enumerable.Range(0, Grid.Length).Select(g => Mean[g * Outputs.Count + CurveOutput]) is var line ? line.Max() - line.Min() : 0;

    /// <summary>
    /// Mean over the grid of the standard deviation of centred curves, relative to <see cref="Range"/>: near 0, the column acts alike on all rows; near 1 or above, what it does depends on
    /// the rest of the row, and the mean hides it. Probabilities near 0 and 1 move less than those between: some disagreement is theirs alone.
    /// </summary>
    public double Disagreement
    {
        get
        {
            var curves = Centred();
            var (points, rows) = (Grid.Length, Curves.Length / Grid.Length);
            var sum = 0.0;
            for (var g = 0; g < points; g++)
            {
                var mean = Enumerable.Range(0, rows).Average(row => curves[row * points + g]);
                sum += Math.Sqrt(Enumerable.Range(0, rows).Average(row => (curves[row * points + g] - mean) * (curves[row * points + g] - mean))) / points;
            }

            return Range > 0 ? sum / Range : 0;
        }
    }

    /// <summary>Single curves less their own value at the first point of the grid (c-ICE): rows x grid.</summary>
    public double[] Centred() => [.. Curves.Select((value, i) => value - Curves[i / Grid.Length * Grid.Length])];

    /// <summary>Computes the dependence on one column.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="table">Rows like those of training; a sample of them is enough.</param>
    /// <param name="column">A column of numbers, truth values, dates or levels that the model reads.</param>
    /// <param name="gridSize">Most values of the grid, at least 2.</param>
    /// <param name="curves">Most single curves that are kept.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">The model does not read the column, or it holds texts or lists.</exception>
    public static PartialDependence Of(Pipeline pipeline, Table table, string column, int gridSize = 20, int curves = 30, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var names = pipeline.Members.SelectMany(member => member.Featurizer.Columns).Select(spec => spec.Name).Distinct(StringComparer.Ordinal).ToList();
        if (!names.Contains(column))
        {
            throw new DataException(NearestName.Message("column", column, "column that the model reads", names));
        }

        var spec = pipeline.Columns.First(spec => spec.Name == column);
        if (spec.Role is ColumnRole.Text or ColumnRole.List)
        {
            throw new DataException($"'{column}' holds {(spec.Role == ColumnRole.Text ? "texts" : "lists")}: there is no single value to vary; look at the strongest terms of the explanation instead");
        }

        var needed = new Table(table.Name, [.. names.Select(name => Features.FittedFeaturizer.Find(table, name))]);
        var grid = DependenceGrid.Of(needed[column], spec, gridSize)
            ?? throw new DataException($"'{column}' has fewer than two values in {table.Name}: nothing to vary");
        return Compute(pipeline, needed, column, grid, curves, cancellation);
    }

    private static PartialDependence Compute(Pipeline pipeline, Table table, string column, DependenceGrid grid, int curves, CancellationToken cancellation)
    {
        var outputs = Shap.OutputsOf(pipeline);
        var (rows, points) = (table.RowCount, grid.Values.Length);
        var all = new double[rows * points * outputs.Count];
        var most = Math.Max(1, MostPredictions / rows);
        for (var start = 0; start < points; start += most)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(most, points - start);
            var repeated = table.Take([.. Enumerable.Range(0, rows * count).Select(i => i % rows)]);
            var varied = ConstantColumn.Of(table[column], grid.Rows.Skip(start).Take(count).ToList(), rows);
            var predictions = pipeline.Predict(new Table(table.Name, [.. repeated.Columns.Select(other => other.Name == column ? varied : other)]), cancellation);
            var skip = predictions.Width - outputs.Count;
            for (var i = 0; i < rows * count; i++)
            {
                predictions.Values.AsSpan(i * predictions.Width + skip, outputs.Count).CopyTo(all.AsSpan((start * rows + i) * outputs.Count));
            }
        }

        var mean = new double[points * outputs.Count];
        for (var i = 0; i < all.Length; i++)
        {
            mean[i / outputs.Count / rows * outputs.Count + i % outputs.Count] += all[i] / rows;
        }

        var chosen = Enumerable.Range(0, outputs.Count).MaxBy(k => Enumerable.Range(0, points).Max(g => mean[g * outputs.Count + k]) - Enumerable.Range(0, points).Min(g => mean[g * outputs.Count + k]));
        var shown = Background.Rows(rows, curves, 1);
        return new PartialDependence
        {
            Column = column,
            Ordered = grid.Ordered,
            Labels = grid.Labels,
            Grid = grid.Values,
            Support = grid.Support,
            Outputs = outputs,
            IsProbability = pipeline.Task != TaskKind.Regression,
            Mean = mean,
            CurveOutput = chosen,
            Curves = [.. shown.SelectMany(row => Enumerable.Range(0, points).Select(g => all[(g * rows + row) * outputs.Count + chosen]))],
            Rows = rows,
        };
    }
}
