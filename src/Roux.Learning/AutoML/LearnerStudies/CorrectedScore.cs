using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>
/// A winner's score without the optimism of having been chosen: rows are drawn with replacement, the configuration that is best on them is scored on
/// the rows that were not drawn, and so on again and again (bootstrap bias corrected cross-validation: Tsamardinos, Greasidou and Borboudakis 2018).
/// </summary>
/// <param name="Value">The corrected score: the mean over the draws.</param>
/// <param name="Low">Lower end of a 95% interval: percentiles of the draws.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Raw">The best configuration's own score on all rows.</param>
/// <param name="Configurations">Configurations that there were to choose from.</param>
/// <param name="Draws">Draws.</param>
public sealed record CorrectedScore(double Value, double Low, double High, double Raw, int Configurations, int Draws)
{
    /// <summary>Of many configurations the best so many are looked at: the others are hardly ever the best of a draw.</summary>
    public const int MostConfigurations = 30;

    private const double MostWork = 4e7;
    private const int MostDraws = 500;
    private const int LeastDraws = 20;

    /// <summary>How much too good the raw score is.</summary>
    public double Optimism => Raw - Value;

    /// <summary>Computes it.</summary>
    /// <param name="target">Answers of the rows.</param>
    /// <param name="predictions">For each configuration the predictions of cross-validation for them.</param>
    /// <param name="metric">What counts.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static CorrectedScore Of(Target target, IReadOnlyList<Predictions> predictions, Metric metric, int seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(metric);
        var draws = (int)Math.Clamp(MostWork / ((double)predictions.Count * target.Count), LeastDraws, MostDraws);
        var (random, values) = (new Random(seed), new List<double>(draws));
        for (var draw = 0; draw < draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var drawn = new bool[target.Count];
            var inside = new int[target.Count];
            for (var i = 0; i < inside.Length; i++)
            {
                drawn[inside[i] = random.Next(target.Count)] = true;
            }

            int[] outside = [.. Enumerable.Range(0, target.Count).Where(row => !drawn[row])];
            if (outside.Length == 0)
            {
                continue;
            }

            var answers = target.Take(inside);
            var best = predictions.Select(of => metric.Compute(answers, of.Take(inside))).Select((score, i) => (Score: double.IsNaN(score) ? double.PositiveInfinity : metric.HigherIsBetter ? -score : score, i)).Min().i;
            var value = metric.Compute(target.Take(outside), predictions[best].Take(outside));
            if (double.IsFinite(value))
            {
                values.Add(value);
            }
        }

        var all = predictions.Select(of => metric.Compute(target, of)).ToArray();
        var raw = metric.HigherIsBetter ? all.Max() : all.Min();
        values.Sort();
        return values.Count == 0 ? new CorrectedScore(double.NaN, double.NaN, double.NaN, raw, predictions.Count, 0)
            : new CorrectedScore(values.Average(), values[(int)(0.025 * (values.Count - 1))], values[(int)Math.Ceiling(0.975 * (values.Count - 1))], raw, predictions.Count, values.Count);
    }
}
