using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>A metric that is tuned, and which way it is better.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Direction">Which way it is better.</param>
public sealed record Goal(string Metric, Direction Direction)
{
    /// <summary>The direction as options and tags say it.</summary>
    public string Way => Direction == Direction.Minimize ? "minimize" : "maximize";
}
