namespace Roux.Tracking;

/// <summary>What has become of a finding.</summary>
public enum FindingState
{
    /// <summary>It is of the latest run of its experiment and subject.</summary>
    Open = 0,

    /// <summary>Somebody has looked at it and lives with it.</summary>
    Accepted = 1,

    /// <summary>The latest run of the same experiment and subject no longer has it.</summary>
    Gone = 2,

    /// <summary>A later run has the same again: the latest of them stands for it.</summary>
    Again = 3,
}
