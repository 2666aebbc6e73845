using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>A metric of predicted classes (the most probable one, for multilabel those with a probability above 0.5, unless the predictions bring a rule of their own).</summary>
internal sealed class ClassCountMetric(string name, string title, TaskKind[] tasks, Func<ClassCounts, double> score)
    : KernelMetric(name, title, higherIsBetter: true, tasks)
{
    /// <summary>The metric of counts.</summary>
    internal double Score(ClassCounts counts) => score(counts);

    internal override MetricKernel Prepare(Target y, Predictions p) =>
        y.Task == TaskKind.Multilabel ? new LabelsKernel(y, p, score) : new ClassKernel(y, p, score);

    private sealed class ClassKernel(Target y, Predictions p, Func<ClassCounts, double> score) : MetricKernel
    {
        private readonly int classes = y.Classes.Length;
        private readonly int[] actual = y.Labels;
        private readonly int[] predicted = p.Labels();

        public override long Cost => actual.Length + 4L * classes;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var both = new long[classes];
            var trues = new long[classes];
            var guesses = new long[classes];
            var total = 0L;
            for (var row = 0; row < counts.Length; row++)
            {
                var count = counts[row];
                total += count;
                trues[actual[row]] += count;
                guesses[predicted[row]] += count;
                if (actual[row] == predicted[row])
                {
                    both[actual[row]] += count;
                }
            }

            return score(new ClassCounts(both, trues, guesses, total, AverageAbsent: false));
        }
    }

    private sealed class LabelsKernel : MetricKernel
    {
        private readonly int width;
        private readonly byte[] cells; // bit 0: true, bit 1: predicted
        private readonly Func<ClassCounts, double> score;

        public LabelsKernel(Target y, Predictions p, Func<ClassCounts, double> score)
        {
            width = p.Width;
            this.score = score;
            cells = new byte[y.Indicators.Length];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = (byte)((y.Indicators[i] ? 1 : 0) | (p.Has(i / width, i % width) ? 2 : 0));
            }
        }

        public override long Cost => cells.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var both = new long[width];
            var trues = new long[width];
            var guesses = new long[width];
            var total = 0L;
            for (var row = 0; row < counts.Length; row++)
            {
                var count = counts[row];
                if (count == 0)
                {
                    continue;
                }

                total += count;
                var labels = cells.AsSpan(row * width, width);
                for (var k = 0; k < labels.Length; k++)
                {
                    trues[k] += (labels[k] & 1) * count;
                    guesses[k] += (labels[k] >> 1) * count;
                    both[k] += (labels[k] & labels[k] >> 1) * count;
                }
            }

            return score(new ClassCounts(both, trues, guesses, total, AverageAbsent: true));
        }
    }
}
