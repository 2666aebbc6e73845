using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// The symmetric logarithm sign(x - c) * ln(1 + |x - c| / s), which pulls heavy tails in and leaves the bulk almost linear.
/// With c = 0 and small s it is the logarithm of a positive quantity.
/// </summary>
/// <param name="Center">c.</param>
/// <param name="Scale">s; 0 for no compression.</param>
internal readonly record struct TailCompression(double Center, double Scale)
{
    /// <summary>Below this skewness a distribution is left as it is (Bulmer 1979, Principles of Statistics: over 1 is highly skewed).</summary>
    private const double MinSkewness = 1;

    /// <summary>Excess kurtosis of a Laplace distribution is 3; beyond 10 single values govern the variance.</summary>
    private const double MinKurtosis = 10;

    /// <summary>How much more of the target a compressed column must explain to be preferred.</summary>
    private const double MinGain = 1.1;

    private const int MinDistinct = 5;
    private const int SampleRows = 20_000;

    /// <summary>Changes nothing.</summary>
    public static TailCompression None { get; }

    /// <summary>The compressed value; NaN stays NaN.</summary>
    public double Apply(double value) => Scale <= 0 ? value : Math.CopySign(Math.Log(1 + Math.Abs(value - Center) / Scale), value - Center);

    /// <summary>
    /// Chooses on training rows: a skewed or heavy-tailed column is compressed where the share of the target's variance that it
    /// explains linearly (r², or η² for classes) grows by a tenth or more; otherwise it is left alone, because a relation that is
    /// straight already would only be bent.
    /// </summary>
    /// <param name="values">One a row; NaN is missing.</param>
    /// <param name="sorted">The values that are not missing, ascending.</param>
    /// <param name="y">Answers.</param>
    public static TailCompression Fit(double[] values, double[] sorted, Target y)
    {
        if (!IsHeavyTailed(sorted))
        {
            return None;
        }

        var stride = Math.Max(1, values.Length / SampleRows);
        var rows = Enumerable.Range(0, (values.Length + stride - 1) / stride).Select(i => i * stride).Where(row => double.IsFinite(values[row])).ToArray();
        var sample = Array.ConvertAll(rows, row => values[row]);
        var best = None;
        var bestScore = Association.Of(sample, y, rows) * MinGain + 1e-6;
        foreach (var candidate in Candidates(sorted))
        {
            var score = Association.Of(Array.ConvertAll(sample, candidate.Apply), y, rows);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new() { ["center"] = Center, ["scale"] = Scale };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static TailCompression FromJson(JsonNode json) => new(json.Double("center"), json.Double("scale"));

    private static bool IsHeavyTailed(double[] sorted)
    {
        var distinct = 0;
        for (var i = 0; i < sorted.Length && distinct < MinDistinct; i++)
        {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }

        if (distinct < MinDistinct)
        {
            return false;
        }

        var mean = sorted.Average();
        var (m2, m3, m4) = (0.0, 0.0, 0.0);
        foreach (var value in sorted)
        {
            var d = value - mean;
            m2 += d * d;
            m3 += d * d * d;
            m4 += d * d * d * d;
        }

        var n = (double)sorted.Length;
        var variance = m2 / n;
        var skewness = m3 / n / Math.Pow(variance, 1.5);
        var kurtosis = m4 / n / (variance * variance) - 3;
        return Math.Abs(skewness) > MinSkewness || kurtosis > MinKurtosis;
    }

    private static IEnumerable<TailCompression> Candidates(double[] sorted)
    {
        var median = Quantile(sorted, 0.5);
        var spread = Array.ConvertAll(sorted, value => Math.Abs(value - median));
        Array.Sort(spread);
        var scale = Quantile(spread, 0.5);
        if (scale <= 0)
        {
            scale = Quantile(Array.FindAll(spread, value => value > 0), 0.5); // more than half the rows share one value
        }

        yield return new TailCompression(median, scale);
        if (sorted[0] >= 0 || sorted[^1] <= 0)
        {
            var magnitudes = Array.FindAll(Array.ConvertAll(sorted, Math.Abs), value => value > 0);
            Array.Sort(magnitudes);
            yield return new TailCompression(0, Quantile(magnitudes, 0.05));
            yield return new TailCompression(0, Quantile(magnitudes, 0.5));
        }
    }

    private static double Quantile(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
