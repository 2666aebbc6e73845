namespace Roux.Learning.Evaluation.Calibration;

/// <summary>Ways to make probabilities mean what they say.</summary>
public enum CalibrationMethod
{
    /// <summary>Probabilities stay as the model gives them.</summary>
    None,

    /// <summary>A logistic curve over the log-odds, two numbers a class (Platt 1999).</summary>
    Platt,

    /// <summary>A rising step function, joined by lines (Zadrozny and Elkan 2002).</summary>
    Isotonic,

    /// <summary>One number that sharpens or softens all classes alike (Guo et al. 2017).</summary>
    Temperature,

    /// <summary>A curve from the beta distribution, three numbers a class (Kull, Silva Filho and Flach 2017).</summary>
    Beta,
}
