using System.Text.Json.Nodes;
using Roux.Torch.Text;
using Roux.Torch.Weights;

namespace Roux.Torch.Tests.Text;

/// <summary>A folder as Hugging Face would write it, of a tiny random BERT. Deleted at the end.</summary>
internal sealed class BertFolder : IDisposable
{
    public static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "film", "about", "##s", "good", "bad", "very", "the", "end", "plot", "."];

    public static readonly BertConfig Config = new(Vocabulary.Length, 12, 3, 3, 20, 24, 2);

    public BertFolder(int seed, int classes = 3, string? configJson = null)
    {
        Path = Directory.CreateTempSubdirectory("roux-bert").FullName;
        Weights = Random(seed, classes);
        File.WriteAllLines(System.IO.Path.Combine(Path, "vocab.txt"), Vocabulary);
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), configJson ?? Config.ToJson());
        Write(name => name);
    }

    public string Path { get; }

    /// <summary>By the names of BertForSequenceClassification.</summary>
    public Dictionary<string, float[]> Weights { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Writes the weights under other names; <c>null</c> leaves one out.</summary>
    public void Write(Func<string, string?> rename, params TensorData[] more)
    {
        using var stream = File.Create(System.IO.Path.Combine(Path, "model.safetensors"));
        SafetensorsWriter.Write(stream, [.. Weights.Where(pair => rename(pair.Key) is not null).Select(pair => TensorData.Of(rename(pair.Key)!, Shape(pair.Key, pair.Value.Length), pair.Value)), .. more]);
    }

    public static string DistilBertConfig => new JsonObject
    {
        ["model_type"] = "distilbert", ["vocab_size"] = Config.Vocabulary, ["dim"] = Config.Hidden, ["n_layers"] = Config.Layers, ["n_heads"] = Config.Heads,
        ["hidden_dim"] = Config.Intermediate, ["max_position_embeddings"] = Config.Positions,
    }.ToJsonString();

    private static Dictionary<string, float[]> Random(int seed, int classes)
    {
        var random = new Random(seed);
        var weights = new Dictionary<string, float[]>();
        void Add(string name, int count, double scale, double shift = 0) => weights.Add(name, [.. Enumerable.Range(0, count).Select(_ => (float)(shift + scale * (random.NextDouble() * 2 - 1)))]);
        void Linear(string name, int inputs, int outputs)
        {
            Add($"{name}.weight", inputs * outputs, 0.6);
            Add($"{name}.bias", outputs, 0.3);
        }

        void Norm(string name)
        {
            Add($"{name}.weight", Config.Hidden, 0.4, 1);
            Add($"{name}.bias", Config.Hidden, 0.3);
        }

        Add("bert.embeddings.word_embeddings.weight", Config.Vocabulary * Config.Hidden, 1);
        Add("bert.embeddings.position_embeddings.weight", Config.Positions * Config.Hidden, 1);
        Add("bert.embeddings.token_type_embeddings.weight", Config.Types * Config.Hidden, 1);
        Norm("bert.embeddings.LayerNorm");
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            var name = $"bert.encoder.layer.{layer}.";
            Linear($"{name}attention.self.query", Config.Hidden, Config.Hidden);
            Linear($"{name}attention.self.key", Config.Hidden, Config.Hidden);
            Linear($"{name}attention.self.value", Config.Hidden, Config.Hidden);
            Linear($"{name}attention.output.dense", Config.Hidden, Config.Hidden);
            Norm($"{name}attention.output.LayerNorm");
            Linear($"{name}intermediate.dense", Config.Hidden, Config.Intermediate);
            Linear($"{name}output.dense", Config.Intermediate, Config.Hidden);
            Norm($"{name}output.LayerNorm");
        }

        Linear("bert.pooler.dense", Config.Hidden, Config.Hidden);
        Linear("classifier", Config.Hidden, classes);
        return weights;
    }

    private static long[] Shape(string name, int count)
    {
        if (name.EndsWith("bias", StringComparison.Ordinal) || name.Contains("LayerNorm", StringComparison.Ordinal))
        {
            return [count];
        }

        var columns = name.EndsWith("output.dense.weight", StringComparison.Ordinal) && !name.Contains("attention", StringComparison.Ordinal) ? Config.Intermediate : Config.Hidden;
        return [count / columns, columns];
    }
}
