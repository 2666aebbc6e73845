using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>A linear layer whose result is added to what came in, then normalised: the end of the attention and of the feed-forward part of a layer.</summary>
internal sealed class ResidualOutput : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm norm;
    private readonly Dropout dropout;

    public ResidualOutput(int inputs, BertConfig config) : base("output")
    {
        dense = nn.Linear(inputs, config.Hidden);
        norm = nn.LayerNorm(config.Hidden, config.NormEpsilon);
        dropout = nn.Dropout(config.Dropout);
        register_module("dense", dense);
        register_module("LayerNorm", norm);
        register_module("dropout", dropout);
    }

    public override Tensor forward(Tensor x, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return norm.forward(dropout.forward(dense.forward(x)) + residual).MoveToOuterDisposeScope();
    }
}
