using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Answers and predictions drawn with a seed.</summary>
internal static class Simulated
{
    /// <summary>Binary rows whose log-odds are normal around -1 or +1 times <paramref name="signal"/>, so that the true area is known.</summary>
    public static (Target Y, Predictions P) Binary(int rows, int seed, double signal = 1, double positives = 0.5)
    {
        var random = new Random(seed);
        var labels = new int[rows];
        var values = new double[2 * rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.NextDouble() < positives ? 1 : 0;
            var logit = Normal(random) + (labels[row] == 1 ? signal : -signal) / 2;
            values[2 * row + 1] = 1 / (1 + Math.Exp(-logit));
            values[2 * row] = 1 - values[2 * row + 1];
        }

        return (Target.Classification(labels, ["no", "yes"]), new Predictions(TaskKind.Binary, 2, values));
    }

    /// <summary>Rows of several classes, the later the rarer, with probabilities that favour the true class.</summary>
    public static (Target Y, Predictions P) Multiclass(int rows, int classes, int seed, double signal = 1.5)
    {
        var random = new Random(seed);
        var labels = new int[rows];
        var values = new double[rows * classes];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = (int)(classes * random.NextDouble() * random.NextDouble());
            var sum = 0.0;
            for (var k = 0; k < classes; k++)
            {
                values[row * classes + k] = Math.Exp(Normal(random) + (k == labels[row] ? signal : 0));
                sum += values[row * classes + k];
            }

            for (var k = 0; k < classes; k++)
            {
                values[row * classes + k] /= sum;
            }
        }

        var y = Target.Classification(labels, [.. Enumerable.Range(0, classes).Select(k => "class " + k.ToString(CultureInfo.InvariantCulture))]);
        return (y, new Predictions(y.Task, classes, values));
    }

    /// <summary>Rows of any number of labels.</summary>
    public static (Target Y, Predictions P) Multilabel(int rows, int labels, int seed)
    {
        var random = new Random(seed);
        var truth = new bool[rows * labels];
        var values = new double[rows * labels];
        for (var i = 0; i < truth.Length; i++)
        {
            truth[i] = random.NextDouble() < 0.3;
            values[i] = 1 / (1 + Math.Exp(-Normal(random) - (truth[i] ? 1 : -1)));
        }

        var y = Target.Multilabel(truth, [.. Enumerable.Range(0, labels).Select(k => "label " + k.ToString(CultureInfo.InvariantCulture))]);
        return (y, new Predictions(TaskKind.Multilabel, labels, values));
    }

    /// <summary>Numbers with normal errors of deviation 1.</summary>
    public static (Target Y, Predictions P) Regression(int rows, int seed)
    {
        var random = new Random(seed);
        var y = new double[rows];
        var p = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            p[row] = 3 * Normal(random);
            y[row] = p[row] + Normal(random);
        }

        return (Target.Regression(y), new Predictions(TaskKind.Regression, 1, p));
    }

    public static (Target Y, Predictions P) Of(TaskKind task, int rows, int seed) => task switch
    {
        TaskKind.Binary => Binary(rows, seed),
        TaskKind.Multiclass => Multiclass(rows, 4, seed),
        TaskKind.Multilabel => Multilabel(rows, 3, seed),
        _ => Regression(rows, seed),
    };

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
