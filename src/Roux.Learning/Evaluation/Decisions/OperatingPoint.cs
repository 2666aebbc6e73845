namespace Roux.Learning.Evaluation.Decisions;

/// <summary>What one threshold brings.</summary>
/// <param name="Threshold">Least probability at which the event is predicted.</param>
/// <param name="Precision">Share of the alerts that are right; NaN without alerts.</param>
/// <param name="Recall">Share of the events that raise an alert; NaN without events.</param>
/// <param name="AlertsPerThousand">Rows of a thousand that raise an alert.</param>
/// <param name="CostPerThousand">Cost of a thousand rows; NaN where costs are not known.</param>
/// <param name="Value">The metric that the threshold is chosen for; NaN where cost decides or nothing was asked for.</param>
/// <param name="Kind"><c>chosen</c>, <c>default</c> (0.5) or empty.</param>
public sealed record OperatingPoint(double Threshold, double Precision, double Recall, double AlertsPerThousand, double CostPerThousand, double Value, string Kind);
