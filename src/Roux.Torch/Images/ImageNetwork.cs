using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Images;

/// <summary>
/// A small convolutional network: stages of two 3 x 3 convolutions, each normalised and rectified, halved in size from stage to stage and doubled in
/// channels, then a hidden layer (the pattern of Simonyan and Zisserman, "Very deep convolutional networks", 2015, with the batch normalisation of Ioffe and Szegedy, 2015).
/// </summary>
internal sealed class ImageNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Sides below this are not halved further.</summary>
    private const int SmallestSide = 4;

    private readonly Sequential features;
    private readonly Sequential head;

    /// <param name="layout">Size of the images.</param>
    /// <param name="outputs">Scores an image.</param>
    /// <param name="width">Channels of the first stage.</param>
    /// <param name="dropout">Share of the hidden layer's inputs dropped in training.</param>
    public ImageNetwork(ImageLayout layout, int outputs, int width, double dropout) : base("image-network")
    {
        (Width, Dropout) = (width, dropout);
        var parts = new List<(string, nn.Module<Tensor, Tensor>)>();
        var (channels, side) = (layout.Channels, Math.Min(layout.Height, layout.Width));
        for (var stage = 0; stage < 4 && (stage == 0 || side >= SmallestSide); stage++)
        {
            for (var layer = 0; layer < 2; layer++)
            {
                var name = FormattableString.Invariant($"{stage}_{layer}");
                parts.Add(($"conv{name}", nn.Conv2d(channels, width << stage, 3, padding: 1, bias: false)));
                parts.Add(($"norm{name}", nn.BatchNorm2d(width << stage)));
                parts.Add(($"relu{name}", nn.ReLU()));
                channels = width << stage;
            }

            if (side / 2 >= SmallestSide)
            {
                parts.Add((FormattableString.Invariant($"pool{stage}"), nn.MaxPool2d(2)));
            }

            side /= 2;
        }

        features = nn.Sequential(parts);
        var left = Math.Min(SmallestSide, Math.Min(layout.Height, layout.Width));
        head = nn.Sequential(
            ("pool", nn.AdaptiveAvgPool2d([left, left])), ("flatten", nn.Flatten()), ("dropout", nn.Dropout(dropout)),
            ("hidden", nn.Linear(channels * left * left, 4 * width)), ("relu", nn.ReLU()), ("outputs", nn.Linear(4 * width, outputs)));
        register_module("features", features);
        register_module("head", head);
    }

    /// <summary>Channels of the first stage.</summary>
    public int Width { get; }

    /// <summary>Share of the hidden layer's inputs dropped in training.</summary>
    public double Dropout { get; }

    /// <summary>Rows x outputs.</summary>
    /// <param name="x">Rows x channels x height x width.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return head.forward(features.forward(x)).MoveToOuterDisposeScope();
    }
}
