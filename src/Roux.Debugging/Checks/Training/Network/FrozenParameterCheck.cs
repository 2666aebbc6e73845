using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Parameters that stay as they were drawn.</summary>
public sealed class FrozenParameterCheck : TrainingCheck
{
    /// <inheritdoc/>
    public override string Name => "frozen-parameter";

    /// <inheritdoc/>
    public override string Definition => "A matrix is not trained (requires_grad is false, or the optimiser was not given it) while its values are those of a fresh draw: uniform within 1/sqrt(fan-in), the library's default. Frozen matrices with other values were trained before, and are only mentioned.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["unchanged-tensor", "overfit-batch"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "Freezing was meant for another part or left over, or the optimiser was made from a part of the parameters, or before the part existed.";

    /// <inheritdoc/>
    protected override string Fix => "Set requires_grad to true and give all parameters to the optimiser; where the part is to stay frozen, load trained weights into it.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/update_ratio of the part is above zero.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Network is not { } network)
        {
            yield break;
        }

        var still = network.Parameters.Where(parameter => parameter.Shape.Count >= 2 && (!parameter.RequiresGradient || !parameter.IsOptimised)).ToList();
        if (still.Count == 0)
        {
            yield break;
        }

        var fresh = still.Where(parameter => !subject.Facts.IsPretrained && (parameter.RequiresGradient || IsFresh(network.Weights(parameter.Name), parameter.FanIn))).Select(parameter => parameter.Name).ToList();
        var plot = TrainingPlots.Bars("Parameters that are trained", "1 trained, 0 not", [.. network.Parameters.Select(parameter => (parameter.Name, parameter.RequiresGradient && parameter.IsOptimised ? 1.0 : 0))]);
        if (fresh.Count > 0)
        {
            var all = network.Parameters.All(parameter => !parameter.RequiresGradient || !parameter.IsOptimised);
            yield return Found(all ? Severity.High : Severity.Medium, $"{Listed(fresh)} {(fresh.Count == 1 ? "is" : "are")} not trained and still as drawn at random.", plot, ("layers", Names(fresh)));
        }
        else
        {
            yield return Found(Severity.Info, $"{Listed([.. still.Select(parameter => parameter.Name)])} {(still.Count == 1 ? "is" : "are")} frozen.", plot, ("layers", Names(still.Select(parameter => parameter.Name))));
        }
    }

    // PyTorch's default for linear and convolutional layers, Kaiming uniform with a = sqrt(5), is uniform within 1/sqrt(fan-in): kurtosis 1.8, and nothing beyond.
    private static bool IsFresh(float[] weights, long inputs)
    {
        var limit = 1 / Math.Sqrt(inputs);
        if (weights.Length < 32 || Array.Exists(weights, weight => Math.Abs(weight) > 1.0001 * limit))
        {
            return false;
        }

        var square = weights.Average(weight => (double)weight * weight);
        var fourth = weights.Average(weight => (double)weight * weight * weight * weight);
        var error = 4 / Math.Sqrt(weights.Length);
        return Math.Abs(square / (limit * limit) - 1 / 3.0) < error && Math.Abs(fourth / (square * square) - 1.8) < 2 * error;
    }
}
