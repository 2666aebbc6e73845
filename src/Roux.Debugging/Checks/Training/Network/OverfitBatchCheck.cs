using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A few rows learned by heart: what any network that can learn at all can do.</summary>
public sealed class OverfitBatchCheck : TrainingCheck
{
    private static readonly double[] Factors = [1, 10, 0.1, 100, 0.01, 1000, 10000, 0.001];

    private static readonly Threshold Left = new("left", 0.1, "loss after the attempt over the loss of a constant answer on these rows", "'Overfit a single batch of a few examples' to the lowest loss there is (Karpathy 2019); a tenth is sure knowledge of every row.");
    private static readonly Threshold Rows = new("rows", 16, "rows to learn", "'As little as two' (Karpathy 2019); sixteen hold several classes.");
    private static readonly Threshold Steps = new("steps", 300, "steps of the attempt", "Gradient descent on an overparametrised network converges geometrically (Du et al. 2019); small nets need tens of steps.");

    /// <inheritdoc/>
    public override string Name => "overfit-batch";

    /// <inheritdoc/>
    public override string Definition => "A copy of the network is trained on up to 16 rows for up to 300 steps, dropout at rest, at its own learning rate and then at others: it must get below a tenth of the loss of a constant answer.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Left, Rows, Steps];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The path from input to loss is broken: a loss that doesn't fit the output, a dead or zeroed layer, parameters that are not trained, or a learning rate far off.";

    /// <inheritdoc/>
    protected override string Fix => "Look at the other findings for the broken part; where only another learning rate works, take that.";

    /// <inheritdoc/>
    protected override string Verify => "The loss of the batch falls below a tenth of the constant answer's within 300 steps.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network || subject.Facts.IsGame || Goal(network, context) is not { } goal)
        {
            yield break;
        }

        (double[] Curve, double Rate)? best = null;
        foreach (var factor in Factors)
        {
            var steps = (int)context.Value(Name, Steps);
            var curve = Attempt(network, network.LearningRate * factor, factor == 1 ? steps : steps / 2, goal, context);
            if (factor == 1 && curve[^1] <= goal)
            {
                yield break;
            }

            if (best is null || !(curve[^1] >= best.Value.Curve[^1]))
            {
                best = (curve, network.LearningRate * factor);
            }

            if (curve[^1] <= goal)
            {
                break;
            }
        }

        var (shown, rate) = best!.Value;
        var plot = TrainingPlots.Curves($"Loss of one small batch at a learning rate of {Text(rate)}", "loss", goal, ("loss", SignalSeries.Of(shown)));
        if (shown[^1] <= goal)
        {
            yield return Found(Severity.Medium, $"The network learns one small batch by heart only at a learning rate of {Text(rate)}, not at its own, {Text(network.LearningRate)}.", plot,
                ("loss", Number(shown[^1])), ("goal", goal), ("rate", rate), ("own_rate", network.LearningRate));
        }
        else
        {
            yield return Found(Severity.High, $"The network cannot learn one small batch by heart at any learning rate: the loss stays at {Text(shown[^1])}, {Text(goal)} is the goal.", plot,
                ("loss", Number(shown[^1])), ("goal", goal), ("rate", rate));
        }
    }

    /// <summary>The loss of the attempt at the network's own rate; <c>null</c> where there is no goal to reach.</summary>
    internal static EvidencePlot? Curve(TrainingSubject subject, CheckContext context)
    {
        var check = new OverfitBatchCheck();
        if (subject.Network is not { } network || subject.Facts.IsGame || check.Goal(network, context) is not { } goal)
        {
            return null;
        }

        var curve = Attempt(network, network.LearningRate, (int)context.Value(check.Name, Steps), goal, context);
        return TrainingPlots.Curves("Loss of one batch, learned by heart", "loss", goal, ("loss", SignalSeries.Of(curve)));
    }

    // Smoothed labels cannot be hit: their own entropy is the lowest cross entropy.
    private static double Smoothed(double share, int classes)
    {
        if (share <= 0 || classes < 2)
        {
            return 0;
        }

        var (right, wrong) = (1 - share + share / classes, share / classes);
        return -right * Math.Log(right) - (classes - 1) * wrong * Math.Log(wrong);
    }

    private static double[] Attempt(ITrainable network, double rate, int steps, double goal, CheckContext context)
    {
        using var copy = network.Copy();
        copy.Reseed(context.Seed);
        copy.LearningRate = rate;
        var losses = new List<double>();
        for (var step = 0; step < steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            losses.Add(copy.CleanStep(0, (int)context.Value("overfit-batch", Rows), withoutDropout: true));
            if (losses[^1] <= goal || !double.IsFinite(losses[^1]) || (step > 30 && losses[^1] > 100 * losses[0]))
            {
                break;
            }
        }

        return [.. losses];
    }

    // The loss of the best constant answer on these rows, times the share that may be left.
    private double? Goal(ITrainable network, CheckContext context)
    {
        var targets = network.Targets(0);
        var outputs = network.Forward(0, training: false);
        var each = Math.Max(1, targets.Length / Math.Max(1, outputs.Rows));
        var some = targets.Take(each * Math.Min(outputs.Rows, (int)context.Value(Name, Rows))).ToArray();
        var left = context.Value(Name, Left);
        double chance;
        switch (network.Facts.Loss)
        {
            case LossKind.Squared:
                var mean = some.Average(value => (double)value);
                chance = some.Average(value => (value - mean) * (value - mean));
                break;
            case LossKind.CrossEntropy or LossKind.BinaryCrossEntropy:
                chance = -some.GroupBy(value => value).Sum(group => group.Count() / (double)some.Length * Math.Log(group.Count() / (double)some.Length));
                break;
            default:
                return null;
        }

        // Rows of one class or value are learned by a constant: no test of anything.
        var floor = network.Facts.Loss == LossKind.CrossEntropy ? Smoothed(network.Facts.LabelSmoothing, network.Facts.Classes ?? outputs.Width) : 0;
        return chance > 1e-6 ? floor + left * chance : null;
    }
}
