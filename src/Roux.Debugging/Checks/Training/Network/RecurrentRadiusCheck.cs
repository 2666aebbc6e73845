using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Recurrent weights that amplify from step to step.</summary>
public sealed class RecurrentRadiusCheck : TrainingCheck
{
    private static readonly Threshold Plain = new("plain", 1.5, "spectral radius of a plain recurrent network's weights", "Pascanu et al. (2013): above 1 is necessary for gradients to explode through tanh; trained networks stay near it.");
    private static readonly Threshold Gated = new("gated", 4, "the same of a gate of LSTM or GRU", "Pascanu et al. (2013): above 4 through sigmoids, whose slope is at most 1/4.");

    /// <inheritdoc/>
    public override string Name => "recurrent-radius";

    /// <inheritdoc/>
    public override string Definition => "The spectral radius of recurrent weights (by power iteration, gate by gate) is above 1.5 for a plain network, above 4 for LSTM and GRU.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Plain, Gated];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["exploding-gradient", "loss-oscillating", "loss-diverging", "saturated-activation", "poor-initialisation", "plateau", "underfit", "loss-not-decreasing", "at-chance", "not-finite", "validation-at-chance", "overfit", "overtraining", "overfit-batch", "initial-loss"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "Recurrent weights that start too large, or grew under a learning rate that is too high.";

    /// <inheritdoc/>
    protected override string Fix => "Initialise recurrent weights orthogonally (radius 1), clip the gradient's length, or use LSTM or GRU.";

    /// <inheritdoc/>
    protected override string Verify => "The radius is about 1, and gradients of long sequences are no larger than those of short ones.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network)
        {
            yield break;
        }

        var radii = new List<(string Name, double Radius)>();
        var worst = ("", 0.0, 1.0);
        foreach (var parameter in network.Parameters.Where(parameter => parameter.Shape.Count == 2 && parameter.Owner == ModuleKind.Recurrent && parameter.Shape[0] % parameter.Shape[1] == 0 && parameter.Name.Contains("hh", StringComparison.Ordinal)))
        {
            var width = (int)parameter.Shape[1];
            var gates = (int)(parameter.Shape[0] / width);
            var weights = network.Weights(parameter.Name);
            var limit = context.Value(Name, gates == 1 ? Plain : Gated);
            var radius = Enumerable.Range(0, gates).Max(gate => Radius(weights.AsSpan(gate * width * width, width * width), width, context.Seed));
            radii.Add((parameter.Name, radius));
            if (radius > limit && radius / limit > worst.Item2 / worst.Item3)
            {
                worst = (parameter.Name, radius, limit);
            }
        }

        if (worst.Item2 > 0)
        {
            yield return Found(worst.Item2 > 2 * worst.Item3 || LayerMeasures.Learns(subject.Signals) == false ? Severity.High : Severity.Medium, $"The recurrent weights '{worst.Item1}' amplify: their spectral radius is {Text(worst.Item2)}.",
                TrainingPlots.Bars("Spectral radius", "radius", radii, worst.Item3), ("radius", Number(worst.Item2)), ("layers", Names([worst.Item1])));
        }
    }

    // Gelfand: the growth of a vector under many products, which also holds for pairs of complex eigenvalues.
    private static double Radius(ReadOnlySpan<float> matrix, int width, int seed)
    {
        const int Rounds = 120, Skipped = 40;
        var random = new Random(seed);
        var vector = Enumerable.Range(0, width).Select(_ => random.NextDouble() - 0.5).ToArray();
        var next = new double[width];
        var growth = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var row = 0; row < width; row++)
            {
                var sum = 0.0;
                for (var column = 0; column < width; column++)
                {
                    sum += matrix[row * width + column] * vector[column];
                }

                next[row] = sum;
            }

            var length = Math.Sqrt(next.Sum(value => value * value));
            var before = Math.Sqrt(vector.Sum(value => value * value));
            if (length == 0 || !double.IsFinite(length))
            {
                return length == 0 ? 0 : double.PositiveInfinity;
            }

            growth += round >= Skipped ? Math.Log(length / before) : 0;
            for (var index = 0; index < width; index++)
            {
                vector[index] = next[index] / length;
            }
        }

        return Math.Exp(growth / (Rounds - Skipped));
    }
}
