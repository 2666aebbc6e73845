using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>The sum of word, place and segment embeddings, normalised. Names of parts as in Hugging Face's <c>BertEmbeddings</c>.</summary>
internal sealed class BertEmbeddings : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding words;
    private readonly Embedding positions;
    private readonly Embedding? types;
    private readonly LayerNorm norm;
    private readonly Dropout dropout;

    public BertEmbeddings(BertConfig config) : base("embeddings")
    {
        words = nn.Embedding(config.Vocabulary, config.Hidden);
        positions = nn.Embedding(config.Positions, config.Hidden);
        norm = nn.LayerNorm(config.Hidden, config.NormEpsilon);
        dropout = nn.Dropout(config.Dropout);
        register_module("word_embeddings", words);
        register_module("position_embeddings", positions);
        if (config.Types > 0)
        {
            types = nn.Embedding(config.Types, config.Hidden);
            register_module("token_type_embeddings", types);
        }

        register_module("LayerNorm", norm);
        register_module("dropout", dropout);
    }

    /// <summary>Rows x places x hidden.</summary>
    /// <param name="ids">Rows x places of whole numbers.</param>
    /// <param name="segments">Rows x places: which segment a place belongs to.</param>
    public override Tensor forward(Tensor ids, Tensor segments)
    {
        using var scope = NewDisposeScope();
        var sum = words.forward(ids) + positions.forward(arange(ids.shape[1], ScalarType.Int64, ids.device)).unsqueeze(0);
        if (types is not null)
        {
            sum += types.forward(segments);
        }

        return dropout.forward(norm.forward(sum)).MoveToOuterDisposeScope();
    }
}
