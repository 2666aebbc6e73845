using Roux.Learning.Data;

namespace Roux.Learning.Tests.Evaluation.Calibration;

/// <summary>Answers drawn from known probabilities, and a model that distorts these in a known way.</summary>
internal static class SimulatedProbabilities
{
    /// <summary>Binary: the model says logistic(sharpness x log-odds + shift).</summary>
    public static (Target Y, Predictions P) Binary(int rows, double sharpness, double shift, int seed)
    {
        var random = new Random(seed);
        var labels = new int[rows];
        var values = new double[2 * rows];
        for (var row = 0; row < rows; row++)
        {
            var odds = 1.5 * Normal(random) - 0.5;
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0;
            values[2 * row + 1] = 1 / (1 + Math.Exp(-(sharpness * odds + shift)));
            values[2 * row] = 1 - values[2 * row + 1];
        }

        return (Target.Classification(labels, ["no", "yes"]), new Predictions(TaskKind.Binary, 2, values));
    }

    /// <summary>Three classes: the model takes the true probabilities to a power.</summary>
    public static (Target Y, Predictions P) Multiclass(int rows, double power, int seed)
    {
        var random = new Random(seed);
        var labels = new int[rows];
        var values = new double[3 * rows];
        for (var row = 0; row < rows; row++)
        {
            var weights = Enumerable.Range(0, 3).Select(_ => Math.Exp(1.5 * Normal(random))).ToArray();
            var left = random.NextDouble() * weights.Sum();
            labels[row] = left < weights[0] ? 0 : left < weights[0] + weights[1] ? 1 : 2;
            var sum = weights.Sum(weight => Math.Pow(weight, power));
            for (var k = 0; k < 3; k++)
            {
                values[3 * row + k] = Math.Pow(weights[k], power) / sum;
            }
        }

        return (Target.Classification(labels, ["a", "b", "c"]), new Predictions(TaskKind.Multiclass, 3, values));
    }

    /// <summary>Deals rows out over folds.</summary>
    public static int[] Folds(int rows, int folds = 5) => [.. Enumerable.Range(0, rows).Select(row => row % folds)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
