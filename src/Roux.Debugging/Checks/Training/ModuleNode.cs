namespace Roux.Debugging.Checks.Training;

/// <summary>A part of a network.</summary>
/// <param name="Name">Path with dots, such as <c>encoder.0</c>; empty for the whole.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Type">Its class, such as <c>Linear</c>.</param>
public sealed record ModuleNode(string Name, ModuleKind Kind, string Type)
{
    /// <summary>Path of the container; empty for the whole network.</summary>
    public string Parent => Name.LastIndexOf('.') is >= 0 and { } dot ? Name[..dot] : "";

    /// <summary>Whether it is a nonlinearity.</summary>
    public bool IsNonlinear => Kind is ModuleKind.Relu or ModuleKind.Sigmoid or ModuleKind.Tanh or ModuleKind.Activation or ModuleKind.Softmax or ModuleKind.LogSoftmax;

    /// <summary>Whether it multiplies its input with learned weights.</summary>
    public bool IsWeighted => Kind is ModuleKind.Linear or ModuleKind.Convolution or ModuleKind.Recurrent;
}
