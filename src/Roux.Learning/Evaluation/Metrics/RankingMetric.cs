using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>Scores one class's ranking of a resample.</summary>
internal delegate double RankedScore(RankedClass ranked, ReadOnlySpan<int> counts);

/// <summary>A metric of the order in which rows are put. Binary: of the positive class; else the mean over classes, each against the rest.</summary>
internal sealed class RankingMetric(string name, string title, TaskKind[] tasks, RankedScore score)
    : KernelMetric(name, title, higherIsBetter: true, tasks)
{
    internal override MetricKernel Prepare(Target y, Predictions p)
    {
        var outputs = y.Task == TaskKind.Binary ? [1] : Enumerable.Range(0, p.Width);
        return new Kernel([.. outputs.Select(output => RankedClass.Of(y, p, output))], y.Count, score);
    }

    private sealed class Kernel(RankedClass?[] classes, int rows, RankedScore score) : MetricKernel
    {
        public override long Cost => 2L * rows * classes.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var sum = 0.0;
            foreach (var ranked in classes)
            {
                sum += ranked is null ? double.NaN : score(ranked, counts);
            }

            return sum / classes.Length;
        }
    }
}

/// <summary>
/// Area under the ROC curve for several classes, the mean over all pairs of classes of the area with which the two are told apart
/// (Hand and Till 2001, equation 7). NaN where a class does not occur.
/// </summary>
internal sealed class PairwiseAreaMetric() : KernelMetric("roc_auc_ovo", "ROC AUC (one against one)", higherIsBetter: true, [TaskKind.Multiclass])
{
    internal override MetricKernel Prepare(Target y, Predictions p) => new Kernel(y, p);

    private sealed class Kernel(Target y, Predictions p) : MetricKernel
    {
        private readonly int classes = p.Width;
        private readonly Ranking?[] rankings = [.. Enumerable.Range(0, p.Width).Select(k => Ranking.Of(p, k))];

        public override long Cost => 2L * y.Count * classes;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var sizes = new double[classes];
            for (var row = 0; row < counts.Length; row++)
            {
                sizes[y.Labels[row]] += counts[row];
            }

            if (Array.Exists(sizes, size => size == 0) || Array.Exists(rankings, ranking => ranking is null))
            {
                return double.NaN;
            }

            var sum = 0.0;
            var inOrder = new double[classes];
            for (var k = 0; k < classes; k++)
            {
                Array.Clear(inOrder);
                Count(rankings[k]!, k, counts, inOrder);
                for (var other = 0; other < classes; other++)
                {
                    sum += other == k ? 0 : inOrder[other] / (sizes[k] * sizes[other]);
                }
            }

            return sum / ((double)classes * (classes - 1));
        }

        /// <summary>For every other class, counts its pairs with rows of class <paramref name="k"/> that are in order.</summary>
        private void Count(Ranking ranking, int k, ReadOnlySpan<int> counts, double[] inOrder)
        {
            var (rows, tied) = (ranking.Rows, ranking.Tied);
            var above = 0.0;
            for (var start = 0; start < rows.Length;)
            {
                var end = start + 1;
                while (end < rows.Length && tied[end])
                {
                    end++;
                }

                var group = 0.0;
                for (var i = start; i < end; i++)
                {
                    group += y.Labels[rows[i]] == k ? counts[rows[i]] : 0;
                }

                for (var i = start; i < end; i++)
                {
                    inOrder[y.Labels[rows[i]]] += counts[rows[i]] * (above + 0.5 * group);
                }

                above += group;
                start = end;
            }
        }
    }
}
