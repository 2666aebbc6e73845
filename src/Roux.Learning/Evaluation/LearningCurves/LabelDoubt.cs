using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>Signs of wrong labels.</summary>
internal static class LabelDoubt
{
    /// <summary>
    /// Share of rows that a model which has not learned them counts, with confidence, to another class than their label: the off-diagonal of
    /// the confident joint (Northcutt, Jiang and Chuang 2021, "Confident Learning", section 3.1). A class is confident where its
    /// probability is at least the mean over rows of that label. Hard rows are among them, so it is a sign and not a measurement.
    /// </summary>
    /// <param name="y">Labels.</param>
    /// <param name="p">Probabilities for the same rows, not learned.</param>
    /// <returns>From 0 to 1; NaN unless rows have exactly one class.</returns>
    public static double Share(Target y, Predictions p)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Count == 0)
        {
            return double.NaN;
        }

        var (means, counts) = (new double[y.Width], new int[y.Width]);
        for (var row = 0; row < y.Count; row++)
        {
            means[y.Labels[row]] += p.Row(row)[y.Labels[row]];
            counts[y.Labels[row]]++;
        }

        for (var k = 0; k < means.Length; k++)
        {
            means[k] = counts[k] == 0 ? double.PositiveInfinity : means[k] / counts[k];
        }

        var doubtful = 0;
        for (var row = 0; row < y.Count; row++)
        {
            var outputs = p.Row(row);
            var best = -1;
            for (var k = 0; k < outputs.Length; k++)
            {
                if (outputs[k] >= means[k] && (best < 0 || outputs[k] > outputs[best]))
                {
                    best = k;
                }
            }

            doubtful += best >= 0 && best != y.Labels[row] ? 1 : 0;
        }

        return (double)doubtful / y.Count;
    }
}
