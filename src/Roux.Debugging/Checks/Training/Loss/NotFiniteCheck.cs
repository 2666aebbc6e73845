using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>NaN or infinity, and where it began.</summary>
public sealed class NotFiniteCheck : TrainingCheck
{
    private static readonly string[] Kinds = [LayerSignals.ActivationNonFinite, LayerSignals.GradientNonFinite, LayerSignals.WeightNonFinite];

    /// <inheritdoc/>
    public override string Name => "not-finite";

    /// <inheritdoc/>
    public override string Definition => "The loss, an activation, a gradient or a weight is NaN or infinite: IEEE 754 arithmetic spreads it to everything computed afterwards. The first step, and in it the first layer from the input, is where it began.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-diverging", "exploding-gradient", "loss-not-decreasing", "overfit-batch", "at-chance", "initial-loss", "learning-rate-range"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "A learning rate that is too high, the logarithm or root of zero, a division by zero, an exponential of a large number, or rows that hold NaN already.";

    /// <inheritdoc/>
    protected override string Fix => "If the input is not finite, clean or impute those rows. Otherwise lower the learning rate, clip gradients, and guard the operation at the place where it began (add a small number inside log and sqrt, use the fused loss of logits).";

    /// <inheritdoc/>
    protected override string Verify => "Train again with the same seed beyond the step named here: every count of non-finite values stays 0.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var bad = BadInputs(subject.Network);
        if (bad.Count > 0)
        {
            yield return Found(Severity.High, $"The input itself holds NaN or infinity: row {bad[0].Row} of batch {bad[0].Batch}{(bad.Count > 1 ? $" and {bad.Count - 1} more rows" : "")}.", null,
                ("first_place", "in the input itself"), ("rows", new System.Text.Json.Nodes.JsonArray([.. bad.Take(50).Select(place => System.Text.Json.Nodes.JsonValue.Create($"{place.Batch}:{place.Row}"))])));
            yield break;
        }

        var signals = subject.Signals;
        var first = First(signals.Loss, value => !double.IsFinite(value));
        var validation = First(signals.ValidationLoss, value => !double.IsFinite(value));
        var input = First(signals.Others.GetValueOrDefault(SignalNames.InputNonFinite), value => value > 0);
        var layers = signals.Layers.SelectMany(layer => Kinds.Select(kind => (Layer: layer.Name, Kind: kind, Step: First(layer[kind], value => value > 0 || !double.IsFinite(value)))))
            .Concat(signals.Layers.SelectMany(layer => new[] { LayerSignals.GradientNorm, LayerSignals.WeightNorm }
                .Select(kind => (Layer: layer.Name, Kind: kind, Step: First(layer[kind], value => !double.IsFinite(value))))))
            .Where(place => place.Step is not null).Select(place => (place.Layer, place.Kind, Step: place.Step!.Value)).ToList();
        var gradient = First(signals.GradientNorm, value => !double.IsFinite(value));
        var steps = layers.Select(layer => layer.Step).Concat(new[] { first, validation, input, gradient }.OfType<double>()).ToList();
        if (steps.Count == 0)
        {
            yield break;
        }

        var began = steps.Min();
        var atInput = input == began;
        // Forward comes before backward: an activation is an earlier place than a gradient, and that than a weight.
        var origin = layers.Where(layer => layer.Step == began).OrderBy(layer => Order(layer.Kind)).Select(layer => ((string Layer, string Kind)?)(layer.Layer, layer.Kind)).FirstOrDefault();
        var place = atInput ? "in the input itself" : origin is { } layer ? $"in '{layer.Layer}' ({What(layer.Kind)})" : first == began ? "in the loss" : validation == began ? "in the validation loss" : "in the gradient";
        var row = atInput && signals.Others.TryGetValue(SignalNames.InputBadRow, out var rows) ? rows.Values.Zip(rows.Steps).Where(pair => pair.Second >= began && pair.First >= 0).Select(pair => (double?)pair.First).FirstOrDefault() : null;
        var onlyGradients = first is null && validation is null && layers.TrueForAll(l => l.Kind is LayerSignals.GradientNonFinite or LayerSignals.GradientNorm) && !atInput;
        var plot = signals.Loss is { } loss ? TrainingPlots.Curves("Loss until it was no number", "loss", null, ("loss", loss)) : null;
        // Training in half precision meets infinite gradients now and then, skips the step and goes on: no harm.
        yield return Found(
            onlyGradients ? Severity.Low : Severity.High,
            $"NaN or infinity from step {began:0} on, first {place}{(row is { } at ? $", row {at:0} of the batch" : "")}.",
            plot,
            ("first_step", began), ("first_place", place), ("first_layer", origin?.Layer), ("row", row is { } number ? number : null), ("loss_step", first is { } step ? step : null));
    }

    private static List<(int Batch, int Row)> BadInputs(ITrainable? network)
    {
        var found = new List<(int, int)>();
        for (var batch = 0; batch < (network?.Batches ?? 0) && network!.Inputs(batch) is { } inputs; batch++)
        {
            found.AddRange(Enumerable.Range(0, inputs.Rows).Where(row => HasBad(inputs.Row(row))).Select(row => (batch, row)));
        }

        return found;
    }

    private static bool HasBad(ReadOnlySpan<float> row)
    {
        foreach (var value in row)
        {
            if (!float.IsFinite(value))
            {
                return true;
            }
        }

        return false;
    }

    private static int Order(string kind) => kind == LayerSignals.ActivationNonFinite ? 0 : kind is LayerSignals.GradientNonFinite or LayerSignals.GradientNorm ? 1 : 2;

    private static string What(string kind) => Order(kind) switch { 0 => "its output", 1 => "its gradient", _ => "its weights" };

    private static double? First(SignalSeries? series, Predicate<double> wrong)
    {
        var place = series is null ? -1 : Array.FindIndex(series.Values, wrong);
        return place < 0 ? null : series!.Steps[place];
    }
}
