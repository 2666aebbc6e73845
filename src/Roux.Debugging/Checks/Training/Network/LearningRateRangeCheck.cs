using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The learning rate against the range in which the network learns.</summary>
public sealed class LearningRateRangeCheck : TrainingCheck
{
    private const double Lowest = 1e-7, Highest = 100;

    private static readonly Threshold Steps = new("steps", 108, "steps of the test, over nine powers of ten", "Smith (2017) and fastai's learning rate finder take about a hundred.");
    private static readonly Threshold Below = new("below", 1000, "rate at which the loss first falls by 5% in the test, over the rate used, from which on that is too low", "At a thousandth of it the same five percent take some ten thousand steps.");

    private static readonly Threshold Above = new("above", 10, "rate used over that of the lowest loss in the test, from which on it is too high", "Smith (2017) and fastai take a tenth of the rate of the lowest loss, as there the loss is about to turn; ten times it is a hundred times their choice.");

    /// <inheritdoc/>
    public override string Name => "learning-rate-range";

    /// <inheritdoc/>
    public override string Definition => "Range test (Smith 2017): a copy is trained for some hundred steps while the learning rate grows from 1e-7 to 100. The rate used is too high where it is above that at which the loss climbs over its start, or ten times that of the lowest loss; too low where it is a thousandth of that at which the loss begins to fall.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Steps, Above, Below];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["update-ratio", "loss-diverging", "loss-oscillating", "loss-not-decreasing", "learning-rate-too-low", "at-chance", "exploding-gradient", "initial-loss", "dead-relu", "saturated-activation", "overfit-batch", "underfit", "plateau", "not-finite"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The learning rate was set by guess, for another optimiser, or for another batch size.";

    /// <inheritdoc/>
    protected override string Fix => "Take a third to a tenth of the rate at which the loss turns upwards in the plot.";

    /// <inheritdoc/>
    protected override string Verify => "Run the range test again: the rate used lies on the falling part of the curve.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { LearningRate: > 0 } network || subject.Facts.IsGame)
        {
            yield break;
        }

        var (rates, losses) = Sweep(network, context);
        var start = Robust.Median([.. losses.Take(10)]);
        var smooth = Smooth(losses);
        var falls = Array.FindIndex(smooth, loss => loss < 0.95 * start);
        var lowest = smooth.Length == 0 ? double.NaN : smooth.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        // Where the loss never fell the test says nothing about rates: the network is broken.
        if (!double.IsFinite(start) || falls < 0 || lowest > 0.9 * start)
        {
            yield break;
        }

        var turn = Array.FindIndex(smooth, falls, loss => !(loss < 1.2 * start));
        var own = network.LearningRate;
        var plot = TrainingPlots.Curves("Loss over the power of ten of the learning rate", "loss", start, ("loss", new SignalSeries(Array.ConvertAll(rates, Math.Log10), losses))) with { XTitle = "log10 of the learning rate" };
        var best = rates[Array.IndexOf(smooth, lowest)];
        if ((turn >= 0 && own > rates[turn]) || own > context.Value(Name, Above) * best)
        {
            yield return Found(Severity.High, $"The learning rate, {Text(own)}, is too high: in a range test the loss falls from {Text(rates[falls])} on and is lowest at {Text(best)}.", plot,
                ("own", own), ("falls_from", rates[falls]), ("lowest_at", best), ("turns_at", turn >= 0 ? rates[turn] : null));
        }
        else if (own * context.Value(Name, Below) < rates[falls])
        {
            yield return Found(Severity.Medium, $"The learning rate, {Text(own)}, is too low: in a range test the loss begins to fall at {Text(rates[falls])}.", plot, ("own", own), ("falls_from", rates[falls]));
        }
    }

    private (double[] Rates, double[] Losses) Sweep(ITrainable network, CheckContext context)
    {
        using var copy = network.Copy();
        copy.Reseed(context.Seed);
        var steps = (int)context.Value(Name, Steps);
        var (rates, losses) = (new List<double>(), new List<double>());
        for (var step = 0; step < steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            copy.LearningRate = Lowest * Math.Pow(Highest / Lowest, step / (steps - 1.0));
            rates.Add(copy.LearningRate);
            losses.Add(copy.CleanStep(step % copy.Batches));
            if (!double.IsFinite(losses[^1]) || losses[^1] > 20 * losses[0])
            {
                break;
            }
        }

        return ([.. rates], [.. losses]);
    }

    // Middle of the last three: batches differ.
    private static double[] Smooth(double[] losses) => [.. Enumerable.Range(0, losses.Length).Select(index =>
        double.IsFinite(losses[index]) ? Robust.Median(losses.AsSpan(Math.Max(0, index - 2), Math.Min(3, index + 1))) : double.PositiveInfinity)];
}
