using System.Diagnostics;
using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>
/// Shapley values of any pipeline by sampling (Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature contributions", 2014):
/// from a row that stands for the data, columns take the explained row's values one after another in a random order, and each is credited with what its step changed.
/// Every sample walks from the one prediction to the other, so values and expectation sum exactly whatever their number.
/// </summary>
internal static class ColumnSampling
{
    private const int RowsAtOnce = 4096;

    /// <summary>Predictions that a call without a time limit may ask for.</summary>
    private const int PredictionsWithoutClock = 60_000;

    private const int MostSamples = 100;
    private const int FewestSamples = 8;
    private const int RowsWanted = 40;

    public static ShapValues Of(Pipeline pipeline, Table table, Table background, ShapOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var columns = Columns(pipeline);
        var (needed, reference) = (Needed(table, columns), Needed(background, columns));
        var samples = Samples(pipeline, needed, columns.Count, Math.Min(MostSamples, reference.RowCount), options, watch, cancellation);
        reference = Background.Of(reference, samples, options.Seed);
        samples = reference.RowCount;
        var outputs = Shap.OutputsOf(pipeline);
        var expectation = Mean(pipeline.Predict(reference, cancellation), outputs.Count);
        var perRow = samples * Math.Max(0, columns.Count - 1);
        var most = double.IsInfinity(options.Seconds) ? (int)Math.Clamp(PredictionsWithoutClock / Math.Max(1L, perRow), 1, needed.RowCount) : needed.RowCount;
        var (values, errors) = (new List<double>(), new List<double>());
        var done = 0;
        while (done < most && (done == 0 || watch.Elapsed.TotalSeconds < options.Seconds))
        {
            var rows = Math.Min(most - done, Math.Max(1, RowsAtOnce / Math.Max(1, perRow)));
            var (mean, error) = Explain(pipeline, needed.Take([.. Enumerable.Range(done, rows)]), reference, outputs.Count, Derive(options.Seed, done), cancellation);
            values.AddRange(mean);
            errors.AddRange(error);
            done += rows;
        }

        var of = pipeline.Task == TaskKind.Regression ? $"{pipeline.TargetColumn}, in its own unit" : $"probability of {(pipeline.Task == TaskKind.Binary ? pipeline.Classes[1] : "each class")}";
        var shap = new ShapValues
        {
            Scale = of,
            Method = string.Create(CultureInfo.InvariantCulture, $"estimated from {samples} random orders of the columns a row"),
            Columns = columns,
            Outputs = outputs,
            Rows = done,
            Expectation = expectation,
            Values = [.. values],
            Errors = [.. errors],
            Samples = samples,
        };
        return shap with { Gap = Additivity.Gap(shap, ScoreScale.Value, pipeline.Predict(needed.Take([.. Enumerable.Range(0, done)]), cancellation)) };
    }

    /// <summary>The columns that the pipeline reads.</summary>
    private static List<string> Columns(Pipeline pipeline)
    {
        var used = pipeline.Members.SelectMany(member => member.Featurizer.Columns).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return [.. pipeline.Columns.Select(column => column.Name).Where(used.Contains)];
    }

    private static Table Needed(Table table, List<string> columns) => new(table.Name, [.. columns.Select(name => FittedFeaturizer.Find(table, name))]);

    /// <summary>Samples a row: as many as leave time for some tens of rows.</summary>
    private static int Samples(Pipeline pipeline, Table table, int columns, int most, ShapOptions options, Stopwatch watch, CancellationToken cancellation)
    {
        var wanted = Math.Min(RowsWanted, table.RowCount);
        double predictions = PredictionsWithoutClock;
        if (!double.IsInfinity(options.Seconds))
        {
            var trial = table.Take([.. Enumerable.Range(0, 256).Select(i => i % table.RowCount)]);
            var before = watch.Elapsed.TotalSeconds;
            pipeline.Predict(trial, cancellation);
            var one = Math.Max(1e-7, (watch.Elapsed.TotalSeconds - before) / trial.RowCount);
            predictions = Math.Max(0, options.Seconds - watch.Elapsed.TotalSeconds) / one;
        }

        return (int)Math.Clamp(predictions / Math.Max(1, wanted * Math.Max(1, columns - 1)), Math.Min(FewestSamples, most), most);
    }

    /// <summary>Means and standard errors for rows: rows x columns x outputs.</summary>
    private static (double[] Mean, double[] Error) Explain(Pipeline pipeline, Table rows, Table background, int outputs, int seed, CancellationToken cancellation)
    {
        var (n, samples, columns) = (rows.RowCount, background.RowCount, rows.Columns.Count);
        var both = Stacking.Of(background, rows);
        var steps = columns + 1;
        var orders = new int[n * samples][];
        // Place in both tables of every column's value, for each step of each sample of each row.
        var sources = new int[columns][];
        for (var c = 0; c < columns; c++)
        {
            sources[c] = new int[n * samples * steps];
        }

        var random = SplitMix64.For(seed, 3);
        for (var walk = 0; walk < orders.Length; walk++)
        {
            var order = orders[walk] = [.. Enumerable.Range(0, columns)];
            random.Shuffle(order.AsSpan());
            for (var i = 0; i < columns; i++)
            {
                var source = sources[order[i]].AsSpan(walk * steps, steps);
                source[..(i + 1)].Fill(walk % samples);
                source[(i + 1)..].Fill(samples + walk / samples);
            }
        }

        var hybrids = new Table(rows.Name, [.. both.Columns.Select((column, c) => column.Take(sources[c]))]);
        var predicted = pipeline.Predict(hybrids, cancellation);
        var skip = predicted.Width - outputs;
        var (mean, squares) = (new double[n * columns * outputs], new double[n * columns * outputs]);
        for (var walk = 0; walk < orders.Length; walk++)
        {
            for (var i = 0; i < columns; i++)
            {
                for (var k = 0; k < outputs; k++)
                {
                    var at = (walk * steps + i) * predicted.Width + skip + k;
                    var change = predicted.Values[at + predicted.Width] - predicted.Values[at];
                    var to = (walk / samples * columns + orders[walk][i]) * outputs + k;
                    mean[to] += change / samples;
                    squares[to] += change * change / samples;
                }
            }
        }

        return (mean, [.. squares.Select((square, i) => samples < 2 ? double.NaN : Math.Sqrt(Math.Max(0, square - mean[i] * mean[i]) / (samples - 1)))]);
    }

    private static double[] Mean(Predictions predictions, int outputs)
    {
        var mean = new double[outputs];
        for (var row = 0; row < predictions.Rows; row++)
        {
            for (var k = 0; k < outputs; k++)
            {
                mean[k] += predictions.Values[row * predictions.Width + predictions.Width - outputs + k] / predictions.Rows;
            }
        }

        return mean;
    }

    private static int Derive(int seed, int row) => unchecked(seed * 397 + row) & int.MaxValue;
}
