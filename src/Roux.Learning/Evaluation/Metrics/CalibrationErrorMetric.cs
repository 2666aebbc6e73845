using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Expected calibration error (Guo et al. 2017, equation 3): rows are put into ten equally wide bins by the probability of the predicted class;
/// the mean over rows of the gap between that probability and the accuracy within the bin.
/// </summary>
internal sealed class CalibrationErrorMetric()
    : KernelMetric("ece", "expected calibration error", higherIsBetter: false, [TaskKind.Binary, TaskKind.Multiclass])
{
    private const int Bins = 10;

    internal override MetricKernel Prepare(Target y, Predictions p) => new Kernel(y, p);

    private sealed class Kernel : MetricKernel
    {
        private readonly byte[] bin;
        private readonly double[] gap; // probability of the predicted class, less 1 where it is right

        public Kernel(Target y, Predictions p)
        {
            var labels = p.MostProbable();
            bin = new byte[labels.Length];
            gap = new double[labels.Length];
            for (var row = 0; row < labels.Length; row++)
            {
                var top = p.Values[row * p.Width + labels[row]];
                bin[row] = (byte)Math.Clamp((int)(top * Bins), 0, Bins - 1);
                gap[row] = top - (labels[row] == y.Labels[row] ? 1 : 0);
            }
        }

        public override long Cost => bin.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            Span<double> sums = stackalloc double[Bins];
            sums.Clear();
            var total = 0L;
            for (var row = 0; row < counts.Length; row++)
            {
                sums[bin[row]] += counts[row] * gap[row];
                total += counts[row];
            }

            var sum = 0.0;
            foreach (var value in sums)
            {
                sum += Math.Abs(value);
            }

            return sum / total;
        }
    }
}
