using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Stored;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.Evaluations;

/// <summary>A curve over thresholds of one class, with points to read thresholds from.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Area">Area under the ROC curve, or average precision.</param>
/// <param name="Line">The curve.</param>
/// <param name="Points">Some points of it.</param>
public sealed record ThresholdCurve(string Class, double Area, PlotLine Line, IReadOnlyList<PlotPoint> Points)
{
    private const int MostLine = 600;
    private const int MostPoints = 60;
    private const int MostCurves = 8;

    /// <summary>Classes that get a curve: of two the positive one, of more the most frequent ones, each against the rest.</summary>
    internal static IReadOnlyList<int> Classes(StoredPredictions stored) => stored.Target.Task == TaskKind.Binary || stored.Target.Classes.Length == 2 ? [1]
        : [.. stored.Target.Labels.CountBy(label => label).OrderByDescending(pair => pair.Value).Take(MostCurves).Select(pair => pair.Key).Order()];

    internal static ThresholdCurve Roc(StoredPredictions stored, int label, int colour)
    {
        var curve = RocCurve.Of(stored.Target, stored.Predictions, label);
        var area = 0.0;
        for (var at = 1; at < curve.Thresholds.Length; at++)
        {
            area += (curve.FalsePositiveRate[at] - curve.FalsePositiveRate[at - 1]) * (curve.TruePositiveRate[at] + curve.TruePositiveRate[at - 1]) / 2;
        }

        return Of(stored.Target.Classes[label], area, curve.FalsePositiveRate, curve.TruePositiveRate, curve.Thresholds, colour, "of the others called it", "of its rows found");
    }

    internal static ThresholdCurve PrecisionRecall(StoredPredictions stored, int label, int colour)
    {
        var curve = PrecisionRecallCurve.Of(stored.Target, stored.Predictions, label);
        var area = 0.0;
        for (var at = 0; at < curve.Thresholds.Length; at++)
        {
            area += (curve.Recall[at] - curve.Recall[at + 1]) * curve.Precision[at];
        }

        return Of(stored.Target.Classes[label], area, curve.Recall, curve.Precision, curve.Thresholds, colour, "of its rows found", "of those called it are right");
    }

    private static ThresholdCurve Of(string name, double area, double[] x, double[] y, double[] thresholds, int colour, string across, string up)
    {
        int[] drawn = Spread(x.Length, MostLine);
        var points = Spread(thresholds.Length, MostPoints).Where(at => double.IsFinite(thresholds[at])).Select(at => new PlotPoint(
            x[at], y[at], string.Create(CultureInfo.InvariantCulture, $"{Format.Cut(name, 40)} from {thresholds[at]:0.###}\n{x[at] * 100:0.#} % {across}\n{y[at] * 100:0.#} % {up}"), $"f{colour} dot-read") { Radius = 2 });
        return new ThresholdCurve(name, area, new PlotLine([.. drawn.Select(at => x[at])], [.. drawn.Select(at => y[at])], $"line c{colour}"), [.. points]);
    }

    private static int[] Spread(int count, int most) => count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(index => (int)((long)index * (count - 1) / (most - 1)))];
}
