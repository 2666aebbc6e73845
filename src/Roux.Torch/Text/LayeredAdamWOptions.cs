using Roux.Torch.Training.Optimizers;
using TorchSharp.Modules;
using OptimizerOptions = Roux.Torch.Training.Optimizers.OptimizerOptions;

namespace Roux.Torch.Text;

/// <summary>AdamW whose rate differs from parameter to parameter: lower layers learn slower (Howard and Ruder, "Universal language model fine-tuning", 2018, section 3.2).</summary>
/// <param name="Factor">Of the learning rate, in (0, 1].</param>
internal sealed record LayeredAdamWOptions(Func<Parameter, double> Factor) : OptimizerOptions
{
    protected override OptimizerHelper Create(IReadOnlyList<Parameter> decaying, IReadOnlyList<Parameter> others) => new FusedAdamW(
        Groups(decaying, WeightDecay).Concat(Groups(others, 0)), new AdamWOptions { LearningRate = LearningRate, WeightDecay = WeightDecay });

    private IEnumerable<AdamW.ParamGroup> Groups(IReadOnlyList<Parameter> parameters, double decay) => parameters
        .GroupBy(Factor).OrderByDescending(group => group.Key).Select(group => new AdamW.ParamGroup(group.ToArray(), LearningRate * group.Key, 0.9, 0.999, 1e-8, decay));
}
