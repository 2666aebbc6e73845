using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Torch.Training;
using Roux.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>A fitted text transformer. Stored as <c>config.json</c> and <c>model.safetensors</c> in the names of Hugging Face, so that other programs can read it.</summary>
internal sealed class TransformerModel : Model
{
    public const string KindName = "transformer";

    /// <summary>Places predicted at a time, which bounds the memory.</summary>
    private const int BatchPlaces = 8_192;

    private const int BatchRows = 64;

    private readonly ModelHead head;
    private readonly TextNetwork network;
    private readonly int[] places;
    private readonly double mean;
    private readonly double deviation;

    /// <param name="head">Task and shape.</param>
    /// <param name="network">In evaluation mode; never trained again.</param>
    /// <param name="places">Features of each text column.</param>
    /// <param name="mean">Added to predicted numbers.</param>
    /// <param name="deviation">Predicted numbers are multiplied by it.</param>
    public TransformerModel(ModelHead head, TextNetwork network, int[] places, double mean, double deviation) =>
        (this.head, this.network, this.places, this.mean, this.deviation) = (head, network, places, mean, deviation);

    public override string Kind => KindName;

    public override long ParameterCount => network.parameters().Sum(parameter => parameter.numel());

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var sequences = TextSequences.Read(x, places, network.Config.Positions, network.Config.Types);
        var values = new double[(long)x.Rows * head.Width];
        using var _ = no_grad();
        foreach (var rows in Batches(sequences))
        {
            using var scope = NewDisposeScope();
            var batch = TextBatch.Of(sequences, rows);
            var scores = network.forward(batch.Ids, batch.Segments, batch.Present).data<float>().ToArray();
            for (var i = 0; i < scores.Length; i++)
            {
                values[(long)rows[i / head.Width] * head.Width + i % head.Width] = scores[i];
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
        json["places"] = new JsonArray([.. places.Select(count => (JsonNode)count)]);
        json["pooling"] = network.Pooling.ToString();
        json["mean"] = mean;
        json["deviation"] = deviation;
        archive.WriteJson("model", json);
        archive.WriteText("config.json", network.Config.ToJson());
        StoredWeights.Write(archive, network);
    }

    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static TransformerModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var places = json.Wholes("places");
        var pooling = json.Named<Pooling>("pooling");
        var config = BertConfig.Parse(archive.ReadText("config.json"));
        ArchiveJson.Require(places.Length > 0 && places.All(count => count > 0) && places.Sum(count => (long)count) == head.Columns, "model.json: 'places' are not those of the features");
        using var weights = StoredWeights.Open(archive);
        ArchiveJson.Require(weights.Tensors.Sum(tensor => tensor.Count) >= config.EncoderParameters, "model.safetensors holds fewer weights than config.json speaks of");
        var network = GlobalRandom.From(0, () => new TextNetwork(config, head.Width, pooling)); // what is drawn is overwritten, and takes no number from a training under way
        StoredWeights.CopyTo(weights, network);
        network.eval();
        return new TransformerModel(head, network, places, json.Double("mean"), json.Double("deviation"));
    }

    /// <summary>Rows of like length together.</summary>
    private static IEnumerable<int[]> Batches(TextSequences sequences)
    {
        var batch = new List<int>();
        foreach (var row in sequences.ByLength(Enumerable.Range(0, sequences.Count)))
        {
            if (batch.Count == BatchRows || (batch.Count > 0 && (batch.Count + 1) * sequences.Ids[row].Length > BatchPlaces))
            {
                yield return [.. batch];
                batch.Clear();
            }

            batch.Add(row);
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
