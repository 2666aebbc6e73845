using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Features.Tokens;
using Roux.Torch.Text;
using Roux.Torch.Training;
using Roux.Torch.Weights;
using Shouldly;
using TorchSharp;
using Xunit;

namespace Roux.Torch.Tests.Text;

public sealed class BertTests
{
    private static readonly string[] Texts = ["A good film.", "The end", "a very very bad plot about the good films about bad plots", "", "unheard of"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void From_a_folder_and_texts_to_scores_as_an_independent_computation_has_them(int seed)
    {
        using var folder = new BertFolder(seed);
        using var network = Load(folder.Path, out var notes);
        notes.ShouldBeEmpty();
        var (sequences, scores) = Run(network, folder.Path);
        var reference = new ReferenceBert(BertFolder.Config, folder.Weights);
        for (var row = 0; row < sequences.Count; row++)
        {
            var expected = reference.Scores(sequences.Ids[row], sequences.Segments[row]);
            for (var k = 0; k < expected.Length; k++)
            {
                scores[row * expected.Length + k].ShouldBe((float)expected[k], 1e-5f, $"text {row}, class {k}");
            }
        }
    }

    [Fact]
    public void Two_text_columns_are_two_segments_with_one_beginning()
    {
        using var folder = new BertFolder(3);
        using var network = Load(folder.Path, out _);
        var table = new Table("films", [TextColumn.From("title", ["a film", "the end"]), TextColumn.From("plot", ["very good", null])]);
        var (sequences, scores) = Run(network, folder.Path, table);
        sequences.Ids[0].ShouldBe([2, 5, 6, 3, 11, 9, 3]);
        sequences.Segments[0].ShouldBe([0, 0, 0, 0, 1, 1, 1]);
        sequences.Ids[1].ShouldBe([2, 12, 13, 3, 3]);
        scores[0].ShouldBe((float)new ReferenceBert(BertFolder.Config, folder.Weights).Scores(sequences.Ids[0], sequences.Segments[0])[0], 1e-5f);
    }

    [Fact]
    public void Files_without_the_prefix_and_with_old_names_give_the_same_scores()
    {
        using var folder = new BertFolder(4);
        using var network = Load(folder.Path, out _);
        var expected = Run(network, folder.Path).Scores;
        folder.Write(
            name => name.Replace("bert.", "", StringComparison.Ordinal).Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal),
            new TensorData("embeddings.position_ids", "I64", [1, 3], new byte[24]), TensorData.Of("cls.predictions.bias", [2], [1, 2]));
        using var again = Load(folder.Path, out var notes);
        notes.ShouldBeEmpty();
        Run(again, folder.Path).Scores.ShouldBe(expected);
    }

    [Fact]
    public void The_names_of_DistilBERT_lead_to_the_same_layers()
    {
        using var folder = new BertFolder(5, configJson: BertFolder.DistilBertConfig);
        (string, string)[] names =
        [
            ("bert.encoder.layer", "distilbert.transformer.layer"), ("bert.pooler.dense", "pre_classifier"), ("bert.embeddings", "distilbert.embeddings"), ("attention.self.query", "attention.q_lin"),
            ("attention.self.key", "attention.k_lin"), ("attention.self.value", "attention.v_lin"), ("attention.output.dense", "attention.out_lin"), ("attention.output.LayerNorm", "sa_layer_norm"),
            ("intermediate.dense", "ffn.lin1"), ("output.dense", "ffn.lin2"), ("output.LayerNorm", "output_layer_norm"),
        ];
        folder.Write(name => name.Contains("token_type", StringComparison.Ordinal) ? null : names.Aggregate(name, (all, pair) => all.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal)));
        using var network = Load(folder.Path, out var notes);
        notes.ShouldBeEmpty();
        network.named_parameters().Single(pair => pair.name == "bert.encoder.layer.1.output.dense.weight").parameter.data<float>().ToArray().ShouldBe(folder.Weights["bert.encoder.layer.1.output.dense.weight"]);
        Run(network, folder.Path).Scores.ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void What_is_missing_or_too_much_is_said()
    {
        using var folder = new BertFolder(6);
        folder.Write(name => name.StartsWith("classifier", StringComparison.Ordinal) ? null : name, TensorData.Of("bert.extra.weight", [1], [1]));
        Load(folder.Path, out var notes).Dispose();
        notes.Count.ShouldBe(2);
        notes[0].ShouldContain("classifier.weight, classifier.bias");
        notes[1].ShouldContain("bert.extra.weight");
        folder.Write(name => name.Replace("layer.1.attention.self.query.weight", "layer.1.attention.self.q.weight", StringComparison.Ordinal));
        var message = Should.Throw<DataException>(() => Load(folder.Path, out _)).Message;
        message.ShouldContain("bert.encoder.layer.1.attention.self.query.weight");
        message.ShouldContain("attention.self.q.weight");
        folder.Write(name => name == "bert.pooler.dense.bias" ? "bert.encoder.layer.0.output.dense.bias" : name == "bert.encoder.layer.0.output.dense.bias" ? "bert.encoder.layer.0.intermediate.dense.bias"
            : name == "bert.encoder.layer.0.intermediate.dense.bias" ? "bert.pooler.dense.bias" : name);
        Should.Throw<DataException>(() => Load(folder.Path, out _)).Message.ShouldContain("where config.json asks for");
    }

    [Theory]
    [InlineData("""{"model_type": "roberta", "vocab_size": 5}""", "'roberta' is not supported")]
    [InlineData("""{"model_type": "bert", "hidden_size": 12}""", "'vocab_size' is missing")]
    [InlineData("""{"vocab_size": 16, "hidden_size": 13, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 8}""", "cannot be shared")]
    [InlineData("""{"vocab_size": 16, "hidden_size": "12", "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 8}""", "config.json")]
    [InlineData("""{"vocab_size": 16, "hidden_size": 1000000, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 8}""", "hidden size")]
    [InlineData("""{"vocab_size": 16, "hidden_size": 12, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 8, "hidden_act": "mish"}""", "mish")]
    [InlineData("""{"vocab_size": 16, "hidden_size": 12, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4, "max_position_embeddings": 8, "position_embedding_type": "relative_key"}""", "relative_key")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not valid JSON")]
    public void Other_architectures_and_impossible_sizes_are_refused(string json, string message)
    {
        using var folder = new BertFolder(7, configJson: json);
        Should.Throw<DataException>(() => PretrainedText.ReadConfig(folder.Path)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_pickle_is_never_read()
    {
        using var folder = new BertFolder(8);
        File.Move(Path.Combine(folder.Path, "model.safetensors"), Path.Combine(folder.Path, "pytorch_model.bin"));
        Should.Throw<DataException>(() => Load(folder.Path, out _)).Message.ShouldContain("pickle");
    }

    [Fact]
    public void A_config_survives_the_way_through_JSON()
    {
        BertConfig.Parse(BertFolder.Config.ToJson()).ShouldBe(BertFolder.Config);
        using var network = GlobalRandom.From(1, () => new TextNetwork(BertFolder.Config, 3, Pooling.First));
        var encoder = network.named_parameters().Where(pair => !WeightNames.IsHead(pair.name)).Sum(pair => pair.parameter.numel());
        BertFolder.Config.EncoderParameters.ShouldBe(encoder);
    }

    private static TextNetwork Load(string folder, out IReadOnlyList<string> notes)
    {
        var config = PretrainedText.ReadConfig(folder);
        var network = GlobalRandom.From(1, () => new TextNetwork(config, 3, Pooling.First)); // trainings of other tests draw from the same generator
        notes = PretrainedText.Load(folder, network);
        network.eval();
        return network;
    }

    private static (TextSequences Sequences, float[] Scores) Run(TextNetwork network, string folder, Table? table = null)
    {
        table ??= new Table("texts", [TextColumn.From("plot", Texts)]);
        var columns = table.Columns.Select(column => new ColumnSpec(column.Name, ColumnType.Text, ColumnRole.Text)).ToArray();
        var y = Target.Classification([.. Enumerable.Range(0, table.RowCount).Select(row => row % 2)], ["a", "b"]);
        var (_, x) = Featurizer.Fit(table, columns, y, FeatureForm.Sequences(new TokenForm(16, Folder: folder)), 1, 1, CancellationToken.None);
        var sequences = TextSequences.Read(x, TextSequences.Places(x.Features), network.Config.Positions, network.Config.Types);
        using var scope = torch.NewDisposeScope();
        var batch = TextBatch.Of(sequences, [.. Enumerable.Range(0, sequences.Count)]);
        using var _ = torch.no_grad();
        var scores = network.forward(batch.Ids, batch.Segments, batch.Present);
        return (sequences, scores.data<float>().ToArray());
    }
}
