using Roux.Learning.Learners;
using TorchSharp;
using TorchSharp.Modules;

namespace Roux.Torch.Training.Optimizers;

/// <summary>Which way down is taken, and how fast. Either <see cref="AdamWOptions"/> or <see cref="SgdOptions"/>, or one of your own.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The highest learning rate, above 0; a schedule lowers it.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>By how much of itself times the learning rate each weight shrinks a step, at least 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether biases and other parameters of one dimension (normalisation) shrink, too; the custom is that they do not.</summary>
    public bool DecayBiases { get; init; }

    /// <summary>Makes the optimiser of a module's parameters that learn; frozen ones (requires_grad off) are left out.</summary>
    /// <exception cref="LearnerException">A number is out of range, or nothing learns.</exception>
    public OptimizerHelper Create(torch.nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (!(LearningRate > 0) || !double.IsFinite(LearningRate) || !(WeightDecay >= 0) || !double.IsFinite(WeightDecay))
        {
            throw new LearnerException($"the learning rate is {LearningRate} and the weight decay {WeightDecay}; the first is above 0, the second at least 0, both finite");
        }

        var learning = module.parameters().Where(parameter => parameter.requires_grad).ToList();
        if (learning.Count == 0)
        {
            throw new LearnerException("no parameter of the network learns: all are frozen (requires_grad is false)");
        }

        var split = WeightDecay > 0 && !DecayBiases;
        return Create(
            split ? [.. learning.Where(parameter => parameter.dim() > 1)] : learning,
            split ? [.. learning.Where(parameter => parameter.dim() <= 1)] : []);
    }

    /// <summary>Makes it.</summary>
    /// <param name="decaying">Parameters that shrink; may be empty.</param>
    /// <param name="others">Parameters that do not; may be empty.</param>
    protected abstract OptimizerHelper Create(IReadOnlyList<Parameter> decaying, IReadOnlyList<Parameter> others);
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019).</summary>
public sealed record AdamWOptions : OptimizerOptions
{
    /// <summary>Memory of the mean gradient, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean squared gradient, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    protected override OptimizerHelper Create(IReadOnlyList<Parameter> decaying, IReadOnlyList<Parameter> others)
    {
        var groups = new List<AdamW.ParamGroup>();
        if (decaying.Count > 0)
        {
            groups.Add(new AdamW.ParamGroup(decaying, LearningRate, Beta1, Beta2, Epsilon, WeightDecay));
        }

        if (others.Count > 0)
        {
            groups.Add(new AdamW.ParamGroup(others, LearningRate, Beta1, Beta2, Epsilon, 0));
        }

        return new FusedAdamW(groups, this);
    }
}

/// <summary>Steepest descent over batches, with momentum (Sutskever and others, ICML 2013).</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Memory of earlier steps, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is taken ahead of the momentum's step.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    protected override OptimizerHelper Create(IReadOnlyList<Parameter> decaying, IReadOnlyList<Parameter> others)
    {
        var groups = new List<SGD.ParamGroup>();
        if (decaying.Count > 0)
        {
            groups.Add(new SGD.ParamGroup(decaying, LearningRate, Momentum, 0, WeightDecay, Nesterov));
        }

        if (others.Count > 0)
        {
            groups.Add(new SGD.ParamGroup(others, LearningRate, Momentum, 0, 0, Nesterov));
        }

        return new SGD(groups, LearningRate, Momentum, 0, WeightDecay, Nesterov);
    }
}
