using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>A number that says how good predictions are. Stateless and safe to share between threads.</summary>
public abstract class Metric
{
    /// <summary>Short and unique, in the field's terms: <c>macro_f1</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name as a person would write it in a sentence: <c>macro F1</c>.</summary>
    public virtual string Title => Name.Replace('_', ' ');

    /// <summary>Whether a larger value means better predictions.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>The least and the greatest value possible; infinite where there is no bound.</summary>
    public virtual (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether the metric has a meaning for such a question.</summary>
    public abstract bool Supports(TaskKind task);

    /// <summary>The metric of all rows.</summary>
    /// <param name="y">The known answers.</param>
    /// <param name="p">What a model said of the same rows, in the same order.</param>
    /// <returns>The value; NaN where it is not defined, such as the area under the ROC curve of rows of one class, or for no rows at all.</returns>
    /// <exception cref="ArgumentException">The metric does not apply to this task, or rows or classes of the two do not match.</exception>
    public double Compute(Target y, Predictions p)
    {
        Check(y, p);
        return y.Count == 0 ? double.NaN : ComputeChecked(y, p);
    }

    /// <summary>Whether <paramref name="a"/> is strictly better than <paramref name="b"/>; NaN is worse than every number.</summary>
    public bool IsBetter(double a, double b) =>
        !double.IsNaN(a) && (double.IsNaN(b) || (HigherIsBetter ? a > b : a < b));

    /// <summary>The metric of at least one row, where task, rows and classes are known to match.</summary>
    protected abstract double ComputeChecked(Target y, Predictions p);

    /// <summary>Prepares to compute the metric many times on resampled rows.</summary>
    internal virtual MetricKernel Prepare(Target y, Predictions p) => new ResamplingKernel(this, y, p);

    internal void Check(Target y, Predictions p)
    {
        if (!Supports(y.Task))
        {
            var fitting = string.Join(", ", Metrics.For(y.Task).Select(metric => metric.Name));
            throw new ArgumentException($"metric '{Name}' does not apply to a {Metrics.Describe(y.Task)} target; use one of: {fitting}");
        }

        if (y.Task != p.Task || y.Width != p.Width || y.Count != p.Rows)
        {
            throw new ArgumentException(
                $"predictions ({Metrics.Describe(p.Task)}, {p.Rows} rows x {p.Width}) do not match the target ({Metrics.Describe(y.Task)}, {y.Count} rows x {y.Width})");
        }
    }
}
