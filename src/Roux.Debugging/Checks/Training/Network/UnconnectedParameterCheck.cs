using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Parameters that no gradient reaches.</summary>
public sealed class UnconnectedParameterCheck : TrainingCheck
{
    /// <inheritdoc/>
    public override string Name => "unconnected-parameter";

    /// <inheritdoc/>
    public override string Definition => "After a few steps on a copy (so that last layers that start at zero have moved) a parameter that should learn has no gradient, or one of zeros only, for every batch tried.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["unchanged-tensor", "all-zero"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The part is made but not used in forward, its output is detached or replaced, or a dead layer lies between it and the loss.";

    /// <inheritdoc/>
    protected override string Fix => "Use the part in forward, or remove it; look for detach, no_grad and item() on the way.";

    /// <inheritdoc/>
    protected override string Verify => "Every parameter has a gradient other than zero after a backward pass.";

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
            copy.CleanStep(step % copy.Batches);
        }

        var silent = copy.Parameters.Where(parameter => parameter.RequiresGradient).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var learning = silent.Count;
        for (var batch = 0; batch < Math.Min(4, copy.Batches) && silent.Count > 0; batch++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            copy.Backward(batch);
            silent.RemoveWhere(name => copy.Gradient(name) is { } gradient && Array.Exists(gradient, value => value != 0));
        }

        if (silent.Count > 0)
        {
            var names = copy.Parameters.Select(parameter => parameter.Name).Where(silent.Contains).ToList();
            yield return Found(2 * names.Count > learning ? Severity.High : Severity.Medium, $"No gradient reaches {Listed(names)}.",
                TrainingPlots.Bars("Parameters with a gradient", "1 with, 0 without", [.. copy.Parameters.Select(parameter => (parameter.Name, silent.Contains(parameter.Name) ? 0.0 : 1))]),
                ("layers", Names(names)), ("parameters", learning));
        }
    }
}
