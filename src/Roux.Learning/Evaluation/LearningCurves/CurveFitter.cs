namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// Weighted non-linear least squares for the curve forms. For a given exponent the rest is linear with two bounds and solved exactly
/// (variable projection, Golub and Pereyra 1973); exponents are tried on a grid and the best is refined by golden section, so no
/// start has to be guessed and none can be missed. A weak preference for the exponents that are usually seen
/// (about 1/2 for power laws; Viering and Loog 2022) keeps noise of a few points from deciding alone.
/// </summary>
internal sealed class CurveFitter
{
    private const int GridSteps = 20;
    private const int RefineSteps = 14;
    private static readonly double[] Shifts = [1.0 / 64, 1.0 / 24, 1.0 / 8, 1.0 / 3, 1];

    private readonly double[] shares;
    private readonly double[] weights;
    private readonly double unit;
    private readonly double floor;

    /// <param name="rows">Rows of each size, rising.</param>
    /// <param name="variances">Variance of each mean error, positive.</param>
    /// <param name="unit">Rows that count as 1.</param>
    /// <param name="floor">The least asymptote.</param>
    public CurveFitter(double[] rows, double[] variances, double unit, double floor)
    {
        this.unit = unit;
        this.floor = floor;
        shares = Array.ConvertAll(rows, n => n / unit);
        weights = Array.ConvertAll(variances, variance => 1 / variance);
    }

    public CurveFit Fit(CurveForm form, double[] errors)
    {
        if (form == CurveForm.LastValue)
        {
            return new CurveFit(form, unit, errors[^1], 0, 1, 0, 0);
        }

        var best = new Trial(double.PositiveInfinity, 0, 0, 0, 0, 0);
        foreach (var shift in form == CurveForm.LogPower ? Shifts : [0])
        {
            var (low, high) = Range(form);
            var step = Math.Log(high / low) / (GridSteps - 1);
            var local = new Trial(double.PositiveInfinity, 0, 0, 0, 0, 0);
            for (var i = 0; i < GridSteps; i++)
            {
                local = Better(local, Try(form, errors, low * Math.Exp(i * step), shift));
            }

            local = Refine(form, errors, local, Math.Max(low, local.C * Math.Exp(-step)), Math.Min(high, local.C * Math.Exp(step)));
            best = Better(best, local);
        }

        return new CurveFit(form, unit, best.A, best.B, best.C, best.S, best.Deviance);
    }

    private Trial Refine(CurveForm form, double[] errors, Trial best, double low, double high)
    {
        const double golden = 0.6180339887498949;
        var (from, to) = (Math.Log(low), Math.Log(high));
        var (left, right) = (to - golden * (to - from), from + golden * (to - from));
        var (atLeft, atRight) = (Try(form, errors, Math.Exp(left), best.S), Try(form, errors, Math.Exp(right), best.S));
        for (var i = 0; i < RefineSteps; i++)
        {
            best = Better(best, Better(atLeft, atRight));
            if (atLeft.Loss <= atRight.Loss)
            {
                (to, right, atRight) = (right, left, atLeft);
                left = to - golden * (to - from);
                atLeft = Try(form, errors, Math.Exp(left), best.S);
            }
            else
            {
                (from, left, atLeft) = (left, right, atRight);
                right = from + golden * (to - from);
                atRight = Try(form, errors, Math.Exp(right), best.S);
            }
        }

        return Better(best, Better(atLeft, atRight));
    }

    /// <summary>The best asymptote (not below the floor) and amplitude (not negative) for an exponent.</summary>
    private Trial Try(CurveForm form, double[] errors, double c, double s)
    {
        double w = 0, x = 0, xx = 0, y = 0, xy = 0;
        Span<double> basis = stackalloc double[shares.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            var value = basis[i] = CurveFit.Basis(form, shares[i], c, s);
            w += weights[i];
            x += weights[i] * value;
            xx += weights[i] * value * value;
            y += weights[i] * errors[i];
            xy += weights[i] * value * errors[i];
        }

        var determinant = w * xx - x * x;
        var b = determinant > 1e-12 * w * xx ? (w * xy - x * y) / determinant : 0;
        var a = (y - b * x) / w;
        if (b < 0)
        {
            (a, b) = (Math.Max(floor, y / w), 0);
        }
        else if (a < floor)
        {
            (a, b) = (floor, Math.Max(0, (xy - floor * x) / xx));
        }

        var deviance = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            var residual = errors[i] - a - b * basis[i];
            deviance += weights[i] * residual * residual;
        }

        return new Trial(deviance + Preference(form, c), deviance, a, b, c, s);
    }

    /// <summary>Twice the negative logarithm of a log-normal density about the usual exponent.</summary>
    private static double Preference(CurveForm form, double c)
    {
        var (usual, spread) = form switch
        {
            CurveForm.PowerLaw => (0.5, 0.9),
            CurveForm.LogPower => (0.8, 0.7),
            _ => (3.0, 1.5),
        };
        var distance = Math.Log(c / usual) / spread;
        return distance * distance;
    }

    private static (double Low, double High) Range(CurveForm form) => form switch
    {
        CurveForm.PowerLaw => (0.05, 2),
        CurveForm.LogPower => (0.2, 3),
        _ => (0.3, 60),
    };

    private static Trial Better(Trial a, Trial b) => b.Loss < a.Loss ? b : a;

    private readonly record struct Trial(double Loss, double Deviance, double A, double B, double C, double S);
}
