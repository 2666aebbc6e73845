using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Multi-head scaled dot-product attention of a sequence to itself (Vaswani et al., "Attention is all you need", 2017, section 3.2).</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly int heads;
    private readonly double dropout;
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;

    public SelfAttention(BertConfig config) : base("self")
    {
        (heads, dropout) = (config.Heads, config.AttentionDropout);
        query = nn.Linear(config.Hidden, config.Hidden);
        key = nn.Linear(config.Hidden, config.Hidden);
        value = nn.Linear(config.Hidden, config.Hidden);
        register_module("query", query);
        register_module("key", key);
        register_module("value", value);
    }

    /// <summary>Rows x places x hidden.</summary>
    /// <param name="x">Rows x places x hidden.</param>
    /// <param name="mask">Rows x 1 x 1 x places: 0 where a place may be looked at, far below 0 where not.</param>
    public override Tensor forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var attended = nn.functional.scaled_dot_product_attention(
            Heads(query.forward(x)), Heads(key.forward(x)), Heads(value.forward(x)), mask, training ? dropout : 0.0);
        return attended.transpose(1, 2).reshape(x.shape).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);
}
