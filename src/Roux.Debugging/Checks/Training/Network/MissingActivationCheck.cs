using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Layers that add up to a single linear one.</summary>
public sealed class MissingActivationCheck : TrainingCheck
{
    private static readonly Threshold Error = new("error", 1e-3, "output for a mixture of two rows less the mixture of their outputs, over the deviation of outputs", "Zero for a linear map, apart from rounding.");

    /// <inheritdoc/>
    public override string Name => "missing-activation";

    /// <inheritdoc/>
    public override string Definition => "The whole network is linear (the output for a mixture of two rows is the mixture of their outputs) though it has several layers; or in a sequence a linear layer follows another, or a convolution another, with no nonlinearity between them (a depthwise or 1 x 1 convolution beside another is a factorised one, and meant: Chollet 2017). A product of matrices is a matrix.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Error];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["underfit", "plateau", "overfit-batch"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "An activation was forgotten between two layers.";

    /// <inheritdoc/>
    protected override string Fix => "Put ReLU or GELU between the layers; where a product of two matrices is meant (a low-rank layer), suppress this finding with that reason.";

    /// <inheritdoc/>
    protected override string Verify => "The output for a mixture of two rows is no longer the mixture of their outputs.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network)
        {
            yield break;
        }

        // A saturated or hardly varying network is all but linear, too; it has its activations.
        var none = !network.Modules.Any(module => module.IsNonlinear && module.Kind is not (ModuleKind.Softmax or ModuleKind.LogSoftmax));
        if (none && network.Modules.Count(module => module.Kind is ModuleKind.Linear or ModuleKind.Convolution) >= 2 && IsLinear(network, context))
        {
            yield return Found(Severity.Medium, "The network is linear in its input although it has several layers: the activations are missing.", null, ("what", "whole"));
            yield break;
        }

        var bare = Neighbours(network);
        if (bare.Count > 0)
        {
            yield return Found(Severity.Medium, $"No activation between {Listed([.. bare.Select(pair => $"'{pair.First}' and '{pair.Second}'")])}.", null, ("layers", Names(bare.SelectMany(pair => new[] { pair.First, pair.Second }))));
        }
    }

    private bool IsLinear(ITrainable network, CheckContext context)
    {
        using var copy = network.Copy();
        if (copy.ForwardMixed(0, 1) is not { Rows: >= 4 } whole || copy.ForwardMixed(0, 0.5) is not { } mixed || !Array.TrueForAll(whole.Values, float.IsFinite))
        {
            return false;
        }

        var expected = new float[whole.Values.Length];
        for (var row = 0; row < whole.Rows; row++)
        {
            for (var column = 0; column < whole.Width; column++)
            {
                expected[row * whole.Width + column] = 0.5f * (whole.Values[row * whole.Width + column] + whole.Values[(whole.Rows - 1 - row) * whole.Width + column]);
            }
        }

        var spread = whole.Values.Max() - whole.Values.Min();
        return spread > 1e-6 && new NetworkOutput(whole.Rows, whole.Width, expected).Distance(mixed) < context.Value(Name, Error);
    }

    private static List<(string First, string Second)> Neighbours(ITrainable network)
    {
        var found = new List<(string, string)>();
        foreach (var sequence in network.Modules.Where(module => module.Kind == ModuleKind.Sequence))
        {
            ModuleNode? last = null;
            foreach (var part in network.Modules.Where(module => module.Name.Length > 0 && module.Parent == sequence.Name && module != sequence))
            {
                if (last is not null && part.Kind == last.Kind && (part.Kind is ModuleKind.Linear || (part.Kind is ModuleKind.Convolution && !IsFactor(network, last, part))))
                {
                    found.Add((last.Name, part.Name));
                }

                // A container or an unknown part may hold a nonlinearity.
                last = part.Kind is ModuleKind.Linear or ModuleKind.Convolution ? part : part.Kind is ModuleKind.Dropout ? last : null;
            }
        }

        return found;
    }

    /// <summary>Whether one of two convolutions is depthwise or looks at single places, so that the two are one in two steps.</summary>
    private static bool IsFactor(ITrainable network, ModuleNode first, ModuleNode second)
    {
        var (one, other) = (Kernel(first), Kernel(second));
        return one is null || other is null || other[1] == 1 || Single(one) || Single(other);

        IReadOnlyList<long>? Kernel(ModuleNode node) => network.Parameters.FirstOrDefault(parameter => parameter.Name == $"{node.Name}.weight")?.Shape is { Count: >= 3 } shape ? shape : null;
        static bool Single(IReadOnlyList<long> shape) => shape.Skip(2).All(size => size == 1);
    }
}
