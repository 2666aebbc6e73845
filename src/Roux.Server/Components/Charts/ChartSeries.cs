namespace Roux.Server.Components.Charts;

/// <summary>One line of a chart: a run's history of a metric.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Colour">Number of its colour, from 1.</param>
public sealed record ChartSeries(string Name, string RunId, string Key, int Colour);
