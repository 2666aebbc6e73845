namespace Roux.Server.Components.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Value to the right.</param>
/// <param name="Y">Value upwards.</param>
/// <param name="Hint">What is told beside the pointer; lines end with a line break.</param>
/// <param name="Css">Classes of its mark: a colour such as <c>f1</c>, or <c>q7</c> of the ramp.</param>
/// <param name="Href">Where a click leads; <c>null</c> for nowhere.</param>
public sealed record PlotPoint(double X, double Y, string Hint, string Css, string? Href = null)
{
    /// <summary>Its radius in pixels.</summary>
    public double Radius { get; init; } = 3.2;
}
