namespace Roux.Tracking;

/// <summary>What has become of a finding.</summary>
public enum FindingState
{
    /// <summary>The latest run still has it, or there is no later one.</summary>
    Open = 0,

    /// <summary>Somebody has looked at it and lives with it.</summary>
    Accepted = 1,

    /// <summary>The latest run of the same experiment and subject no longer has it.</summary>
    Gone = 2,
}
