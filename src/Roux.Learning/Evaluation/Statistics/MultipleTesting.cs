namespace Roux.Learning.Evaluation.Statistics;

/// <summary>P-values adjusted for the number of tests made. NaN stays NaN and does not count as a test.</summary>
public static class MultipleTesting
{
    /// <summary>Holm 1979: bounds the chance of any false finding, whatever the dependence between tests.</summary>
    /// <returns>Adjusted p-values in the order given.</returns>
    public static double[] Holm(IReadOnlyList<double> pValues)
    {
        var (order, adjusted) = Sorted(pValues);
        var worst = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            worst = Math.Max(worst, Math.Min(1, (order.Length - i) * pValues[order[i]]));
            adjusted[order[i]] = worst;
        }

        return adjusted;
    }

    /// <summary>Benjamini and Hochberg 1995: bounds the expected share of false findings among findings, for independent or positively dependent tests.</summary>
    /// <returns>Adjusted p-values in the order given.</returns>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> pValues)
    {
        var (order, adjusted) = Sorted(pValues);
        var best = 1.0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            best = Math.Min(best, order.Length / (i + 1.0) * pValues[order[i]]);
            adjusted[order[i]] = best;
        }

        return adjusted;
    }

    private static (int[] Order, double[] Adjusted) Sorted(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        Array.Fill(adjusted, double.NaN);
        return ([.. Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).OrderBy(i => pValues[i])], adjusted);
    }
}
