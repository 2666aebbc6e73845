using System.Text.Json.Nodes;
using Roux.Learning.Learners;

namespace Roux.Torch.Learners.Mlp;

/// <summary>How a number is shown to the network.</summary>
internal enum NumericEmbedding
{
    /// <summary>As it is, standardised.</summary>
    Plain,

    /// <summary>Piecewise-linear encoding over quantile bins.</summary>
    PiecewiseLinear,

    /// <summary>Sines and cosines of learned frequencies, a linear map and a ReLU.</summary>
    Periodic,
}

/// <summary>How the numbers between layers are brought to a common scale.</summary>
internal enum Normalization
{
    None,
    Layer,
    Batch,
}

/// <summary>What a network looks like between its inputs and its outputs.</summary>
/// <param name="Layers">Hidden layers, or residual blocks, at least 1.</param>
/// <param name="Width">Units of each.</param>
/// <param name="Residual">Blocks that add to what they were given (the ResNet of Gorishniy and others, NeurIPS 2021) instead of layers one after the other.</param>
/// <param name="Normalization">Of each layer.</param>
/// <param name="Embedding">Of numeric features.</param>
/// <param name="EmbeddingSize">Numbers that stand for one numeric feature after a linear map of its own and a ReLU; 0 for no map (never for periodic ones).</param>
/// <param name="Encoded">Numbers that encode one numeric feature: 1, the number of bins, or twice that of frequencies.</param>
/// <param name="Outputs">Scores at the end.</param>
internal sealed record MlpShape(int Layers, int Width, bool Residual, Normalization Normalization, NumericEmbedding Embedding, int EmbeddingSize, int Encoded, int Outputs)
{
    private const int MaxUnits = 1 << 20;

    /// <summary>Numbers that stand for one numeric feature in the first layer.</summary>
    public int PerNumeric => EmbeddingSize > 0 ? EmbeddingSize : Encoded;

    public JsonObject ToJson() => new()
    {
        ["layers"] = Layers,
        ["width"] = Width,
        ["residual"] = Residual,
        ["normalization"] = Normalization.ToString(),
        ["embedding"] = Embedding.ToString(),
        ["embedding_size"] = EmbeddingSize,
        ["encoded"] = Encoded,
        ["scores"] = Outputs,
    };

    /// <exception cref="InvalidDataException">A field is missing or out of range.</exception>
    public static MlpShape FromJson(JsonObject json)
    {
        var shape = new MlpShape(
            json.Whole("layers"), json.Whole("width"), json["residual"] is JsonValue value && value.TryGetValue(out bool residual) && residual,
            One<Normalization>(json, "normalization"), One<NumericEmbedding>(json, "embedding"), json.Whole("embedding_size"), json.Whole("encoded"), json.Whole("scores"));
        return shape.Layers is >= 1 and <= 1000 && shape.Width is >= 1 and <= MaxUnits && shape.EmbeddingSize is >= 0 and <= MaxUnits
            && shape.Encoded is >= 1 and <= MaxUnits && shape.Outputs is >= 1 and <= MaxUnits
            && (shape.Embedding != NumericEmbedding.Periodic || (shape.EmbeddingSize > 0 && shape.Encoded % 2 == 0))
            && (shape.Embedding != NumericEmbedding.Plain || (shape.EmbeddingSize == 0 && shape.Encoded == 1))
            ? shape
            : throw new InvalidDataException("model.json: the shape of the network is out of range");
    }

    private static T One<T>(JsonObject json, string name) where T : struct, Enum =>
        Enum.TryParse<T>(json.Text(name), out var value) && Enum.IsDefined(value) ? value : throw new InvalidDataException($"model.json: '{json.Text(name)}' is no {name}");
}
