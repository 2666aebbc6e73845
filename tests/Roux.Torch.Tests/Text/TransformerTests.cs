using System.IO.Compression;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Torch.Text;
using Roux.Torch.Weights;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Torch.Tests.Text;

public sealed class TransformerTests : IDisposable
{
    /// <summary>Small enough for a second, with a rate to match.</summary>
    private static readonly Configuration Small = Configuration.Of(
        ("hidden", 16), ("layers", 1), ("heads", 2), ("vocabulary", 200), ("max_tokens", 12), ("epochs", 12), ("batch", 16), ("lr", 0.01), ("dropout", 0.0));

    private static readonly string[] Good = ["good", "great", "fine"];
    private static readonly string[] Bad = ["bad", "poor", "awful"];
    private static readonly string[] Filler = ["the", "film", "about", "a", "plot", "very", "end"];
    private readonly string folder = Directory.CreateTempSubdirectory("roux-transformer").FullName;

    public TransformerTests() => NeuralLearners.Register();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Order_of_words_is_learned_which_no_bag_of_words_can()
    {
        var random = new Random(5);
        var first = Enumerable.Range(0, 400).Select(_ => random.Next(2)).ToArray();
        var table = Texts(first.Select(label => label == 1 ? $"good {Fill(random)} bad" : $"bad {Fill(random)} good"));
        var (_, predictions) = FitAndPredict(table, Target.Classification(first, ["no", "yes"]), Small);
        predictions.Labels().Zip(first).Count(pair => pair.First == pair.Second).ShouldBeGreaterThan(380);
        predictions.Values.Chunk(2).ShouldAllBe(row => Math.Abs(row[0] + row[1] - 1) < 1e-9);
    }

    [Fact]
    public void Several_labels_are_answered_by_one_network()
    {
        var random = new Random(6);
        var labels = Enumerable.Range(0, 300).Select(_ => (Good: random.Next(2) == 1, Bad: random.Next(3) == 0)).ToArray();
        var table = Texts(labels.Select(pair => $"{Fill(random)} {(pair.Good ? Pick(Good, random) : "")} {(pair.Bad ? Pick(Bad, random) : "")} {Fill(random)}"));
        var y = Target.Multilabel([.. labels.SelectMany(pair => new[] { pair.Good, pair.Bad })], ["good", "bad"]);
        var (model, predictions) = FitAndPredict(table, y, Small.With(Configuration.Of(("max_tokens", 20), ("epochs", 20))));
        model.Kind.ShouldBe("transformer");
        labels.Select((pair, row) => (predictions.Has(row, 0) == pair.Good ? 1 : 0) + (predictions.Has(row, 1) == pair.Bad ? 1 : 0)).Sum().ShouldBeGreaterThan(570);
    }

    [Fact]
    public void Numbers_come_out_in_their_own_scale()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 300).Select(_ => random.Next(4)).ToArray();
        var table = Texts(values.Select(value => $"{Fill(random)} {string.Join(' ', Enumerable.Repeat("good", value))}"));
        var (_, predictions) = FitAndPredict(table, Target.Regression([.. values.Select(value => 1000.0 + 50 * value)]), Small);
        Math.Sqrt(predictions.Values.Zip(values, (predicted, value) => Math.Pow(predicted - 1000 - 50 * value, 2)).Average()).ShouldBeLessThan(25); // the deviation is 56
    }

    [Fact]
    public void A_saved_pipeline_predicts_the_same_bits_and_carries_its_vocabulary()
    {
        var random = new Random(8);
        var labels = Enumerable.Range(0, 60).Select(i => i % 3).ToArray();
        var table = new Table("films", [
            TextColumn.From("title", labels.Select(_ => Fill(random))),
            TextColumn.From("plot", labels.Select(label => label == 0 ? $"{Pick(Good, random)} {Fill(random)}" : label == 1 ? Fill(random) : null)),
        ]);
        var y = Target.Classification(labels, ["x", "y", "z"]);
        var pipeline = Pipeline(table, y, Small.With(Configuration.Of(("epochs", 2))), new TransformerLearner());
        var path = Path.Combine(folder, "model.roux");
        pipeline.Save(path);
        var loaded = Roux.Learning.Pipelines.Pipeline.Load(path);
        loaded.Predict(table).Values.ShouldBe(pipeline.Predict(table).Values);
        loaded.Save(Path.Combine(folder, "again.roux"));
        File.ReadAllBytes(Path.Combine(folder, "again.roux")).ShouldBe(File.ReadAllBytes(path));
        loaded.Members[0].Model.ParameterCount.ShouldBe(pipeline.Members[0].Model.ParameterCount);
    }

    [Fact]
    public void One_seed_gives_one_model()
    {
        var random = new Random(9);
        var labels = Enumerable.Range(0, 80).Select(i => i % 2).ToArray();
        var table = Texts(labels.Select(label => $"{Pick(label == 1 ? Good : Bad, random)} {Fill(random)}"));
        var y = Target.Classification(labels, ["no", "yes"]);
        var settings = Small.With(Configuration.Of(("epochs", 2), ("dropout", 0.3)));
        var first = FitAndPredict(table, y, settings).Predictions.Values;
        FitAndPredict(table, y, settings).Predictions.Values.ShouldBe(first);
        FitAndPredict(table, y, settings, seed: 2).Predictions.Values.ShouldNotBe(first);
    }

    [Fact]
    public void Fine_tuning_begins_from_the_folder_and_leaves_frozen_layers_as_they_are()
    {
        var bert = new BertFolder(10, classes: 2);
        var random = new Random(11);
        var labels = Enumerable.Range(0, 200).Select(i => i % 2).ToArray();
        var table = Texts(labels.Select(label => $"the {(label == 1 ? "good" : "bad")} film {(random.Next(2) == 1 ? "about the plot" : "")}"));
        var y = Target.Classification(labels, ["no", "yes"]);
        var settings = Configuration.Of(("weights", bert.Path), ("max_tokens", 10), ("epochs", 10), ("lr", 5e-3), ("freeze", 1), ("layer_decay", 0.8), ("dropout", 0.0));
        var pipeline = Pipeline(table, y, settings, new TransformerLearner());
        pipeline.Predict(table).Labels().Zip(labels).Count(pair => pair.First == pair.Second).ShouldBeGreaterThan(190);
        var path = Path.Combine(folder, "tuned.roux");
        pipeline.Save(path);
        bert.Dispose(); // the folder is needed no more
        Roux.Learning.Pipelines.Pipeline.Load(path).Predict(table).Values.ShouldBe(pipeline.Predict(table).Values);
        using var stored = Weights(path);
        foreach (var (name, was) in bert.Weights)
        {
            var frozen = name.StartsWith("bert.embeddings", StringComparison.Ordinal) || name.StartsWith("bert.encoder.layer.0.", StringComparison.Ordinal);
            stored.ReadFloats(stored.Find(name)!).SequenceEqual(was).ShouldBe(frozen, name);
        }
    }

    [Theory]
    [InlineData("heads", 3, "multiple of heads")]
    [InlineData("epochs", 0, "epochs is 0")]
    [InlineData("pooling", "middle", "first and mean")]
    public void Settings_out_of_range_are_named(string name, object value, string message) =>
        Should.Throw<LearnerException>(() => FitAndPredict(Texts(["a", "b"]), Target.Classification([0, 1], ["no", "yes"]), Small.With(Configuration.Of((name, value))))).Message.ShouldContain(message);

    [Fact]
    public void A_table_without_texts_is_refused_and_cancelling_stops()
    {
        var y = Target.Classification([0, 1], ["no", "yes"]);
        var learner = new TransformerLearner();
        var numbers = FeatureMatrix.FromDense(2, [new Feature("x", "x", FeatureKind.Numeric)], [1, 2]);
        Should.Throw<LearnerException>(() => learner.Fit(new TrainingSet(numbers, y), Small, new FitContext(1))).Message.ShouldContain("--column");
        var (_, x) = Featurize(Texts(["a", "b"]), y, Small, learner);
        Should.Throw<OperationCanceledException>(() => learner.Fit(new TrainingSet(x, y), Small, new FitContext(1, Cancellation: new CancellationToken(true))));
    }

    [Fact]
    public void Rows_of_weight_zero_teach_nothing()
    {
        var labels = Enumerable.Range(0, 80).Select(i => i % 2).ToArray();
        var table = Texts(labels.Select((label, i) => i < 40 ? (label == 1 ? "good" : "bad") : (label == 1 ? "bad" : "good")));
        var y = Target.Classification(labels, ["no", "yes"]);
        var learner = new TransformerLearner();
        var (featurizer, x) = Featurize(table, y, Small, learner);
        var model = learner.Fit(new TrainingSet(x, y, [.. labels.Select((_, i) => i < 40 ? 1.0 : 0.0)]), Small, new FitContext(1));
        model.Predict(featurizer.Transform(Texts(["good", "bad"]))).Labels().ShouldBe([1, 0]);
    }

    private static Table Texts(IEnumerable<string?> texts) => new("texts", [TextColumn.From("plot", texts)]);

    private static string Fill(Random random) => string.Join(' ', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Pick(Filler, random)));

    private static string Pick(string[] words, Random random) => words[random.Next(words.Length)];

    private static SafetensorsReader Weights(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        using var entry = zip.GetEntry("models/0/model.safetensors")!.Open();
        var copy = new MemoryStream();
        entry.CopyTo(copy);
        return new SafetensorsReader(copy);
    }

    private static (FittedFeaturizer Featurizer, FeatureMatrix X) Featurize(Table table, Target y, Configuration settings, Learner learner) => Featurizer.Fit(
        table, [.. table.Columns.Select(column => new ColumnSpec(column.Name, ColumnType.Text, ColumnRole.Text))], y, learner.Form(y.Task, settings), 1, 1, CancellationToken.None);

    private static (Model Model, Predictions Predictions) FitAndPredict(Table table, Target y, Configuration settings, int seed = 1)
    {
        var learner = new TransformerLearner();
        var (_, x) = Featurize(table, y, settings, learner);
        var model = learner.Fit(new TrainingSet(x, y), settings, new FitContext(seed));
        return (model, model.Predict(x));
    }

    private static Pipeline Pipeline(Table table, Target y, Configuration settings, Learner learner)
    {
        var (featurizer, x) = Featurize(table, y, settings, learner);
        var model = learner.Fit(new TrainingSet(x, y), settings, new FitContext(1));
        return new Pipeline(
            "transformer", y.Task, "genre", y.Classes, [.. table.Columns.Select(column => new ColumnSpec(column.Name, ColumnType.Text, ColumnRole.Text))], [new PipelineMember(1, featurizer, model)]);
    }
}
