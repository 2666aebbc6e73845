using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Share of the target's spread that the predictions explain: the coefficient of determination, or with
/// <paramref name="forgiveOffset"/> the explained variance, which does not mind a constant error.
/// A constant target gives 1 for perfect predictions and else 0, as in scikit-learn.
/// </summary>
internal sealed class VarianceMetric(string name, string title, bool forgiveOffset)
    : KernelMetric(name, title, higherIsBetter: true, [TaskKind.Regression])
{
    internal override MetricKernel Prepare(Target y, Predictions p) => new Kernel(y.Values, p.Values, forgiveOffset);

    private sealed class Kernel : MetricKernel
    {
        // Both are held less their mean: a target of 1e9 + noise would otherwise lose its digits.
        private readonly double[] truth;
        private readonly double[] error;
        private readonly double errorMean;
        private readonly bool forgiveOffset;

        public Kernel(double[] y, double[] p, bool forgiveOffset)
        {
            this.forgiveOffset = forgiveOffset;
            var mean = y.Average();
            truth = [.. y.Select(value => value - mean)];
            error = [.. y.Zip(p, (a, b) => a - b)];
            errorMean = error.Average();
        }

        public override long Cost => 2L * truth.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var spread = new Spread();
            var errors = new Spread();
            var squares = 0.0;
            for (var row = 0; row < counts.Length; row++)
            {
                if (counts[row] != 0)
                {
                    spread.Add(truth[row], counts[row]);
                    errors.Add(error[row] - errorMean, counts[row]);
                    squares += counts[row] * error[row] * error[row];
                }
            }

            var unexplained = forgiveOffset ? errors.SumOfSquares : squares;
            var total = spread.SumOfSquares;
            return double.IsNaN(unexplained) ? double.NaN
                : total > 0 ? 1 - unexplained / total
                : unexplained == 0 ? 1 : 0;
        }
    }

    /// <summary>Sum of squares about the mean, of values that lie around zero.</summary>
    private struct Spread
    {
        private double sum, squares, low, high;
        private long n;

        public void Add(double value, int count)
        {
            (low, high) = n == 0 ? (value, value) : (Math.Min(low, value), Math.Max(high, value));
            n += count;
            sum += count * value;
            squares += count * value * value;
        }

        /// <summary>Exactly zero when all values are equal, which rounding would hide.</summary>
        public readonly double SumOfSquares => low == high ? 0 : Math.Max(0, squares - sum * sum / n);
    }
}
