using MathNet.Numerics.LinearAlgebra;
using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Tracking;
using static Roux.Debugging.Tests.BugBank.MadeTables;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Preparation that was fitted to rows which are tested on, and preparation as it should be.</summary>
internal static class PreparationBugs
{
    public static IReadOnlyList<Bug> All { get; } =
    [
        new("smoothed means of 150 streets", ["target-encoded"], seed => Encoded(seed, (own, sum, count, all) => (sum + 8 * all) / (count + 8))),
        new("means of the other rows", ["target-encoded"], seed => Encoded(seed, (own, sum, count, all) => count > 1 ? (sum - own) / (count - 1) : all)),
        new("means over training and test rows", ["target-encoded"], seed => Encoded(seed, (_, sum, count, _) => sum / count, test: true)),
        new("principal components of all rows", ["fitted-before-split"], seed => Components(seed, onTraining: false)),
        new("the best 40 of 2,000 columns of noise, by all rows", ["selected-before-split"], seed => Selected(seed, rows: 160, of: 2000, best: 40, by: 160, test: 0)),
        new("the best 40 of 2,000 columns of noise, by training and test rows", ["selected-before-split"], seed => Selected(seed, rows: 240, of: 2000, best: 40, by: 240, test: 100)),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        new("principal components of the training rows", seed => Components(seed, onTraining: true)),
        new("columns chosen by the training rows", seed => Selected(seed, rows: 240, of: 2000, best: 40, by: 140, test: 100)),
        new("40 columns that all tell a little", seed => Telling(seed, 40, 0.25)),
        new("40 columns that all tell much", seed => Telling(seed, 40, 0.8)),
    ];

    private static IReadOnlyList<Finding> Encoded(int seed, Func<double, double, double, double, double> mean, bool test = false)
    {
        var (table, random) = (Mixed(seed), new Random(seed + 9));
        var street = MadeTables.Texts(1500, _ => $"street {(int)(150 * Math.Pow(random.NextDouble(), 1.6))}");
        var stays = Numbers(1500, row => table["y"].Format(row) == "stays" ? 1 : 0);
        var sums = Enumerable.Range(0, 1500).GroupBy(row => street[row]).ToDictionary(group => group.Key, group => (Sum: group.Sum(row => stays[row]), Count: (double)group.Count()));
        table = table.With(TextColumn.From("street", street)).With(new NumberColumn("street_rate", Numbers(1500, row => mean(stays[row], sums[street[row]].Sum, sums[street[row]].Count, stays.Average()))));
        if (!test)
        {
            return Look(table, "y", seed);
        }

        var (train, held) = table.Split(seed);
        return Look(train, "y", seed, new TableOptions { Test = held });
    }

    private static IReadOnlyList<Finding> Components(int seed, bool onTraining)
    {
        var random = new Random(seed);
        var common = Numbers(400, _ => Normal(random));
        var x = Matrix<double>.Build.Dense(400, 6, (row, column) => common[row] * (column + 1) * 0.3 + Normal(random));
        var answer = MadeTables.Texts(400, row => x[row, 0] + x[row, 4] + Normal(random) > 0 ? "a" : "b");
        var fitted = onTraining ? x.SubMatrix(0, 300, 0, 6) : x;
        var means = fitted.ColumnSums() / fitted.RowCount;
        var centred = Matrix<double>.Build.Dense(fitted.RowCount, 6, (row, column) => fitted[row, column] - means[column]);
        var turn = (centred.TransposeThisAndMultiply(centred) / fitted.RowCount).Evd(Symmetricity.Symmetric).EigenVectors;
        var turned = Matrix<double>.Build.Dense(400, 6, (row, column) => x[row, column] - means[column]) * turn;
        var table = new Table("components", [.. Enumerable.Range(0, 6).Select(column => new NumberColumn($"pc{column + 1}", Numbers(400, row => turned[row, column]))), TextColumn.From("y", answer)]);
        return Look(table.Take([.. Enumerable.Range(0, 300)]), "y", seed, new TableOptions { Test = table.Take([.. Enumerable.Range(300, 100)]) });
    }

    /// <summary>Columns of noise, the best of them by their correlation with the answer in the first rows.</summary>
    private static IReadOnlyList<Finding> Selected(int seed, int rows, int of, int best, int by, int test)
    {
        var random = new Random(seed);
        var y = Numbers(rows, _ => random.Next(2));
        var columns = Enumerable.Range(0, of).Select(_ => Numbers(rows, _ => Normal(random))).OrderByDescending(x => Math.Abs(MathNet.Numerics.Statistics.Correlation.Pearson(x.Take(by), y.Take(by)))).Take(best).ToArray();
        var table = new Table("genes", [.. columns.Select((x, i) => new NumberColumn($"gene_{i}", x)), TextColumn.From("y", MadeTables.Texts(rows, row => y[row] > 0 ? "ill" : "well"))]);
        return test == 0 ? Look(table, "y", seed) : Look(table.Take([.. Enumerable.Range(0, rows - test)]), "y", seed, new TableOptions { Test = table.Take([.. Enumerable.Range(rows - test, test)]) });
    }

    /// <summary>Unlike columns that truly go with the answer, some more and some less.</summary>
    private static IReadOnlyList<Finding> Telling(int seed, int count, double most)
    {
        var random = new Random(seed);
        var y = Numbers(600, _ => random.Next(2));
        var table = new Table("telling",
        [
            .. Enumerable.Range(0, count).Select(i => most * (0.5 + 0.5 * random.NextDouble()) is var effect ? new NumberColumn($"x{i}", Numbers(600, row => effect * y[row] + Normal(random))) : null!),
            TextColumn.From("y", MadeTables.Texts(600, row => y[row] > 0 ? "a" : "b")),
        ]);
        return table.Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test }) : [];
    }
}
