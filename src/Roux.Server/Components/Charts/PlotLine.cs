namespace Roux.Server.Components.Charts;

/// <summary>A line of a chart through points; one that is not finite breaks it.</summary>
/// <param name="X">Values to the right.</param>
/// <param name="Y">Values upwards.</param>
/// <param name="Css">Its classes, such as <c>line c1</c>.</param>
public sealed record PlotLine(IReadOnlyList<double> X, IReadOnlyList<double> Y, string Css)
{
    /// <summary>Whether it goes to the right first and then up or down.</summary>
    public bool IsSteps { get; init; }

    /// <summary>What is told beside the pointer.</summary>
    public string? Hint { get; init; }

    /// <summary>Where a click leads.</summary>
    public string? Href { get; init; }
}
