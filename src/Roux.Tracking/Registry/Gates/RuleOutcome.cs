namespace Roux.Tracking;

/// <summary>What became of a rule.</summary>
public enum RuleOutcome
{
    /// <summary>It holds.</summary>
    Pass = 0,

    /// <summary>It does not hold.</summary>
    Fail = 1,

    /// <summary>Something is missing to tell. A gate with such a rule does not pass.</summary>
    CannotTell = 2,
}
