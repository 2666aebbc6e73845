using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// A metric made ready for one pair of answers and predictions, so that resampled versions of it are cheap:
/// sorting and comparing happen once, each resample is one pass over the rows. Safe to use from many threads.
/// </summary>
internal abstract class MetricKernel
{
    /// <summary>Rough cost of one evaluation in units of one row visited.</summary>
    public abstract long Cost { get; }

    /// <summary>The metric of a sample that holds row i <paramref name="counts"/>[i] times.</summary>
    public abstract double Evaluate(ReadOnlySpan<int> counts);

    /// <summary>Every row once.</summary>
    public static int[] Once(int rows)
    {
        var counts = new int[rows];
        Array.Fill(counts, 1);
        return counts;
    }
}

/// <summary>For metrics that bring no kernel of their own: copies the rows and computes anew.</summary>
internal sealed class ResamplingKernel(Metric metric, Target y, Predictions p) : MetricKernel
{
    public override long Cost => 8L * p.Values.Length;

    public override double Evaluate(ReadOnlySpan<int> counts)
    {
        var rows = new List<int>(counts.Length);
        for (var row = 0; row < counts.Length; row++)
        {
            for (var i = 0; i < counts[row]; i++)
            {
                rows.Add(row);
            }
        }

        var taken = rows.ToArray();
        return metric.Compute(y.Take(taken), p.Take(taken));
    }
}

/// <summary>A built-in metric: its value is its kernel's value with every row once.</summary>
internal abstract class KernelMetric(string name, string title, bool higherIsBetter, TaskKind[] tasks) : Metric
{
    public sealed override string Name => name;

    public sealed override string Title => title;

    public sealed override bool HigherIsBetter => higherIsBetter;

    public sealed override (double Low, double High) Range => name switch
    {
        "mcc" or "cohen_kappa" => (-1, 1),
        "brier" => (0, 2),
        "r2" or "explained_variance" => (double.NegativeInfinity, 1),
        "log_loss" => (0, double.PositiveInfinity),
        _ => (0, tasks.Contains(TaskKind.Regression) ? double.PositiveInfinity : 1),
    };

    public sealed override bool Supports(TaskKind task) => tasks.Contains(task);

    protected sealed override double ComputeChecked(Target y, Predictions p) => Prepare(y, p).Evaluate(MetricKernel.Once(y.Count));

    internal abstract override MetricKernel Prepare(Target y, Predictions p);
}
