namespace Roux.Tuning;

/// <summary>What Bayesian optimisation maximises to choose the next trial.</summary>
public enum AcquisitionFunction
{
    /// <summary>The logarithm of how much better than the best it is expected to be (Jones et al. 1998; Ament et al. 2023).</summary>
    LogExpectedImprovement,

    /// <summary>The optimistic end of an interval for the objective (Srinivas et al. 2010).</summary>
    UpperConfidenceBound,

    /// <summary>The probability to be better than the best (Kushner 1964).</summary>
    ProbabilityOfImprovement,

    /// <summary>Expected improvement over a best that is itself uncertain, for objectives with noise (Letham et al. 2019).</summary>
    NoisyExpectedImprovement,
}
