using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Torch.Learners.Mlp;

/// <summary>The learned numbers of one network as plain arrays.</summary>
internal sealed class MlpWeights
{
    /// <summary>Periodic embeddings: numeric features x (encoded / 2), else empty.</summary>
    public required float[] Frequencies { get; init; }

    /// <summary>Numeric features x encoded x embedding size, or empty.</summary>
    public required float[] NumericWeights { get; init; }

    /// <summary>Numeric features x embedding size, or empty.</summary>
    public required float[] NumericBiases { get; init; }

    /// <summary>Per category: codes x its embedding's size.</summary>
    public required float[][] Embeddings { get; init; }

    /// <summary>Per layer, the head last: inputs x outputs.</summary>
    public required float[][] Dense { get; init; }

    /// <summary>Per layer: outputs.</summary>
    public required float[][] DenseBiases { get; init; }

    /// <summary>Per normalisation: factor of each unit.</summary>
    public required float[][] Gains { get; init; }

    /// <summary>Per normalisation: what is added to each unit.</summary>
    public required float[][] Shifts { get; init; }

    /// <summary>How many they are.</summary>
    public long Count => Frequencies.Length + NumericWeights.Length + NumericBiases.Length
        + Embeddings.Concat(Dense).Concat(DenseBiases).Concat(Gains).Concat(Shifts).Sum(array => array.LongLength);

    public void Write(ArchiveWriter archive)
    {
        archive.WriteArray("frequencies", Frequencies);
        archive.WriteArray("numeric_weights", NumericWeights);
        archive.WriteArray("numeric_biases", NumericBiases);
        WriteAll(archive, "embedding", Embeddings);
        WriteAll(archive, "weights", Dense);
        WriteAll(archive, "biases", DenseBiases);
        WriteAll(archive, "gains", Gains);
        WriteAll(archive, "shifts", Shifts);
    }

    /// <exception cref="InvalidDataException">An array has another length than the shape asks for.</exception>
    public static MlpWeights Read(ArchiveReader archive, MlpShape shape, MlpInputs inputs)
    {
        var (numeric, width) = ((long)inputs.Numeric, (long)shape.Width);
        var layers = (shape.Residual ? 1 + 2 * shape.Layers : shape.Layers) + 1;
        var norms = shape.Normalization == Normalization.None ? 0 : shape.Layers + (shape.Residual ? 1 : 0);
        var first = inputs.Plain + numeric * shape.PerNumeric + inputs.Levels.Sum(MlpInputs.EmbeddingOf);
        float[] Floats(string name, long length) => StoredJson.Long(archive.ReadFloats(name), length, name);
        float[][] All(string name, int count, Func<int, long> length) => [.. Enumerable.Range(0, count).Select(i => Floats($"{name}-{i}", length(i)))];
        return new MlpWeights
        {
            Frequencies = Floats("frequencies", shape.Embedding == NumericEmbedding.Periodic ? numeric * (shape.Encoded / 2) : 0),
            NumericWeights = Floats("numeric_weights", numeric * shape.Encoded * shape.EmbeddingSize),
            NumericBiases = Floats("numeric_biases", numeric * shape.EmbeddingSize),
            Embeddings = All("embedding", inputs.Levels.Count, i => (long)inputs.Levels[i] * MlpInputs.EmbeddingOf(inputs.Levels[i])),
            Dense = All("weights", layers, i => (i == 0 ? first : width) * (i == layers - 1 ? shape.Outputs : width)),
            DenseBiases = All("biases", layers, i => i == layers - 1 ? shape.Outputs : width),
            Gains = All("gains", norms, _ => width),
            Shifts = All("shifts", norms, _ => width),
        };
    }

    private static void WriteAll(ArchiveWriter archive, string name, float[][] arrays)
    {
        for (var i = 0; i < arrays.Length; i++)
        {
            archive.WriteArray($"{name}-{i}", arrays[i]);
        }
    }
}
