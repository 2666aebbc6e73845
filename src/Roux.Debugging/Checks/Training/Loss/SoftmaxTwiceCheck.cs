using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A cross entropy that stops at the lowest value that probabilities taken for logits allow.</summary>
public sealed class SoftmaxTwiceCheck : TrainingCheck
{
    private static readonly Threshold Right = new("right", 0.7, "share of right answers from which on such a loss is impossible otherwise", "With softmax applied twice, the loss of a sure and right answer is ln(1 + (k-1)/e); below this share even a calibrated network may have as much (its own figure is computed and compared besides).");

    /// <inheritdoc/>
    public override string Name => "softmax-twice";

    /// <inheritdoc/>
    public override string Definition => "Cross entropy over k classes never falls below ln(1 + (k-1)/e), the floor when its logits are probabilities, while most answers are right; or the network's outputs are probabilities that add up to one.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Right];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vanishing-gradient", "underfit", "plateau", "overfit-batch", "learning-rate-too-low"];

    /// <inheritdoc/>
    protected override string Cause => "The network ends in a softmax and the loss applies one, too (PyTorch's and TorchSharp's CrossEntropyLoss take logits; so does Keras with from_logits=True).";

    /// <inheritdoc/>
    protected override string Fix => "Remove the softmax from the network (apply it only to show probabilities), or take a loss of probabilities (negative log likelihood of log-softmax).";

    /// <inheritdoc/>
    protected override string Verify => "The training loss falls below ln(1 + (k-1)/e), and outputs take values outside 0 to 1.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var (signals, facts) = (subject.Signals, subject.Facts);
        if (facts.Loss != LossKind.CrossEntropy)
        {
            yield break;
        }

        if (signals.Others.TryGetValue(SignalNames.OutputRowSum, out var sums) && sums.Count > 0 && Array.TrueForAll(sums.Values, sum => Math.Abs(sum - 1) < 1e-3))
        {
            yield return Found(Severity.High, "The outputs are probabilities that add up to one, and the cross entropy applies softmax to them once more.", null, ("row_sum", sums.Median()));
            yield break;
        }

        if (subject.Network is { } network)
        {
            using var copy = network.Copy();
            var outputs = copy.Forward(0, training: false);
            if (outputs.Width >= 2 && outputs.Rows > 0 && Enumerable.Range(0, outputs.Rows).All(row => IsDistribution(outputs.Row(row))))
            {
                yield return Found(Severity.High, "The outputs are probabilities that add up to one, and the cross entropy applies softmax to them once more.", null,
                    ("last", network.Modules.LastOrDefault(module => module.Kind == ModuleKind.Softmax)?.Name));
            }

            yield break;
        }

        if (facts.Classes is not { } k || facts.LabelSmoothing > 0 || signals.Loss is not { } series || signals.Accuracy is not { Count: > 0 } accuracy || series.Finite().Count < 5)
        {
            yield break;
        }

        var floor = Math.Log(1 + (k - 1) / Math.E);
        var curve = new LossCurve(series);
        var right = accuracy.Median(0.8);
        var calibrated = -right * Math.Log(Math.Clamp(right, 1e-9, 1)) - (1 - right) * Math.Log(Math.Max(1 - right, 1e-9) / (k - 1));
        // A slow start, right but unsure, has such losses, too, on its way down.
        var settled = Math.Abs(curve.TrendFrom(2 / 3.0).Change) < 0.03 * floor;
        if (right >= context.Value(Name, Right) && settled && calibrated < 0.9 * floor && curve.End >= 0.995 * floor && curve.End < floor + (1 - right) + 0.2)
        {
            yield return Found(Severity.High, $"{Text(100 * right)}% of the answers are right, yet the loss stays at {Text(curve.End)}: {Text(floor)} is the lowest value when softmax is applied twice.",
                TrainingPlots.Curves("Training loss and the floor of softmax applied twice", "loss", floor, ("loss", curve.Points)),
                ("floor", floor), ("end", Number(curve.End)), ("accuracy", right));
        }
    }

    private static bool IsDistribution(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var value in row)
        {
            if (value is < 0 or > 1 || float.IsNaN(value))
            {
                return false;
            }

            sum += value;
        }

        return Math.Abs(sum - 1) < 1e-3;
    }
}
