using Roux.Learning.Data;

namespace Roux.Learning.Reports.Sections;

/// <summary>How one class fared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Actual">Rows of the class.</param>
/// <param name="Predicted">Rows that were called so.</param>
/// <param name="Both">Rows that were called so and are.</param>
internal sealed record ClassReport(string Name, int Actual, int Predicted, int Both)
{
    /// <summary>Of the rows called so, the share that is; NaN when none was.</summary>
    public double Precision => Predicted == 0 ? double.NaN : (double)Both / Predicted;

    /// <summary>Of the rows of the class, the share that was found; NaN when there is none.</summary>
    public double Recall => Actual == 0 ? double.NaN : (double)Both / Actual;

    /// <summary>Harmonic mean of the two; NaN when the class occurs on neither side.</summary>
    public double F1 => Actual + Predicted == 0 ? double.NaN : 2.0 * Both / (Actual + Predicted);

    /// <summary>One report per class. Multilabel: a label is given where its probability is above 0.5, unless the predictions bring a rule.</summary>
    public static IReadOnlyList<ClassReport> Of(Target y, Predictions p)
    {
        var classes = y.Classes.Length;
        var (actual, predicted, both) = (new int[classes], new int[classes], new int[classes]);
        var guesses = y.Task == TaskKind.Multilabel ? [] : p.Labels();
        for (var row = 0; row < y.Count; row++)
        {
            if (y.Task != TaskKind.Multilabel)
            {
                actual[y.Labels[row]]++;
                predicted[guesses[row]]++;
                both[y.Labels[row]] += y.Labels[row] == guesses[row] ? 1 : 0;
                continue;
            }

            for (var k = 0; k < classes; k++)
            {
                var (yes, called) = (y.Indicators[row * classes + k], p.Has(row, k));
                actual[k] += yes ? 1 : 0;
                predicted[k] += called ? 1 : 0;
                both[k] += yes && called ? 1 : 0;
            }
        }

        return [.. Enumerable.Range(0, classes).Select(k => new ClassReport(y.Classes[k], actual[k], predicted[k], both[k]))];
    }
}
