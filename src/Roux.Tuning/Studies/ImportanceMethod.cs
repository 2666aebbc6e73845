namespace Roux.Tuning;

/// <summary>In what sense a parameter is important.</summary>
public enum ImportanceMethod
{
    /// <summary>
    /// Share of the objective's variance over the whole space that it explains by itself: functional ANOVA over a random forest
    /// (Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance").
    /// </summary>
    Variance,

    /// <summary>
    /// How much it decides whether a trial is among the best tenth: PED-ANOVA (Watanabe, Bansal and Hutter 2023, "PED-ANOVA: Efficiently
    /// quantifying hyperparameter importance in arbitrary subspaces"); shares sum to 1.
    /// </summary>
    Best,
}
