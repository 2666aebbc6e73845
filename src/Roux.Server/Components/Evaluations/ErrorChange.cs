namespace Roux.Server.Components.Evaluations;

/// <summary>What becomes of a row from one model to another.</summary>
public enum ErrorChange
{
    /// <summary>Wrong before, right now; of a number: nearer now.</summary>
    Fixed,

    /// <summary>Right before, wrong now; of a number: further off now.</summary>
    Broken,

    /// <summary>Wrong with both.</summary>
    BothWrong,

    /// <summary>Right with both; of a number: as far off.</summary>
    BothRight,
}
