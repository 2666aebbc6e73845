using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>The same training on one thread and on several comes to different models.</summary>
public sealed class DependsOnThreadsCheck : Check<RepeatSubject>
{
    private static readonly Threshold Tolerance = new("tolerance", 1e-4, "largest difference of answers over the size of the largest, above which they differ", "Rounding of single precision, 6e-8, grown over some thousands of steps: less than that is only the order of additions");

    /// <inheritdoc/>
    public override string Name => "depends-on-threads";

    /// <inheritdoc/>
    public override string Definition => "With the same seed, one thread and several come to answers that differ by more than rounding.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Tolerance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(RepeatSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var (one, many) = (subject.Trace(1), subject.Trace(subject.Threads));
        if (Parting.Of(one with { Stages = [] }, many with { Stages = [] }, context.Value(Name, Tolerance)) is not { } parting)
        {
            yield break;
        }

        yield return new Finding(Name, parting.Share > 0.01 ? Severity.Medium : Severity.Low, string.Create(CultureInfo.InvariantCulture,
            $"{subject.Name} comes to other answers on {subject.Threads} threads than on one: {parting.Share:0.#%} of them differ"))
        {
            Evidence = new JsonObject { ["threads"] = subject.Threads, ["share_of_rows"] = parting.Share, ["largest_difference"] = double.IsFinite(parting.Largest) ? parting.Largest : null },
            Cause = "Every thread draws from a random generator of its own, or the work is cut differently, so the number of threads is a hidden setting.",
            Fix = "Derive random numbers from what is worked on (row, tree, step), not from the thread; else record the number of threads with the seed.",
            Verify = "One thread and several give the same answers up to rounding.",
        };
    }
}
