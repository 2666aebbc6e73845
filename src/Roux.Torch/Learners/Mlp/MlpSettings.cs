using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Torch.Learners.Mlp;

/// <summary>The hyperparameters of one fit, read and checked.</summary>
internal sealed record MlpSettings
{
    /// <summary>Most numbers that numeric features together are encoded by, before their own maps.</summary>
    private const int MaxEncoded = 4096;

    /// <summary>From so many rows on one network is fitted by default; below, several are cheap, and each sees rows that the others hold out.</summary>
    private const int ManyRows = 5_000;

    private const int Frequencies = 16;

    public required MlpShape Shape { get; init; }

    /// <summary>Bins of the piecewise-linear encoding; 0 for none.</summary>
    public required int Bins { get; init; }

    public required double Dropout { get; init; }

    public required double LearningRate { get; init; }

    public required double WeightDecay { get; init; }

    public required double LabelSmoothing { get; init; }

    public required int BatchSize { get; init; }

    public required int Epochs { get; init; }

    public required int Patience { get; init; }

    public required int Members { get; init; }

    /// <exception cref="LearnerException">A value is out of range; the message says which.</exception>
    public static MlpSettings Of(TrainingSet training, Configuration configuration)
    {
        var numeric = training.X.Features.Count(feature => feature.Kind == FeatureKind.Numeric);
        var (embedding, bins, size) = Embedding(configuration, numeric);
        var normalization = configuration.Choice("normalization", "none") switch
        {
            "none" => Normalization.None,
            "layer" => Normalization.Layer,
            "batch" => Normalization.Batch,
            var other => throw new LearnerException($"normalization is '{other}'; allowed are none, layer and batch"),
        };
        var outputs = training.Y.Task == TaskKind.Multiclass ? training.Y.Classes.Length : 1;
        return new MlpSettings
        {
            Shape = new MlpShape(
                Within(configuration, "layers", 2, 1, 64), Within(configuration, "width", 256, 1, 1 << 14), configuration.Flag("residual", false),
                normalization, embedding, size, embedding == NumericEmbedding.Periodic ? 2 * Frequencies : Math.Max(1, bins), outputs),
            Bins = bins,
            Dropout = Share(configuration, "dropout", 0.2),
            LearningRate = configuration.Float("learning_rate", 1e-3),
            WeightDecay = configuration.Float("weight_decay", 0.01),
            LabelSmoothing = Share(configuration, "label_smoothing", 0),
            BatchSize = Within(configuration, "batch_size", DefaultBatch(training.X.Rows), 2, 1 << 20),
            Epochs = Within(configuration, "max_epochs", 200, 1, 1_000_000),
            Patience = Within(configuration, "patience", 10, 1, 1_000_000),
            Members = Within(configuration, "members", training.X.Rows < ManyRows ? 4 : 1, 1, 100),
        };
    }

    private static (NumericEmbedding Embedding, int Bins, int Size) Embedding(Configuration configuration, int numeric)
    {
        var kind = configuration.Choice("embedding", "ple");
        var size = Within(configuration, "embedding_size", kind == "periodic" ? 16 : 0, 0, 1024);
        var bins = Math.Min(Within(configuration, "bins", 16, 2, 1024), MaxEncoded / Math.Max(1, numeric));
        return kind switch
        {
            "plain" => (NumericEmbedding.Plain, 0, 0),
            "ple" when numeric == 0 || bins < 2 => (NumericEmbedding.Plain, 0, 0),
            "ple" => (NumericEmbedding.PiecewiseLinear, bins, size),
            "periodic" when numeric == 0 => (NumericEmbedding.Plain, 0, 0),
            "periodic" => (NumericEmbedding.Periodic, 0, size > 0 ? size : throw new LearnerException("embedding_size is 0; periodic embeddings need at least 1")),
            _ => throw new LearnerException($"embedding is '{kind}'; allowed are plain, ple and periodic"),
        };
    }

    /// <summary>About a hundred steps a pass, by powers of two from 32 to 512.</summary>
    private static int DefaultBatch(int rows)
    {
        var batch = 32;
        while (batch < 512 && batch < rows / 100)
        {
            batch *= 2;
        }

        return batch;
    }

    private static int Within(Configuration configuration, string name, int fallback, int low, int high)
    {
        var value = configuration.Int(name, fallback);
        return value >= low && value <= high ? value : throw new LearnerException($"{name} is {value}; allowed are {low} to {high}");
    }

    private static double Share(Configuration configuration, string name, double fallback)
    {
        var value = configuration.Float(name, fallback);
        return value is >= 0 and < 1 ? value : throw new LearnerException($"{name} is {value}; allowed is a share from 0 to below 1");
    }
}
