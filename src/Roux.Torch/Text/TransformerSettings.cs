using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Torch.Text;

/// <summary>What a transformer is fitted with. Names and defaults of the hyperparameters are in docs/text-transformers.md.</summary>
internal sealed record TransformerSettings
{
    /// <summary>Folder of pre-trained weights; <c>null</c> trains a small network from scratch.</summary>
    public string? Folder { get; private init; }

    public int MaxTokens { get; private init; }

    public int Vocabulary { get; private init; }

    public int Hidden { get; private init; }

    public int Layers { get; private init; }

    public int Heads { get; private init; }

    public double Dropout { get; private init; }

    public Pooling Pooling { get; private init; }

    public int Epochs { get; private init; }

    public int Batch { get; private init; }

    public double Rate { get; private init; }

    /// <summary>Share of the steps over which the rate rises from 0; it falls to 0 over the others.</summary>
    public double WarmUp { get; private init; }

    public double WeightDecay { get; private init; }

    /// <summary>Greatest norm of the gradient; 0 for no bound.</summary>
    public double Clip { get; private init; }

    /// <summary>Factor of the rate from each layer to the one below it.</summary>
    public double LayerDecay { get; private init; }

    /// <summary>Layers from the bottom that stay as they are, the embeddings with them; -1 freezes nothing, 0 the embeddings alone.</summary>
    public int Freeze { get; private init; }

    /// <exception cref="LearnerException">A value is out of range; the message says which is allowed.</exception>
    public static TransformerSettings Of(Configuration configuration, string? defaultFolder)
    {
        var folder = configuration.Choice("weights", defaultFolder ?? "");
        var isPretrained = folder.Length > 0;
        var hidden = Whole(configuration, "hidden", 64, 4, 4_096);
        var settings = new TransformerSettings
        {
            Folder = isPretrained ? folder : null,
            MaxTokens = Whole(configuration, "max_tokens", 128, 3, 4_096),
            Vocabulary = Whole(configuration, "vocabulary", 8_000, 10, 1_000_000),
            Hidden = hidden,
            Layers = Whole(configuration, "layers", 2, 1, 48),
            Heads = Whole(configuration, "heads", 2, 1, 64),
            Dropout = Number(configuration, "dropout", isPretrained ? 0.1 : 0.2, 0, 0.9),
            Pooling = configuration.Choice("pooling", isPretrained ? "first" : "mean") switch
            {
                "first" => Pooling.First,
                "mean" => Pooling.Mean,
                var other => throw new LearnerException($"pooling is '{other}'; allowed are first and mean"),
            },
            Epochs = Whole(configuration, "epochs", isPretrained ? 3 : 8, 1, 1_000),
            Batch = Whole(configuration, "batch", 32, 1, 4_096),
            Rate = Number(configuration, "lr", isPretrained ? 5e-5 : 2e-3, 1e-9, 10),
            WarmUp = Number(configuration, "warmup", 0.1, 0, 1),
            WeightDecay = Number(configuration, "weight_decay", 0.01, 0, 10),
            Clip = Number(configuration, "clip", 1, 0, 1e9),
            LayerDecay = Number(configuration, "layer_decay", 1, 0.01, 1),
            Freeze = Whole(configuration, "freeze", -1, -1, 1_000),
        };
        return hidden % settings.Heads == 0 ? settings : throw new LearnerException($"hidden is {hidden} and heads {settings.Heads}: hidden must be a multiple of heads");
    }

    private static int Whole(Configuration configuration, string name, int fallback, int low, int high) =>
        configuration.Int(name, fallback) is var value && value >= low && value <= high ? value : throw new LearnerException($"{name} is {value}; allowed are whole numbers from {low} to {high}");

    private static double Number(Configuration configuration, string name, double fallback, double low, double high) =>
        configuration.Float(name, fallback) is var value && value >= low && value <= high ? value : throw new LearnerException($"{name} is {value}; allowed is {low} to {high}");
}
