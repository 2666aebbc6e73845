using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>
/// A BERT encoder with its pooler and a linear layer over it: scores of classes, or a number, of each text. Parameters are named as in
/// Hugging Face's <c>BertForSequenceClassification</c>.
/// </summary>
internal sealed class TextNetwork : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    /// <summary>Added to the attention to a place that is not there: the exponential of it is 0.</summary>
    private const float Hidden = -1e9f;

    private readonly BertEmbeddings embeddings;
    private readonly BertLayer[] layers;
    private readonly Linear pooler;
    private readonly Dropout dropout;
    private readonly Linear classifier;
    private readonly bool isMean;

    /// <param name="config">The sizes.</param>
    /// <param name="outputs">Scores a text.</param>
    /// <param name="pooling">What stands for the whole text.</param>
    public TextNetwork(BertConfig config, int outputs, Pooling pooling) : base("text-network")
    {
        (Config, Outputs, Pooling, isMean) = (config, outputs, pooling, pooling == Pooling.Mean);
        embeddings = new BertEmbeddings(config);
        layers = [.. Enumerable.Range(0, config.Layers).Select(_ => new BertLayer(config))];
        pooler = nn.Linear(config.Hidden, config.Hidden);
        dropout = nn.Dropout(config.Dropout);
        classifier = nn.Linear(config.Hidden, outputs);
        var layer = new ModuleGroup("layer", [.. layers.Select((one, i) => (FormattableString.Invariant($"{i}"), (nn.Module)one))]);
        register_module("bert", new ModuleGroup("bert", ("embeddings", embeddings), ("encoder", new ModuleGroup("encoder", ("layer", layer))), ("pooler", new ModuleGroup("pooler", ("dense", pooler)))));
        register_module("dropout", dropout);
        register_module("classifier", classifier);
    }

    /// <summary>The sizes.</summary>
    public BertConfig Config { get; }

    /// <summary>Scores a text.</summary>
    public int Outputs { get; }

    /// <summary>What stands for the whole text.</summary>
    public Pooling Pooling { get; }

    /// <summary>Rows x outputs.</summary>
    /// <param name="ids">Rows x places of whole numbers.</param>
    /// <param name="segments">Rows x places: which segment a place belongs to.</param>
    /// <param name="present">Rows x places: 1 where there is a token, 0 where the row was filled up.</param>
    public override Tensor forward(Tensor ids, Tensor segments, Tensor present)
    {
        using var scope = NewDisposeScope();
        var x = Encode(ids, segments, present);
        var whole = isMean ? (x * present.unsqueeze(2)).sum(1) / present.sum(1, keepdim: true) : x.select(1, 0);
        var pooled = pooler.forward(whole);
        pooled = Config.PoolerActivation == "relu" ? nn.functional.relu(pooled) : pooled.tanh();
        return classifier.forward(dropout.forward(pooled)).MoveToOuterDisposeScope();
    }

    /// <summary>The last layer's output: rows x places x hidden.</summary>
    public Tensor Encode(Tensor ids, Tensor segments, Tensor present)
    {
        using var scope = NewDisposeScope();
        var mask = ((1 - present) * Hidden).unsqueeze(1).unsqueeze(1);
        var x = embeddings.forward(ids, segments);
        foreach (var layer in layers)
        {
            x = layer.forward(x, mask);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws all weights anew as BERT's authors do: normal with deviation 0.02, biases 0. Their 0.02 is for 768 inputs: layers of fewer have
    /// in proportion to the root of that more, or small networks would begin with next to no signal.
    /// </summary>
    public void Initialise()
    {
        using var _ = no_grad();
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.Contains("LayerNorm", StringComparison.Ordinal))
            {
                parameter.fill_(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
            else
            {
                parameter.normal_(0, name.Contains("embeddings", StringComparison.Ordinal) ? 0.02 : 0.02 * Math.Sqrt(768.0 / parameter.shape[1]));
            }
        }
    }
}

/// <summary>What stands for a whole text. Names are stored.</summary>
internal enum Pooling
{
    /// <summary>The place of its beginning: what BERT was trained for.</summary>
    First,

    /// <summary>The mean over its places: learned with far fewer texts.</summary>
    Mean,
}
