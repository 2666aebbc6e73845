using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Class numbers that begin at one.</summary>
public sealed class LabelRangeCheck : TrainingCheck
{
    private static readonly Threshold Rows = new("rows", 20, "rows per class that must have been seen", "A class of average frequency is then missing by chance with probability e^-20.");

    /// <inheritdoc/>
    public override string Name => "labels-off-by-one";

    /// <inheritdoc/>
    public override string Definition => "Class 0 never occurs among the labels while the highest output is used: the labels begin at 1 and an output was added for it.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Rows];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "Labels were numbered from 1, or shifted by one on the way.";

    /// <inheritdoc/>
    protected override string Fix => "Number classes from 0, and use one mapping for training, validation and predictions.";

    /// <inheritdoc/>
    protected override string Verify => "Every output has rows of its class.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network || subject.Facts.Loss != LossKind.CrossEntropy || !network.HasClassTargets)
        {
            yield break;
        }

        using var copy = network.Copy();
        var classes = copy.Forward(0, training: false).Width;
        var targets = Enumerable.Range(0, copy.Batches).SelectMany(copy.Targets).Where(target => target >= 0).ToArray();
        if (classes >= 3 && targets.Length >= context.Value(Name, Rows) * classes && targets.Min() == 1 && targets.Max() == classes - 1)
        {
            yield return Found(Severity.Medium, $"No row has class 0, but {classes} outputs are there: the labels begin at 1.",
                TrainingPlots.Bars("Rows a class", "rows", [.. Enumerable.Range(0, Math.Min(200, classes)).Select(index => (index.ToString(System.Globalization.CultureInfo.InvariantCulture), (double)targets.Count(target => target == index)))]),
                ("outputs", classes), ("rows", targets.Length));
        }
    }
}
