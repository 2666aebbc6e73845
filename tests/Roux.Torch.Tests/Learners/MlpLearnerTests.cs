using System.IO.Compression;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Torch.Learners;
using Roux.Torch.Learners.Mlp;
using Roux.Tuning;
using Shouldly;
using TorchSharp;
using Xunit;

namespace Roux.Torch.Tests.Learners;

public sealed class MlpLearnerTests
{
    private static readonly MlpLearner Learner = new();

    private static Configuration Quick => Configuration.Of(("max_epochs", 15), ("width", 32), ("members", 1));

    [Theory]
    [InlineData(TaskKind.Regression)]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.Multiclass)]
    public void Every_task_is_learned_well_above_chance(TaskKind task)
    {
        var (training, test) = Tables.Rings(task);
        var predictions = Learner.Fit(training, Configuration.Of(("width", 64), ("learning_rate", 5e-3)), new FitContext(1, 2)).Predict(test.X);
        predictions.Width.ShouldBe(test.Y.Width);
        if (task == TaskKind.Regression)
        {
            var mean = training.Y.Values.Average();
            predictions.Values.Zip(test.Y.Values).Sum(pair => Math.Pow(pair.First - pair.Second, 2)).ShouldBeLessThan(0.2 * test.Y.Values.Sum(y => Math.Pow(y - mean, 2)));
        }
        else
        {
            predictions.Labels().Zip(test.Y.Labels).Count(pair => pair.First == pair.Second).ShouldBeGreaterThan((int)(0.85 * test.Y.Count));
            for (var row = 0; row < predictions.Rows; row++)
            {
                predictions.Row(row).ToArray().Sum().ShouldBe(1, 1e-9);
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_to_the_last_bit_on_any_number_of_threads_and_beside_other_fits()
    {
        var (training, _) = Tables.Rings(TaskKind.Multiclass);
        var settings = Quick.With(Configuration.Of(("members", 2)));
        var alone = Bytes(Learner.Fit(training, settings, new FitContext(3, 1)));
        var beside = new byte[3][];
        Parallel.For(0, 3, i => beside[i] = Bytes(Learner.Fit(training, settings, new FitContext(i == 2 ? 4 : 3, 2))));
        beside[0].ShouldBe(alone);
        beside[1].ShouldBe(alone);
        beside[2].ShouldNotBe(alone);
    }

    [Theory]
    [InlineData("ple", 0, false, "none")]
    [InlineData("ple", 6, true, "layer")]
    [InlineData("plain", 0, true, "batch")]
    [InlineData("plain", 0, false, "layer")]
    [InlineData("periodic", 8, false, "batch")]
    public void A_model_answers_like_the_network_that_was_trained_and_is_stored_whole(string embedding, int size, bool residual, string normalization)
    {
        var (training, test) = Tables.Rings(TaskKind.Multiclass);
        var settings = Quick.With(Configuration.Of(("embedding", embedding), ("embedding_size", size), ("residual", residual), ("normalization", normalization), ("max_epochs", 3)));
        var model = Learner.Fit(training, settings, new FitContext(5));
        var stored = Stored(model);
        stored.Predict(test.X).Values.ShouldBe(model.Predict(test.X).Values);
        stored.ParameterCount.ShouldBe(model.ParameterCount);

        // The same network in libtorch, some steps from its initial weights, so that means and deviations of batch norm are not trivial.
        var checkedSettings = MlpSettings.Of(training, settings);
        var inputs = MlpInputs.Of(training.X, checkedSettings.Bins);
        var shape = checkedSettings.Bins == 0 ? checkedSettings.Shape : checkedSettings.Shape with { Encoded = inputs.Encoded };
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(9);
        using var network = new MlpNetwork(shape, inputs, 0.1, generator);
        var batch = new MlpSource(test, inputs, [], null, [.. Enumerable.Range(0, test.X.Rows)]).Take([.. Enumerable.Range(0, test.X.Rows)], torch.CPU);
        using var optimizer = torch.optim.SGD(network.parameters(), 0.1);
        for (var step = 0; step < 5; step++)
        {
            optimizer.zero_grad();
            torch.nn.functional.cross_entropy(network.forward(batch.Inputs[0], batch.Inputs[1]), batch.Targets).backward();
            optimizer.step();
        }

        network.eval();
        var expected = network.forward(batch.Inputs[0], batch.Inputs[1]).detach().data<float>().ToArray();
        var scores = new float[MlpForward.BlockRows * shape.Outputs];
        var weights = network.Weights();
        for (var first = 0; first < test.X.Rows; first += MlpForward.BlockRows)
        {
            var rows = Math.Min(MlpForward.BlockRows, test.X.Rows - first);
            MlpForward.Run(shape, inputs, weights, test.X, first, rows, scores.AsSpan(0, rows * shape.Outputs));
            for (var i = 0; i < rows * shape.Outputs; i++)
            {
                scores[i].ShouldBe(expected[first * shape.Outputs + i], 2e-4f * (1 + Math.Abs(scores[i])));
            }
        }
    }

    [Fact]
    public void One_row_is_answered_as_among_others_and_unknown_levels_are_taken()
    {
        var (training, test) = Tables.Rings(TaskKind.Binary);
        var model = Learner.Fit(training, Quick, new FitContext(1));
        var all = model.Predict(test.X);
        for (var row = 0; row < 9; row++)
        {
            var one = model.Predict(test.X.Take([row])).Row(0);
            one[1].ShouldBe(all.Row(row)[1], 1e-6);
        }

        var values = (float[])test.X.Dense!.Clone();
        for (var i = 3; i < values.Length; i += test.X.Columns)
        {
            values[i] = i % 2 == 0 ? float.NaN : 99;
        }

        model.Predict(FeatureMatrix.FromDense(test.X.Rows, test.X.Features, values)).Values.ShouldAllBe(value => value >= 0 && value <= 1);
    }

    [Fact]
    public void Sparse_rows_are_learned_like_dense_ones()
    {
        var (training, test) = Tables.Rings(TaskKind.Binary);
        var dense = Learner.Fit(training, Quick, new FitContext(1)).Predict(test.X).Values;
        var sparse = Learner.Fit(training with { X = Tables.Sparse(training.X) }, Quick, new FitContext(1)).Predict(Tables.Sparse(test.X)).Values;
        sparse.ShouldBe(dense);
    }

    [Fact]
    public void A_fit_that_is_cut_off_after_a_pass_is_of_use_and_before_it_is_none()
    {
        var (training, test) = Tables.Rings(TaskKind.Binary);
        using var cancel = new CancellationTokenSource();
        var model = Learner.Fit(training, Quick, new FitContext(1, 1, (pass, _) => CancelAt(2, pass, cancel), cancel.Token));
        model.Predict(test.X).Rows.ShouldBe(test.X.Rows);
        Should.Throw<OperationCanceledException>(() => Learner.Fit(training, Quick, new FitContext(1, Cancellation: cancel.Token)));
    }

    [Fact]
    public void Rows_of_weight_zero_and_absent_classes_do_not_matter()
    {
        var (training, test) = Tables.Rings(TaskKind.Multiclass);
        double[] weights = [.. training.Y.Labels.Select(label => label == 2 ? 0.0 : 1.0)];
        var predictions = Learner.Fit(training with { Weights = weights }, Quick, new FitContext(1)).Predict(test.X);
        predictions.Labels().ShouldNotContain(2);
    }

    [Theory]
    [InlineData("embedding", "sinus")]
    [InlineData("normalization", "weight")]
    [InlineData("dropout", "1")]
    [InlineData("width", "0")]
    [InlineData("learning_rate", "-1")]
    public void Wrong_settings_are_named(string name, string value)
    {
        var (training, _) = Tables.Rings(TaskKind.Binary);
        var settings = Configuration.Of((name, double.TryParse(value, out var number) ? number : value));
        Should.Throw<LearnerException>(() => Learner.Fit(training, settings, new FitContext(1))).Message.ShouldContain(value);
    }

    [Fact]
    public void Every_point_of_the_space_can_be_fitted()
    {
        var (training, _) = Tables.Rings(TaskKind.Multiclass, 120);
        var space = Learner.Space(TaskKind.Multiclass);
        var random = new Random(1);
        for (var i = 0; i < 8; i++)
        {
            var configuration = space.Sample(random);
            space.Check(configuration);
            Learner.Fit(training, configuration.With(Configuration.Of(("max_epochs", 1), ("width", 24))), new FitContext(i)).ShouldNotBeNull();
        }
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        var (training, _) = Tables.Rings(TaskKind.Binary);
        var bytes = Bytes(Learner.Fit(training, Quick.With(Configuration.Of(("max_epochs", 1))), new FitContext(1)));
        foreach (var (from, to) in new[] { ("\"width\": 32", "\"width\": 33"), ("\"members\": 1", "\"members\": 2"), ("\"Plain\"", "\"Plein\""), ("\"features\": 4", "\"features\": 5"), ("\"encoded\": ", "\"encoded\": 1") })
        {
            Should.Throw<InvalidDataException>(() => Read(Changed(bytes, text => text.Replace("\"PiecewiseLinear\"", from == "\"Plain\"" ? "\"Plain\"" : "\"PiecewiseLinear\"", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal))), $"{from} became {to}");
        }
    }

    [Fact]
    public void It_is_in_the_catalogs_once_it_is_registered()
    {
        NeuralLearners.Register();
        NeuralLearners.Register();
        LearnerCatalog.All.Count(learner => learner.Card.Name == "mlp").ShouldBe(1);
        LearnerCatalog.Find("mlp").ShouldNotBeNull().Supports(TaskKind.Multilabel).ShouldBeFalse();
        Learner.Unsuitable(TaskKind.Binary, 50, 5).ShouldNotBeNull();
        Learner.Unsuitable(TaskKind.Binary, 5_000, 5).ShouldBeNull();
    }

    private static void CancelAt(int last, int pass, CancellationTokenSource source)
    {
        if (pass == last)
        {
            source.Cancel();
        }
    }

    private static byte[] Bytes(Model model)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            model.Write(new ArchiveWriter(zip));
        }

        return stream.ToArray();
    }

    private static MlpModel Stored(Model model) => Read(Bytes(model));

    private static MlpModel Read(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        return MlpModel.Read(new ArchiveReader(zip));
    }

    private static byte[] Changed(byte[] bytes, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(bytes);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.GetEntry("model.json")!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
            {
                text = change(reader.ReadToEnd());
            }

            entry.Delete();
            using var writer = zip.CreateEntry("model.json").Open();
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        return stream.ToArray();
    }
}
