using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>One bin of a calibration curve.</summary>
/// <param name="Low">Lower edge of the probability, inclusive.</param>
/// <param name="High">Upper edge, exclusive but for the last bin.</param>
/// <param name="Count">Rows in the bin, at least 1.</param>
/// <param name="MeanPredicted">Mean probability given to these rows.</param>
/// <param name="Observed">Share of these rows where the event happened.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double MeanPredicted, double Observed);

/// <summary>Reliability: what happened against what was promised, in equally wide bins of the probability (Niculescu-Mizil and Caruana 2005, section 4).</summary>
/// <param name="Bins">The bins that hold rows, in rising order.</param>
public sealed record CalibrationCurve(IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>Binary: of the positive class. Multiclass: of the most probable class, where the event is that it is right.</summary>
    /// <param name="y">Binary or multiclass answers.</param>
    /// <param name="p">Probabilities for the same rows.</param>
    /// <param name="bins">Number of bins, at least 1.</param>
    public static CalibrationCurve Of(Target y, Predictions p, int bins = 10)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Count != p.Rows || y.Width != p.Width)
        {
            throw new ArgumentException($"a calibration curve needs one class per row and matching rows: given a {Metrics.Describe(y.Task)} target of {y.Count} rows and predictions of {p.Rows} rows");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var labels = p.MostProbable();
        var counts = new int[bins];
        var predicted = new double[bins];
        var observed = new int[bins];
        for (var row = 0; row < labels.Length; row++)
        {
            var output = y.Task == TaskKind.Binary ? 1 : labels[row];
            var probability = p.Values[row * p.Width + output];
            if (double.IsNaN(probability))
            {
                continue;
            }

            var bin = Math.Clamp((int)(probability * bins), 0, bins - 1);
            counts[bin]++;
            predicted[bin] += probability;
            observed[bin] += y.Labels[row] == output ? 1 : 0;
        }

        return new CalibrationCurve([.. Enumerable.Range(0, bins).Where(bin => counts[bin] > 0).Select(bin => new CalibrationBin(
            (double)bin / bins, (bin + 1.0) / bins, counts[bin], predicted[bin] / counts[bin], (double)observed[bin] / counts[bin]))]);
    }
}
