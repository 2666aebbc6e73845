namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>Shapes of error against rows, all falling or level.</summary>
public enum CurveForm
{
    /// <summary>a + b n^-c: the power law of Cortes et al. 1994, which most well-behaved learners follow (Viering and Loog 2022).</summary>
    PowerLaw,

    /// <summary>a + b e^(-c n): a curve that is soon done falling.</summary>
    Exponential,

    /// <summary>a + b / (1 + (n / s)^c): flat at first, then a power law (the log-power form of Domhan, Springenberg and Hutter 2015).</summary>
    LogPower,

    /// <summary>The error at the largest size, for ever: hard to beat over short distances (Mohr et al. 2022, LCDB).</summary>
    LastValue,
}
