using System.Globalization;
using Roux.Learning.Learners;
using Roux.Torch.Probes;
using Roux.Torch.Training;
using Roux.Torch.Training.Schedules;
using TorchSharp.Modules;

namespace Roux.Torch.Text;

/// <summary>Fits one transformer.</summary>
internal sealed class TransformerFit(TrainingSet training, double[] rowWeights, TransformerSettings settings, FitContext context)
{
    private readonly int[] places = TextSequences.Places(training.X.Features);

    /// <summary>Builds, loads or draws, and trains the network.</summary>
    /// <exception cref="LearnerException">There are no texts, the weights do not fit the vocabulary, or training diverges.</exception>
    public TransformerModel Run()
    {
        var (network, loop, source, answers, options) = Prepare();
        TrainingOutcome.Check(loop.Run(source, context), context, options);
        return new TransformerModel(ModelHead.Of(training), network, places, answers.Mean, answers.Deviation);
    }

    /// <summary>The network before its first step.</summary>
    public TorchTrainable Untrained()
    {
        var (_, loop, source, answers, _) = Prepare();
        return loop.Untrained(source, context.Seed, answers.Facts with { IsPretrained = settings.Folder is not null });
    }

    private (TextNetwork Network, TrainingLoop Loop, TextSource Source, NetworkAnswers Answers, TrainingOptions Options) Prepare()
    {
        var config = Config();
        var sequences = TextSequences.Read(training.X, places, config.Positions, config.Types);
        var answers = NetworkAnswers.Of(training.Y, rowWeights);
        var network = GlobalRandom.From(context.Seed, () => Network(config));
        var options = new TrainingOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.Batch,
            Optimizer = new LayeredAdamWOptions(Factors(network)) { LearningRate = settings.Rate, WeightDecay = settings.WeightDecay },
            Schedule = new LinearSchedule { Warmup = settings.WarmUp },
            ClipNorm = settings.Clip,
        };
        var loop = new TrainingLoop(network, batch => network.forward(batch.Inputs[0], batch.Inputs[1], batch.Inputs[2]), answers.Loss, options);
        return (network, loop, new TextSource(sequences, answers), answers, options);
    }

    private BertConfig Config()
    {
        var pieces = training.X.Features[0].Levels;
        if (settings.Folder is not { } folder)
        {
            return new BertConfig(
                pieces, settings.Hidden, settings.Layers, settings.Heads, 4 * settings.Hidden, training.X.Columns, Math.Min(2, places.Length),
                Dropout: settings.Dropout, AttentionDropout: settings.Dropout);
        }

        var config = PretrainedText.ReadConfig(folder) with { Dropout = settings.Dropout, AttentionDropout = settings.Dropout };
        return pieces <= config.Vocabulary ? config : throw new LearnerException($"'{folder}': vocab.txt has {pieces} pieces, config.json speaks of {config.Vocabulary}: they are not of the same model");
    }

    private TextNetwork Network(BertConfig config)
    {
        var network = new TextNetwork(config, training.Y.Width, settings.Pooling);
        network.Initialise();
        if (settings.Folder is { } folder)
        {
            PretrainedText.Load(folder, network);
        }

        foreach (var (name, parameter) in network.named_parameters())
        {
            parameter.requires_grad_(Depth(name, config.Layers) > settings.Freeze);
        }

        return network;
    }

    /// <summary>1 for pooler and classes, and <c>layer_decay</c> lower for each layer below.</summary>
    private Func<Parameter, double> Factors(TextNetwork network)
    {
        var layers = network.Config.Layers;
        var factors = network.named_parameters().ToDictionary(pair => pair.parameter.Handle, pair => Math.Pow(settings.LayerDecay, layers + 1 - Depth(pair.name, layers)));
        return parameter => factors[parameter.Handle];
    }

    /// <summary>0 for the embeddings, 1 for the first layer, and one above the last for pooler and classes.</summary>
    private static int Depth(string name, int layers)
    {
        const string Layer = "bert.encoder.layer.";
        return name.StartsWith("bert.embeddings.", StringComparison.Ordinal) ? 0
            : name.StartsWith(Layer, StringComparison.Ordinal) ? 1 + int.Parse(name.AsSpan(Layer.Length, name.IndexOf('.', Layer.Length) - Layer.Length), CultureInfo.InvariantCulture)
            : layers + 1;
    }
}
