using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A network whose answer does not depend on its input.</summary>
public sealed class ConstantOutputCheck : TrainingCheck
{
    private static readonly Threshold Spread = new("spread", 1e-6, "deviation of outputs over rows, over their greatest absolute value", "Rounding of single precision is 1e-7.");

    /// <inheritdoc/>
    public override string Name => "constant-output";

    /// <inheritdoc/>
    public override string Definition => "After a few steps on a copy, the outputs in evaluation mode are the same for all rows of a batch.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Spread];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["at-chance", "loss-not-decreasing", "overfit-batch"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "A layer on the way is dead, saturated, zero, or normalised over the rows; or the input is not used.";

    /// <inheritdoc/>
    protected override string Fix => "Follow two different rows through the layers and see where they become equal.";

    /// <inheritdoc/>
    protected override string Verify => "Outputs differ between rows.";

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
        for (var step = 0; step < 5; step++)
        {
            copy.CleanStep(step % copy.Batches);
        }

        var outputs = copy.Forward(0, training: false);
        if (outputs.Rows < 4 || !Array.TrueForAll(outputs.Values, float.IsFinite) || (copy.Inputs(0) is { } inputs && Deviation(inputs) == 0))
        {
            yield break;
        }

        var spread = Deviation(outputs);
        if (spread < context.Value(Name, Spread))
        {
            yield return Found(Severity.High, $"The network gives the same answer for all {outputs.Rows} rows of a batch.", null, ("spread", spread), ("rows", outputs.Rows));
        }
    }

    private static double Deviation(NetworkOutput outputs)
    {
        var largest = Math.Max(1e-30, outputs.Values.Max(value => Math.Abs((double)value)));
        var most = 0.0;
        for (var column = 0; column < outputs.Width; column++)
        {
            var (low, high) = (double.MaxValue, double.MinValue);
            for (var row = 0; row < outputs.Rows; row++)
            {
                var value = (double)outputs.Values[row * outputs.Width + column];
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }

            most = Math.Max(most, high - low);
        }

        return most / largest;
    }
}
