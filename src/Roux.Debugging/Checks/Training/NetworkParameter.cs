namespace Roux.Debugging.Checks.Training;

/// <summary>A learned array of a network.</summary>
/// <param name="Name">Path with dots, such as <c>encoder.0.weight</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Owner">Kind of the module that holds it.</param>
/// <param name="RequiresGradient">Whether gradients are computed for it.</param>
/// <param name="IsOptimised">Whether the optimiser was given it.</param>
public sealed record NetworkParameter(string Name, IReadOnlyList<long> Shape, ModuleKind Owner, bool RequiresGradient, bool IsOptimised)
{
    /// <summary>Number of values.</summary>
    public long Size => Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Number of inputs that a unit adds up: product of all dimensions but the first; 1 for vectors.</summary>
    public long FanIn => Shape.Count < 2 ? 1 : Shape.Skip(1).Aggregate(1L, (product, length) => product * length);

    /// <summary>Whether it is the matrix of a linear, convolutional or recurrent layer.</summary>
    public bool IsWeightMatrix => Shape.Count >= 2 && Owner is ModuleKind.Linear or ModuleKind.Convolution or ModuleKind.Recurrent;
}
