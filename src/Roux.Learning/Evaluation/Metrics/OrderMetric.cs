using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>A metric of the sorted absolute errors: their median or their maximum.</summary>
internal sealed class OrderMetric(string name, string title, bool maximum)
    : KernelMetric(name, title, higherIsBetter: false, [TaskKind.Regression])
{
    internal override MetricKernel Prepare(Target y, Predictions p) => new Kernel(RowValues.AbsoluteError(y, p), maximum);

    private sealed class Kernel : MetricKernel
    {
        private readonly double[] errors;
        private readonly int[] rows;
        private readonly bool maximum;

        public Kernel(double[] errors, bool maximum)
        {
            this.errors = errors;
            this.maximum = maximum;
            rows = [.. Enumerable.Range(0, errors.Length)];
            Array.Sort(errors, rows);
        }

        public override long Cost => 2L * rows.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            if (double.IsNaN(errors[0]))
            {
                return double.NaN; // NaN sorts first
            }

            if (maximum)
            {
                for (var i = rows.Length - 1; i >= 0; i--)
                {
                    if (counts[rows[i]] > 0)
                    {
                        return errors[i];
                    }
                }

                return double.NaN;
            }

            var total = 0L;
            foreach (var count in counts)
            {
                total += count;
            }

            var seen = 0L;
            for (var i = 0; i < rows.Length; i++)
            {
                seen += counts[rows[i]];
                if (2 * seen > total)
                {
                    return errors[i];
                }

                if (2 * seen == total && counts[rows[i]] > 0)
                {
                    var next = i + 1;
                    while (counts[rows[next]] == 0)
                    {
                        next++;
                    }

                    return (errors[i] + errors[next]) / 2;
                }
            }

            return double.NaN;
        }
    }
}
