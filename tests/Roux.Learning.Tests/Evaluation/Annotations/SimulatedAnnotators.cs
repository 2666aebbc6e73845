using Roux.Learning.Evaluation.Annotations;

namespace Roux.Learning.Tests.Evaluation.Annotations;

/// <summary>Annotators whose errors are known.</summary>
internal sealed class SimulatedAnnotators
{
    /// <summary>Items of three classes and annotators of the given accuracy, each with a favourite mistake.</summary>
    public SimulatedAnnotators(int items, double[] accuracies, int seed, double missing = 0)
    {
        var random = new Random(seed);
        double[] shares = [0.5, 0.3, 0.2];
        Confusion = [.. accuracies.Select((accuracy, annotator) => Enumerable.Range(0, 3).Select(actual =>
        {
            var row = new double[3];
            row[actual] = accuracy;
            row[(actual + 1 + annotator % 2) % 3] = (1 - accuracy) * 0.8;
            row[(actual + 2 - annotator % 2) % 3] += (1 - accuracy) * 0.2;
            return row;
        }).ToArray())];
        Truth = new int[items];
        var ratings = new double[items * accuracies.Length];
        for (var item = 0; item < items; item++)
        {
            Truth[item] = Draw(random, shares);
            for (var annotator = 0; annotator < accuracies.Length; annotator++)
            {
                var label = Draw(random, Confusion[annotator][Truth[item]]);
                ratings[item * accuracies.Length + annotator] = random.NextDouble() < missing ? double.NaN : label;
            }
        }

        Set = new AnnotationSet([.. Enumerable.Range(1, items).Select(item => $"item {item}")], [.. accuracies.Select((_, annotator) => $"a{annotator + 1}")], ["bird", "cat", "dog"], ratings);
    }

    public AnnotationSet Set { get; }

    public int[] Truth { get; }

    /// <summary>Per annotator: true class x label.</summary>
    public double[][][] Confusion { get; }

    private static int Draw(Random random, double[] shares)
    {
        var left = random.NextDouble();
        for (var k = 0; k < shares.Length - 1; k++)
        {
            left -= shares[k];
            if (left < 0)
            {
                return k;
            }
        }

        return shares.Length - 1;
    }
}
