using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Answers that depend on which other rows are in the batch.</summary>
public sealed class RowsMixedCheck : TrainingCheck
{
    private static readonly Threshold Moved = new("moved", 0.01, "greatest change of an output when half of the batch is left out, over the deviation of the outputs", "Rounding moves outputs by a millionth; a hundredth is another answer");

    /// <inheritdoc/>
    public override string Name => "rows-mixed";

    /// <inheritdoc/>
    public override string Definition => "In evaluation a row's outputs change when other rows of its batch are left out: rows are mixed (a view where a permutation was meant, a mean over the wrong dimension, statistics of the batch) (Karpathy 2019, 'use backprop to chart dependencies').";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Moved];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["validation-at-chance", "at-chance", "overfit", "overtraining", "loss-not-decreasing", "underfit"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "view or reshape was used to exchange dimensions, a softmax, mean or normalisation goes over the rows, or a layer takes rows for places.";

    /// <inheritdoc/>
    protected override string Fix => "Exchange dimensions by permute or transpose, name the dimension of every softmax, mean and norm, and check shapes after each layer; where rows are meant to see each other, suppress this finding with that reason.";

    /// <inheritdoc/>
    protected override string Verify => "Outputs of the first rows are the same, to rounding, whether the rest of the batch is there or not.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network)
        {
            yield break;
        }

        using var copy = network.Copy();
        copy.Reseed(context.Seed);
        var whole = copy.Evaluate(0);
        copy.Reseed(context.Seed + 1);
        var again = copy.Evaluate(0);
        if (whole.Rows < 4 || !Array.TrueForAll(whole.Values, float.IsFinite) || whole.Distance(again) > 1e-6)
        {
            yield break; // Something is drawn at random in evaluation: another check's business.
        }

        var kept = whole.Rows / 2;
        var half = copy.Evaluate(0, kept);
        var first = new NetworkOutput(kept, whole.Width, whole.Values[..(kept * whole.Width)]);
        if (half.Values.Length == first.Values.Length && first.Distance(half) is var moved && moved > context.Value(Name, Moved) && whole.Values.Max() - whole.Values.Min() > 1e-6)
        {
            yield return Found(Severity.Medium, $"Answers depend on the other rows of the batch: with half of them left out, outputs of the same rows move by up to {Text(moved)} deviations.", null, ("moved", Number(moved)), ("rows", whole.Rows));
        }
    }
}
