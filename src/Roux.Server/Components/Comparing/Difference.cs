using System.Globalization;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.Comparing;

/// <summary>How much better one run is than another over the folds that both have.</summary>
/// <param name="First">Place of the one.</param>
/// <param name="Second">Place of the other.</param>
/// <param name="Gain">How much better the first is, positive where it is better whichever way the metric goes, with its 95 % interval.</param>
/// <param name="PValue">Of the corrected resampled t-test; NaN where the two cannot be paired.</param>
/// <param name="Folds">Folds that both have.</param>
/// <param name="Note">Why they cannot be paired, or what is taken for granted; empty for neither.</param>
internal sealed record Difference(int First, int Second, Interval Gain, double PValue, int Folds, string Note)
{
    private const double Level = 0.05;

    /// <summary>The p-value adjusted for all comparisons made at once.</summary>
    public double Adjusted { get; init; } = double.NaN;

    /// <summary>Whether the two could be compared.</summary>
    public bool IsKnown => !double.IsNaN(PValue);

    /// <summary>Whether the difference is more than chance would make.</summary>
    public bool IsSignificant => Adjusted < Level;

    /// <summary>
    /// All pairs of some runs by the corrected resampled t-test (Nadeau and Bengio 2003), which allows for training sets that overlap, with p-values adjusted by
    /// Holm (1979) over all pairs.
    /// </summary>
    public static IReadOnlyList<Difference> All(IReadOnlyList<FoldScores> runs, bool lowerIsBetter)
    {
        var pairs = new List<Difference>();
        for (var first = 0; first < runs.Count; first++)
        {
            for (var second = first + 1; second < runs.Count; second++)
            {
                pairs.Add(Of(runs, first, second, lowerIsBetter));
            }
        }

        var adjusted = MultipleTesting.Holm([.. pairs.Select(pair => pair.PValue)]);
        return [.. pairs.Select((pair, index) => pair with { Adjusted = adjusted[index] })];
    }

    /// <summary>The same from the other side.</summary>
    public Difference Turned() => this with { First = Second, Second = First, Gain = new Interval(-Gain.Estimate, -Gain.High, -Gain.Low, Gain.Method) };

    /// <summary>A p-value as it is told.</summary>
    public static string Text(double p) => double.IsNaN(p) ? "–" : p < 0.001 ? "p < 0.001" : "p = " + p.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>The interval as it is told.</summary>
    public string Range => $"{Short(Gain.Estimate)} [{Short(Gain.Low)}, {Short(Gain.High)}]";

    /// <summary>A number in three digits: an interval tells that no more of them mean anything.</summary>
    public static string Short(double value) => !double.IsFinite(value) || value == 0 ? Format.Number(value) : Format.Number(double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private static Difference Of(IReadOnlyList<FoldScores> runs, int first, int second, bool lowerIsBetter)
    {
        var (a, b) = (runs[first], runs[second]);
        var (may, note) = a.Pairs(b);
        long[] folds = [.. a.Scores.Keys.Where(fold => b.Scores.TryGetValue(fold, out var score) && double.IsFinite(score) && double.IsFinite(a.Scores[fold])).Order()];
        if (!may || folds.Length < 2)
        {
            return new Difference(first, second, new Interval(double.NaN, double.NaN, double.NaN, ""), double.NaN, folds.Length, may ? "fewer than two folds have a score of both" : note);
        }

        var sign = lowerIsBetter ? -1 : 1;
        double[] left = [.. folds.Select(fold => sign * a.Scores[fold])];
        double[] right = [.. folds.Select(fold => sign * b.Scores[fold])];
        var ratio = (a.TestTrainRatio + b.TestTrainRatio) / 2;
        return new Difference(
            first, second, ConfidenceIntervals.OfMean([.. left.Zip(right, (one, other) => one - other)], ratio), PairedTests.CorrectedResampledT(left, right, ratio).PValue, folds.Length, note);
    }
}
