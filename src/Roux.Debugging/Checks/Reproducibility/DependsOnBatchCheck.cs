using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>What a model says of a row depends on the rows that are asked with it.</summary>
public sealed class DependsOnBatchCheck : Check<DeploymentSubject>
{
    private const int MostRows = 64;
    private const int Part = 7;
    private static readonly Threshold Tolerance = new("tolerance", 1e-4, "largest difference of answers over the size of the largest, above which they differ", "Rounding of single precision, 6e-8, over sums of some thousands of terms");

    /// <inheritdoc/>
    public override string Name => "depends-on-batch";

    /// <inheritdoc/>
    public override string Definition => "Rows asked one by one, or in parts, get other answers than when asked all at once: batch statistics, padding or normalisation over the rows of a call (Ioffe and Szegedy 2015).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Tolerance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(DeploymentSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Rows.RowCount < 2)
        {
            yield break;
        }

        var rows = subject.Rows.RowCount <= MostRows ? subject.Rows : subject.Rows.Take([.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * subject.Rows.RowCount / MostRows))]);
        var whole = subject.Predict(rows);
        foreach (var size in new[] { 1, Part })
        {
            var parts = new List<double>();
            for (var start = 0; start < rows.RowCount; start += size)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                parts.AddRange(subject.Predict(rows.Take([.. Enumerable.Range(start, Math.Min(size, rows.RowCount - start))])).Values);
            }

            if (Parting.Of(new RepeatTrace([], whole.Values, whole.Width), new RepeatTrace([], [.. parts], whole.Width), context.Value(Name, Tolerance)) is { } parting)
            {
                yield return Found(subject, rows, size, parting);
                yield break;
            }
        }
    }

    private Finding Found(DeploymentSubject subject, Table rows, int size, Parting parting) => new(Name, parting.Share > 0.01 ? Severity.High : Severity.Medium, string.Create(CultureInfo.InvariantCulture,
        $"What {subject.Name} says of a row depends on the rows asked with it: {(size == 1 ? "one by one" : $"in parts of {size}")}, answers differ by up to {parting.Largest:G3}"))
    {
        Evidence = new JsonObject { ["rows"] = rows.RowCount, ["part"] = size, ["share_of_rows"] = parting.Share, ["largest_difference"] = double.IsFinite(parting.Largest) ? parting.Largest : null },
        Cause = "Batch normalisation or dropout still in training mode, padding that is not masked, or scaling computed over the rows of the call.",
        Fix = "Switch the network to evaluation mode, mask padding, and take all statistics from the training rows.",
        Verify = "Rows get the same answer alone and together.",
    };
}
