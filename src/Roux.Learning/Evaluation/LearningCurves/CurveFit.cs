namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>A fitted curve of errors.</summary>
/// <param name="Form">Its shape.</param>
/// <param name="Unit">Rows that count as 1 in the formula: the largest size.</param>
/// <param name="Asymptote">a: the error with endless rows.</param>
/// <param name="Amplitude">b: what rows can take away, in the form's own unit; not negative.</param>
/// <param name="Exponent">c: how fast; in (0, 2] for the power law.</param>
/// <param name="Shift">s of the log-power form, in units; else 0.</param>
/// <param name="Deviance">Sum of squared residuals over their variances.</param>
internal readonly record struct CurveFit(CurveForm Form, double Unit, double Asymptote, double Amplitude, double Exponent, double Shift, double Deviance)
{
    /// <summary>The error at a number of rows.</summary>
    public double Error(double rows) => Asymptote + Amplitude * Basis(Form, rows / Unit, Exponent, Shift);

    /// <summary>The part of the formula that is not linear.</summary>
    public static double Basis(CurveForm form, double share, double c, double s) => form switch
    {
        CurveForm.PowerLaw => Math.Pow(share, -c),
        CurveForm.Exponential => Math.Exp(-c * share),
        CurveForm.LogPower => 1 / (1 + Math.Pow(share / s, c)),
        _ => 0,
    };
}
