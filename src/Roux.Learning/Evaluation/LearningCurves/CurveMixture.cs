namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// How far each form is believed. A form earns belief by foretelling the largest size from the smaller ones, and by lying near the
/// points; averaging over forms rather than picking one follows Domhan, Springenberg and Hutter 2015.
/// </summary>
internal static class CurveMixture
{
    private static readonly (CurveForm Form, double Prior)[] Forms =
        [(CurveForm.PowerLaw, 0.5), (CurveForm.Exponential, 0.15), (CurveForm.LogPower, 0.2), (CurveForm.LastValue, 0.15)];

    /// <summary>A share of the belief that no figures move: six points are never proof of a form.</summary>
    private const double Unmoved = 0.2;

    /// <summary>Forms and their shares, which sum to 1.</summary>
    /// <param name="rows">Rows of each size, rising.</param>
    /// <param name="errors">Mean error of each size.</param>
    /// <param name="variances">Variance of each mean error.</param>
    /// <param name="floor">The least asymptote.</param>
    public static (CurveForm Form, double Share)[] Weigh(double[] rows, double[] errors, double[] variances, double floor)
    {
        var whole = new CurveFitter(rows, variances, rows[^1], floor);
        var deviances = Array.ConvertAll(Forms, entry => entry.Form == CurveForm.LastValue ? double.NaN : whole.Fit(entry.Form, errors).Deviance);
        var nearest = deviances.Where(deviance => !double.IsNaN(deviance)).Min();
        var beliefs = new double[Forms.Length];
        for (var j = 0; j < Forms.Length; j++)
        {
            var misfit = double.IsNaN(deviances[j]) ? 0 : 0.5 * (deviances[j] - nearest);
            beliefs[j] = Forms[j].Prior * Math.Exp(-0.5 * (Foretold(Forms[j].Form, rows, errors, variances, floor) + misfit));
        }

        var total = beliefs.Sum();
        return [.. Forms.Select((entry, j) => (entry.Form, Unmoved * entry.Prior + (1 - Unmoved) * (total > 0 && double.IsFinite(total) ? beliefs[j] / total : entry.Prior)))];
    }

    /// <summary>Mean squared miss of the largest size, in standard errors, when only smaller ones are known: without the last, and without the last two.</summary>
    private static double Foretold(CurveForm form, double[] rows, double[] errors, double[] variances, double floor)
    {
        var (sum, tries) = (0.0, 0);
        var last = errors.Length - 1;
        for (var known = last; known >= Math.Max(2, last - 1); known--)
        {
            var fit = new CurveFitter(rows[..known], variances[..known], rows[known - 1], floor).Fit(form, errors[..known]);
            var miss = fit.Error(rows[last]) - errors[last];

            // No form is exact: a tenth of what happened in between is forgiven.
            var between = 0.1 * (errors[known - 1] - errors[last]);
            sum += miss * miss / (variances[last] + variances[known - 1] + between * between);
            tries++;
        }

        return tries == 0 ? 0 : sum / tries;
    }
}
