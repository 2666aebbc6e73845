namespace Roux.Server.Components.Charts;

/// <summary>What the horizontal axis of a chart of metrics counts.</summary>
public enum ChartAxis
{
    /// <summary>Steps.</summary>
    Step,

    /// <summary>Time of day.</summary>
    Time,

    /// <summary>Seconds since the run's first point.</summary>
    Relative,
}

/// <summary>How charts of metrics are drawn.</summary>
/// <param name="Axis">What the horizontal axis counts.</param>
/// <param name="LogX">Whether equal ratios take equal space to the right.</param>
/// <param name="LogY">Whether equal ratios take equal space upwards.</param>
/// <param name="Smoothing">0: as logged; towards 1: smoother.</param>
public sealed record ChartOptions(ChartAxis Axis = ChartAxis.Step, bool LogX = false, bool LogY = false, double Smoothing = 0);
