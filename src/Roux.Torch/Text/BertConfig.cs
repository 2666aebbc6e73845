using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Torch.Text;

/// <summary>The sizes of a BERT encoder, as <c>config.json</c> of a Hugging Face folder gives them (Devlin et al., "BERT", 2018; Sanh et al., "DistilBERT", 2019).</summary>
/// <param name="Vocabulary">Number of word pieces.</param>
/// <param name="Hidden">Width of every place of a sequence; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Attention heads of a layer.</param>
/// <param name="Intermediate">Width of the feed-forward part.</param>
/// <param name="Positions">Longest sequence.</param>
/// <param name="Types">Kinds of segments, 0 where the encoder has no notion of them (DistilBERT).</param>
/// <param name="Activation">Of the feed-forward part: <c>gelu</c>, <c>gelu_new</c> or <c>relu</c>.</param>
/// <param name="PoolerActivation">Of the layer between encoder and classes: <c>tanh</c> (BERT) or <c>relu</c> (DistilBERT).</param>
/// <param name="Dropout">Share of values dropped in training, from 0 to below 1.</param>
/// <param name="AttentionDropout">Share of attention weights dropped in training.</param>
/// <param name="NormEpsilon">Added to variances.</param>
public sealed record BertConfig(
    int Vocabulary, int Hidden, int Layers, int Heads, int Intermediate, int Positions, int Types,
    string Activation = "gelu", string PoolerActivation = "tanh", double Dropout = 0.1, double AttentionDropout = 0.1, double NormEpsilon = 1e-12)
{
    private static readonly string[] Activations = ["gelu", "gelu_new", "relu"];

    /// <summary>Numbers that the embeddings and layers have, without pooler and classes.</summary>
    public long EncoderParameters => (long)(Vocabulary + Positions + Types + 2) * Hidden + Layers * (4L * Hidden * (Hidden + 1) + 2L * Hidden * Intermediate + Intermediate + 5L * Hidden);

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">It describes another architecture, lacks a size, or a size is out of bounds; the message says which.</exception>
    public static BertConfig Parse(string json)
    {
        JsonObject config;
        try
        {
            config = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) as JsonObject ?? throw new InvalidDataException("config.json is not a JSON object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"config.json is not valid JSON: {e.Message}", e);
        }

        try
        {
            return Checked(Text(config, "model_type", "bert") switch
            {
                "bert" => Bert(config),
                "distilbert" => DistilBert(config),
                var other => throw new InvalidDataException($"config.json: model_type '{other}' is not supported; supported are bert and distilbert (encoders with a WordPiece vocabulary)"),
            });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"config.json: {e.Message}", e);
        }
    }

    /// <summary>In the words of a BERT's <c>config.json</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["model_type"] = "bert",
        ["architectures"] = new JsonArray("BertForSequenceClassification"),
        ["vocab_size"] = Vocabulary,
        ["hidden_size"] = Hidden,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["intermediate_size"] = Intermediate,
        ["max_position_embeddings"] = Positions,
        ["type_vocab_size"] = Types,
        ["hidden_act"] = Activation,
        ["pooler_act"] = PoolerActivation,
        ["hidden_dropout_prob"] = Dropout,
        ["attention_probs_dropout_prob"] = AttentionDropout,
        ["layer_norm_eps"] = NormEpsilon,
    }.ToJsonString();

    private static BertConfig Bert(JsonObject config)
    {
        var positions = Text(config, "position_embedding_type", "absolute");
        if (positions != "absolute")
        {
            throw new InvalidDataException($"config.json: position_embedding_type '{positions}' is not supported; supported is absolute");
        }

        return new BertConfig(
            Whole(config, "vocab_size"), Whole(config, "hidden_size"), Whole(config, "num_hidden_layers"), Whole(config, "num_attention_heads"), Whole(config, "intermediate_size"),
            Whole(config, "max_position_embeddings"), Whole(config, "type_vocab_size", 2), Text(config, "hidden_act", "gelu"), Text(config, "pooler_act", "tanh"),
            Number(config, "hidden_dropout_prob", 0.1), Number(config, "attention_probs_dropout_prob", 0.1), Number(config, "layer_norm_eps", 1e-12));
    }

    private static BertConfig DistilBert(JsonObject config) => new(
        Whole(config, "vocab_size"), Whole(config, "dim"), Whole(config, "n_layers"), Whole(config, "n_heads"), Whole(config, "hidden_dim"),
        Whole(config, "max_position_embeddings"), 0, Text(config, "activation", "gelu"), "relu", Number(config, "dropout", 0.1), Number(config, "attention_dropout", 0.1));

    /// <summary>Bounds far above any encoder of this kind, so that a file cannot ask for all the memory there is.</summary>
    private static BertConfig Checked(BertConfig config)
    {
        Within(config.Vocabulary, 1, 2_000_000, "vocabulary");
        Within(config.Hidden, 1, 16_384, "hidden size");
        Within(config.Layers, 1, 256, "number of layers");
        Within(config.Heads, 1, 256, "number of heads");
        Within(config.Intermediate, 1, 131_072, "intermediate size");
        Within(config.Positions, 3, 131_072, "number of positions");
        Within(config.Types, 0, 1_000, "number of segment types");
        var wrong = config.Hidden % config.Heads != 0 ? $"{config.Hidden} hidden units cannot be shared among {config.Heads} heads"
            : !Activations.Contains(config.Activation) ? $"activation '{config.Activation}' is not supported; supported are {string.Join(", ", Activations)}"
            : config.PoolerActivation is not ("tanh" or "relu") ? $"pooler activation '{config.PoolerActivation}' is not supported; supported are tanh and relu"
            : !(config.Dropout is >= 0 and < 1) || !(config.AttentionDropout is >= 0 and < 1) ? $"a dropout of {config.Dropout} or {config.AttentionDropout} is not from 0 to below 1"
            : !(config.NormEpsilon is > 0 and < 1) ? $"an epsilon of {config.NormEpsilon} is not between 0 and 1"
            : null;
        return wrong is null ? config : throw new InvalidDataException($"config.json: {wrong}");
    }

    private static void Within(int value, int low, int high, string what)
    {
        if (value < low || value > high)
        {
            throw new InvalidDataException($"config.json: a {what} of {value} is not from {low} to {high}");
        }
    }

    private static int Whole(JsonObject config, string name, int? fallback = null) =>
        config[name]?.GetValue<int>() ?? fallback ?? throw new InvalidDataException($"config.json: '{name}' is missing");

    private static double Number(JsonObject config, string name, double fallback) => config[name]?.GetValue<double>() ?? fallback;

    private static string Text(JsonObject config, string name, string fallback) => config[name]?.GetValue<string>() ?? fallback;
}
