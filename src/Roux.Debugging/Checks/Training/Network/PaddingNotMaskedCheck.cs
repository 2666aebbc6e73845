using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Sequences whose answer depends on how far they were filled up.</summary>
public sealed class PaddingNotMaskedCheck : TrainingCheck
{
    private static readonly Threshold Moved = new("moved", 0.01, "greatest change of an output when filling that no row needs is cut off, over the deviation of the outputs", "Rounding moves outputs by a millionth; a hundredth is another answer");

    /// <inheritdoc/>
    public override string Name => "padding-not-masked";

    /// <inheritdoc/>
    public override string Definition => "In evaluation the outputs of token sequences change when the filling at their end (padding) is shortened: it is attended to, averaged in or read through (attention masks: Vaswani et al. 2017, 3.2.3).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Moved];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["validation-at-chance", "at-chance", "overfit", "overtraining"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The attention mask is missing, has the wrong sense (1 for padding), or is left out of the pooling; or a recurrent network's last state is taken after the padding.";

    /// <inheritdoc/>
    protected override string Fix => "Mask padding in every attention, in means and maxima over places; of recurrent networks take the state at the last real token.";

    /// <inheritdoc/>
    protected override string Verify => "Outputs of short sequences are the same, to rounding, however far they are filled up.";

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
        if (copy.ForwardTrimmed(0) is not var (filled, trimmed) || filled.Values.Length != trimmed.Values.Length || !Array.TrueForAll(filled.Values, float.IsFinite))
        {
            yield break;
        }

        if (filled.Values.Max() - filled.Values.Min() > 1e-6 && filled.Distance(trimmed) is var moved && moved > context.Value(Name, Moved))
        {
            yield return Found(Severity.Medium, $"Padding takes part in the answer: with less of it the outputs of the same {filled.Rows} sequences move by up to {Text(moved)} deviations.", null, ("moved", Number(moved)), ("sequences", filled.Rows));
        }
    }
}
