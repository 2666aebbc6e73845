using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>One layer of the encoder: attention, then a feed-forward part, each added to what came in and normalised. Names of parts as in Hugging Face's <c>BertLayer</c>.</summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly SelfAttention attention;
    private readonly ResidualOutput attended;
    private readonly Linear intermediate;
    private readonly ResidualOutput output;
    private readonly string activation;

    public BertLayer(BertConfig config) : base("layer")
    {
        activation = config.Activation;
        attention = new SelfAttention(config);
        attended = new ResidualOutput(config.Hidden, config);
        intermediate = nn.Linear(config.Hidden, config.Intermediate);
        output = new ResidualOutput(config.Intermediate, config);
        register_module("attention", new ModuleGroup("attention", ("self", attention), ("output", attended)));
        register_module("intermediate", new ModuleGroup("intermediate", ("dense", intermediate)));
        register_module("output", output);
    }

    /// <summary>Rows x places x hidden; the mask as in <see cref="SelfAttention"/>.</summary>
    public override Tensor forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var y = attended.forward(attention.forward(x, mask), x);
        return output.forward(Activate(intermediate.forward(y)), y).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => activation switch
    {
        "relu" => nn.functional.relu(x),
        // The approximation of Hendrycks and Gimpel, "Gaussian error linear units" (2016), section 2.
        "gelu_new" => 0.5 * x * (1 + tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3)))),
        _ => nn.functional.gelu(x),
    };
}
