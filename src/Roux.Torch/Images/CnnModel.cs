using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Torch.Training;
using Roux.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Images;

/// <summary>A fitted convolutional network over pixel columns.</summary>
internal sealed class CnnModel : Model
{
    public const string KindName = "cnn";

    /// <summary>Numbers of images predicted at a time, which bounds the memory.</summary>
    private const int BatchNumbers = 1 << 18;

    private readonly ModelHead head;
    private readonly ImageNetwork network;
    private readonly ImageLayout layout;
    private readonly double pixelMean;
    private readonly double pixelDeviation;
    private readonly double mean;
    private readonly double deviation;

    /// <param name="head">Task and shape.</param>
    /// <param name="network">In evaluation mode; never trained again.</param>
    /// <param name="layout">Where each feature lies in an image.</param>
    /// <param name="pixelMean">Taken from pixels.</param>
    /// <param name="pixelDeviation">Pixels are divided by it.</param>
    /// <param name="mean">Added to predicted numbers.</param>
    /// <param name="deviation">Predicted numbers are multiplied by it.</param>
    public CnnModel(ModelHead head, ImageNetwork network, ImageLayout layout, double pixelMean, double pixelDeviation, double mean, double deviation) =>
        (this.head, this.network, this.layout, this.pixelMean, this.pixelDeviation, this.mean, this.deviation) = (head, network, layout, pixelMean, pixelDeviation, mean, deviation);

    public override string Kind => KindName;

    public override long ParameterCount => network.parameters().Sum(parameter => parameter.numel());

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var images = ImageRows.Read(x, layout, pixelMean, pixelDeviation);
        var values = new double[(long)x.Rows * head.Width];
        var size = Math.Clamp(BatchNumbers / layout.Size, 1, 1024);
        using var _ = no_grad();
        for (var first = 0; first < x.Rows; first += size)
        {
            using var scope = NewDisposeScope();
            int[] rows = [.. Enumerable.Range(first, Math.Min(size, x.Rows - first))];
            var scores = network.forward(tensor(images.Take(rows, []), [rows.Length, layout.Channels, layout.Height, layout.Width])).data<float>();
            var place = (long)first * head.Width;
            foreach (var score in scores)
            {
                values[place++] = score;
            }
        }

        for (var row = 0; row < x.Rows; row++)
        {
            NetworkAnswers.Finish(head.Task, values.AsSpan(row * head.Width, head.Width), mean, deviation);
        }

        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["height"] = layout.Height;
        json["width"] = layout.Width;
        json["channels"] = layout.Channels;
        json["firstChannels"] = network.Width;
        json["dropout"] = network.Dropout;
        json["pixelMean"] = pixelMean;
        json["pixelDeviation"] = pixelDeviation;
        json["mean"] = mean;
        json["deviation"] = deviation;
        archive.WriteJson("model", json);
        archive.WriteArray("places", layout.Places);
        StoredWeights.Write(archive, network);
    }

    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static CnnModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var layout = new ImageLayout(json.Int("height", 1, ImageLayout.MaxPixels), json.Int("width", 1, ImageLayout.MaxPixels), json.Int("channels", 1, 16), StoredJson.Long(archive.ReadInts("places"), head.Columns, "places"));
        ArchiveJson.Require((long)layout.Height * layout.Width * layout.Channels <= ImageLayout.MaxPixels && layout.Places.All(place => place >= -1 && place < layout.Size), "places.npy does not lie within the image");
        using var weights = StoredWeights.Open(archive);
        var (width, dropout) = (json.Int("firstChannels", 1, 512), Math.Clamp(json.Double("dropout"), 0, 0.9));
        var network = GlobalRandom.From(0, () => new ImageNetwork(layout, head.Width, width, dropout)); // what is drawn is overwritten, and takes no number from a training under way
        StoredWeights.CopyTo(weights, network);
        network.eval();
        return new CnnModel(head, network, layout, json.Double("pixelMean"), json.Double("pixelDeviation"), json.Double("mean"), json.Double("deviation"));
    }
}
