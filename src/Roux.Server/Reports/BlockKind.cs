namespace Roux.Server.Reports;

/// <summary>What a block of a report is.</summary>
public enum BlockKind
{
    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Histories of metrics of runs.</summary>
    Lines,

    /// <summary>The table of runs, or of groups of them, that an address shows.</summary>
    Runs,

    /// <summary>A plot of numbers that were copied when it was pinned.</summary>
    Plot,
}
