using System.IO.Compression;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Tests.Learners;

/// <summary>Small data and the ways to handle models that the learner tests share.</summary>
internal static class Samples
{
    public static FeatureMatrix Dense(params float[][] rows) =>
        FeatureMatrix.FromDense(rows.Length, Features(rows[0].Length), [.. rows.SelectMany(row => row)]);

    public static FeatureMatrix Dense(FeatureKind kind, params float[][] rows) =>
        FeatureMatrix.FromDense(rows.Length, Features(rows[0].Length, kind), [.. rows.SelectMany(row => row)]);

    public static Feature[] Features(int count, FeatureKind kind = FeatureKind.Numeric) =>
        [.. Enumerable.Range(0, count).Select(j => new Feature($"x{j}", $"x{j}", kind))];

    /// <summary>The same numbers in compressed rows.</summary>
    public static FeatureMatrix ToSparse(FeatureMatrix x)
    {
        var starts = new long[x.Rows + 1];
        var (indices, values) = (new List<int>(), new List<float>());
        for (var row = 0; row < x.Rows; row++)
        {
            for (var j = 0; j < x.Columns; j++)
            {
                var value = x.Dense![row * x.Columns + j];
                if (value != 0)
                {
                    indices.Add(j);
                    values.Add(value);
                }
            }

            starts[row + 1] = values.Count;
        }

        return FeatureMatrix.FromSparse(x.Features, starts, [.. indices], [.. values]);
    }

    public static float[] Normal(int count, int seed)
    {
        var random = SplitMix64.For(seed, 0);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }

    /// <summary>Gaussian clouds, one a class, in a circle.</summary>
    public static TrainingSet Clouds(int rows, int columns, int classes, int seed, double distance = 2)
    {
        var noise = Normal(rows * columns, seed);
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = row % classes;
            noise[row * columns] += (float)(distance * Math.Cos(2 * Math.PI * labels[row] / classes));
            if (columns > 1)
            {
                noise[row * columns + 1] += (float)(distance * Math.Sin(2 * Math.PI * labels[row] / classes));
            }
        }

        return new TrainingSet(
            FeatureMatrix.FromDense(rows, Features(columns), noise),
            Target.Classification(labels, [.. Enumerable.Range(0, classes).Select(k => $"c{k:00}")]));
    }

    /// <summary>y = 3 x0 - 2 x1 x2 + sin(3 x3) + noise.</summary>
    public static TrainingSet Curves(int rows, int columns, int seed, double noise = 0.1)
    {
        var x = Normal(rows * columns, seed);
        var e = Normal(rows, seed + 1000);
        var y = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var at = row * columns;
            y[row] = 3 * x[at] - (2 * x[at + 1] * x[at + 2]) + Math.Sin(3 * x[at + 3]) + noise * e[row];
        }

        return new TrainingSet(FeatureMatrix.FromDense(rows, Features(columns), x), Target.Regression(y));
    }

    public static double Accuracy(Model model, TrainingSet data) =>
        model.Predict(data.X).Labels().Zip(data.Y.Labels, (a, b) => a == b ? 1.0 : 0).Average();

    public static double Rmse(Model model, TrainingSet data) =>
        Math.Sqrt(model.Predict(data.X).Values.Zip(data.Y.Values, (a, b) => (a - b) * (a - b)).Average());

    /// <summary>Area under the ROC curve by counting pairs.</summary>
    public static double Auc(Predictions predictions, int[] labels)
    {
        var scores = Enumerable.Range(0, labels.Length).Select(row => (Score: predictions.Values[2 * row + 1], Label: labels[row])).OrderBy(pair => pair.Score).ToArray();
        var (rankSum, positives) = (0.0, labels.Sum());
        for (var i = 0; i < scores.Length;)
        {
            var j = i;
            while (j < scores.Length && scores[j].Score == scores[i].Score)
            {
                j++;
            }

            for (var k = i; k < j; k++)
            {
                rankSum += scores[k].Label * (i + j + 1) / 2.0;
            }

            i = j;
        }

        return (rankSum - positives * (positives + 1) / 2.0) / ((double)positives * (labels.Length - positives));
    }

    public static byte[] Save(Model model)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            model.Write(new ArchiveWriter(zip));
        }

        return stream.ToArray();
    }

    public static Model Load(string kind, byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return ModelCatalog.Read(kind, new ArchiveReader(zip));
    }

    /// <summary>Each row as often as its weight says.</summary>
    public static (TrainingSet Weighted, TrainingSet Repeated) WeightedAndRepeated(TrainingSet data, int seed)
    {
        var random = SplitMix64.For(seed, 7);
        var counts = Enumerable.Range(0, data.X.Rows).Select(_ => random.Next(4)).ToArray();
        counts[0] = Math.Max(1, counts[0]);
        int[] rows = [.. counts.SelectMany((count, row) => Enumerable.Repeat(row, count))];
        return (data with { Weights = [.. counts.Select(count => (double)count)] }, data.Take(rows));
    }
}
