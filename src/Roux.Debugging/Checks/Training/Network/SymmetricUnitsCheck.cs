using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Units of a layer that all do the same.</summary>
public sealed class SymmetricUnitsCheck : TrainingCheck
{
    private static readonly Threshold Share = new("share", 0.9, "share of a layer's units that equal its first one", "Units that start equal get equal gradients and stay equal (Goodfellow et al. 2016, 8.4); random ones never are.");

    /// <inheritdoc/>
    public override string Name => "symmetric-units";

    /// <inheritdoc/>
    public override string Definition => "After a few steps on a copy nine in ten units of a layer have equal weights: they started equal and nothing tells them apart.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["at-chance", "loss-not-decreasing", "underfit", "overfit-batch", "unconnected-parameter", "constant-output", "poor-initialisation", "plateau", "dead-relu", "unchanged-tensor"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "Weights were initialised with zeros or another constant.";

    /// <inheritdoc/>
    protected override string Fix => "Initialise matrices at random (He, Glorot); only biases may start equal.";

    /// <inheritdoc/>
    protected override string Verify => "Rows of every weight matrix differ after a few steps.";

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
        for (var step = 0; step < 3; step++)
        {
            copy.CleanStep(step % copy.Batches, withoutDropout: true);
        }

        var same = copy.Parameters.Where(parameter => parameter.IsWeightMatrix && parameter.Shape[0] >= 3 && parameter.RequiresGradient && parameter.IsOptimised
            && EqualRows(copy.Weights(parameter.Name), (int)parameter.Shape[0]) >= context.Value(Name, Share)).Select(parameter => parameter.Name).ToList();
        if (same.Count > 0)
        {
            yield return Found(Severity.High, $"All units of {Listed(same)} have equal weights and learn the same.", null, ("layers", Names(same)));
        }
    }

    private static double EqualRows(float[] weights, int rows)
    {
        var width = weights.Length / rows;
        var scale = Math.Max(1e-30f, weights.Max(Math.Abs));
        var equal = 0;
        for (var row = 1; row < rows; row++)
        {
            var same = true;
            for (var index = 0; index < width && same; index++)
            {
                same = Math.Abs(weights[row * width + index] - weights[index]) <= 1e-5f * scale;
            }

            equal += same ? 1 : 0;
        }

        return equal / (rows - 1.0);
    }
}
