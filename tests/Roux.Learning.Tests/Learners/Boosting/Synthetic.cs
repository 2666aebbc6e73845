using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Tests.Learners.Boosting;

/// <summary>Made-up data with known answers.</summary>
internal static class Synthetic
{
    public static Feature[] Numeric(int count) => [.. Enumerable.Range(0, count).Select(i => new Feature($"x{i}", $"x{i}", FeatureKind.Numeric))];

    /// <summary>y = 3 x0 + 10 x1 + noise, where x1 is 0 or 1, x2 and x3 have no part in it; x0 is missing now and then.</summary>
    public static TrainingSet Regression(int rows, int seed, double noise = 0.1, double shift = 0, double missing = 0)
    {
        var random = new Random(seed);
        var x = new float[rows * 4];
        var y = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < 4; j++)
            {
                x[row * 4 + j] = random.NextSingle();
            }

            x[row * 4 + 1] = MathF.Round(x[row * 4 + 1]);
            y[row] = shift + 3 * x[row * 4] + 10 * x[row * 4 + 1] + noise * (random.NextDouble() - 0.5);
            if (random.NextDouble() < missing)
            {
                x[row * 4] = float.NaN;
            }
        }

        return new TrainingSet(FeatureMatrix.FromDense(rows, Numeric(4), x), Target.Regression(y));
    }

    /// <summary>Classes by the sector of the first two of five features, a tenth of the labels wrong.</summary>
    public static TrainingSet Classes(int rows, int classes, int seed)
    {
        var random = new Random(seed);
        var x = new float[rows * 5];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < 5; j++)
            {
                x[row * 5 + j] = random.NextSingle() * 2 - 1;
            }

            var angle = Math.Atan2(x[row * 5 + 1], x[row * 5]) / (2 * Math.PI) + 0.5;
            labels[row] = random.Next(10) == 0 ? random.Next(classes) : Math.Min(classes - 1, (int)(angle * classes));
        }

        return new TrainingSet(FeatureMatrix.FromDense(rows, Numeric(5), x), Target.Classification(labels, [.. Enumerable.Range(0, classes).Select(k => $"c{k}")]));
    }

    /// <summary>A code of so many levels; even codes mean class 1 in nine of ten rows.</summary>
    public static TrainingSet EvenCodes(int rows, int levels, int seed)
    {
        var random = new Random(seed);
        var x = new float[rows * 2];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            var code = random.Next(levels);
            x[row * 2] = random.Next(20) == 0 ? float.NaN : code;
            x[row * 2 + 1] = random.NextSingle();
            labels[row] = (code % 2 == 0) == (random.Next(10) > 0) ? 1 : 0;
        }

        Feature[] features = [new Feature("code", "code", FeatureKind.Category, levels), new Feature("noise", "noise", FeatureKind.Numeric)];
        return new TrainingSet(FeatureMatrix.FromDense(rows, features, x), Target.Classification(labels, ["odd", "even"]));
    }

    /// <summary>Sparse counts of words; word k mod classes gives the class away in most rows.</summary>
    public static TrainingSet Words(int rows, int words, int classes, int perRow, int seed)
    {
        var random = new Random(seed);
        var starts = new long[rows + 1];
        var indices = new List<int>();
        var values = new List<float>();
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.Next(classes);
            var used = new SortedSet<int>();
            while (used.Count < perRow)
            {
                var word = random.Next(words);
                used.Add(random.Next(3) > 0 ? Math.Min(words - 1, word / classes * classes + labels[row]) : word);
            }

            indices.AddRange(used);
            values.AddRange(used.Select(_ => 0.1f + random.NextSingle()));
            starts[row + 1] = indices.Count;
        }

        Feature[] features = [.. Enumerable.Range(0, words).Select(i => new Feature($"w{i}", "text", FeatureKind.Text))];
        return new TrainingSet(FeatureMatrix.FromSparse(features, starts, [.. indices], [.. values]), Target.Classification(labels, [.. Enumerable.Range(0, classes).Select(k => $"c{k}")]));
    }

    public static FeatureMatrix ToDense(FeatureMatrix sparse)
    {
        var dense = new float[sparse.Rows * sparse.Columns];
        for (var row = 0; row < sparse.Rows; row++)
        {
            for (var i = sparse.RowStarts![row]; i < sparse.RowStarts[row + 1]; i++)
            {
                dense[row * sparse.Columns + sparse.Indices![i]] = sparse.Values![i];
            }
        }

        return FeatureMatrix.FromDense(sparse.Rows, sparse.Features, dense);
    }

    public static double Accuracy(Predictions predictions, Target y) =>
        predictions.Labels().Zip(y.Labels).Count(pair => pair.First == pair.Second) / (double)y.Count;

    public static double Rmse(Predictions predictions, Target y) =>
        Math.Sqrt(predictions.Values.Zip(y.Values).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));
}
