namespace Roux.Server.Components.Charts;

/// <summary>The pixels that a chart has.</summary>
/// <param name="Width">To the right.</param>
/// <param name="Height">Downwards.</param>
public readonly record struct ChartRoom(int Width, int Height);
