using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Learners.Mlp;

/// <summary>A linear layer whose first weights come from a generator of its own. TorchSharp's draws them from the one of the whole process, and would disturb trainings that hold it.</summary>
internal sealed class SeededLinear : Module<torch.Tensor, torch.Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    public SeededLinear(long inputs, long outputs, torch.Generator generator) : base("linear")
    {
        (weight, bias) = (Parameter(torch.zeros(outputs, inputs)), Parameter(torch.zeros(outputs)));
        RegisterComponents();
        using var none = torch.no_grad();
        Uniform(weight, inputs, generator);
        Uniform(bias, inputs, generator);
    }

    /// <summary>Outputs x inputs.</summary>
    public Parameter Weight => weight;

    /// <summary>Outputs.</summary>
    public Parameter Bias => bias;

    /// <summary>Every weight uniform within one over the square root of what it sums up, as PyTorch does by default.</summary>
    public static void Uniform(torch.Tensor tensor, long inputs, torch.Generator generator)
    {
        var bound = 1 / Math.Sqrt(Math.Max(1, inputs));
        tensor.uniform_(-bound, bound, generator);
    }

    public override torch.Tensor forward(torch.Tensor input) => functional.linear(input, weight, bias);
}
