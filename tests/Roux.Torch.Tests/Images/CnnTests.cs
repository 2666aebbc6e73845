using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tests;
using Roux.Torch.Images;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Torch.Tests.Images;

public sealed class CnnTests : IDisposable
{
    private static readonly Configuration Small = Configuration.Of(("epochs", 8), ("channels_first", 4), ("batch", 16), ("lr", 0.01), ("dropout", 0.0));
    private readonly string folder = Directory.CreateTempSubdirectory("roux-cnn").FullName;

    public CnnTests() => NeuralLearners.Register();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("pixel_0_0 pixel_0_1 pixel_1_0 pixel_1_1 pixel_2_1", 3, 2, 1, "0 1 2 3 5")]
    [InlineData("1x2 1x1 2x1 2x2", 2, 2, 1, "1 0 2 3")]
    [InlineData("p3 p0 p8 p5 p4", 3, 3, 1, "3 0 8 5 4")]
    [InlineData("p1 p2 p3 p4", 2, 2, 1, "0 1 2 3")]
    [InlineData("r0_0_0 r0_0_1 r0_0_2 r0_1_0 r0_1_1 r0_1_2", 1, 2, 3, "0 2 4 1 3 5")]
    [InlineData("age p0_0 p0_1 p1_0 p1_1 year2", 2, 2, 1, "-1 0 1 2 3 -1")]
    public void Names_tell_where_pixels_lie(string names, int height, int width, int channels, string places)
    {
        var layout = ImageLayout.Of(Named(names), 0, 1);
        (layout.Height, layout.Width, layout.Channels).ShouldBe((height, width, channels));
        string.Join(' ', layout.Places).ShouldBe(places);
    }

    [Fact]
    public void Width_and_colours_can_be_said_and_what_is_no_image_is_refused()
    {
        Feature[] running = [.. Enumerable.Range(0, 24).Select(i => new Feature($"v{i}", $"v{i}", FeatureKind.Numeric))];
        var layout = ImageLayout.Of(running, 4, 3);
        (layout.Height, layout.Width, layout.Channels).ShouldBe((2, 4, 3));
        layout.Places[3].ShouldBe(1);
        layout.Places[1].ShouldBe(8);
        Should.Throw<LearnerException>(() => ImageLayout.Of(Named("age fare sex"), 0, 1)).Message.ShouldContain("pixel_0_7");
        Should.Throw<LearnerException>(() => ImageLayout.Of(Named("p0_0 p1_1 p2_2 p9999999_9999999"), 0, 1)).Message.ShouldContain("more than");
    }

    [Fact]
    public void Images_are_moved_and_edges_repeat()
    {
        Feature[] features = [.. Enumerable.Range(0, 9).Select(i => new Feature($"p{i / 3}_{i % 3}", "p", FeatureKind.Numeric))];
        var layout = ImageLayout.Of(features, 0, 1);
        var x = FeatureMatrix.FromDense(1, features, [1, 2, 3, 4, 5, 6, 7, float.NaN, 9]);
        var images = ImageRows.Read(x, layout, 1, 2);
        images.Take([0], []).ShouldBe([0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 0, 4]);
        images.Take([0], [1, 0]).ShouldBe([0, 0.5f, 1, 0, 0.5f, 1, 1.5f, 2, 2.5f]);
        images.Take([0], [0, -1]).ShouldBe([0.5f, 1, 1, 2, 2.5f, 2.5f, 0, 4, 4]);
    }

    [Fact]
    public void A_pattern_is_found_wherever_it_is_and_a_saved_pipeline_predicts_the_same_bits()
    {
        var (table, y) = Strokes(400, 3);
        var pipeline = Fit(table, y);
        var (other, answers) = Strokes(100, 4);
        pipeline.Predict(other).Labels().Zip(answers.Labels).Count(pair => pair.First == pair.Second).ShouldBeGreaterThan(92);
        var path = Path.Combine(folder, "model.roux");
        pipeline.Save(path);
        var loaded = Pipeline.Load(path);
        loaded.Predict(other).Values.ShouldBe(pipeline.Predict(other).Values);
        loaded.Save(Path.Combine(folder, "again.roux"));
        File.ReadAllBytes(Path.Combine(folder, "again.roux")).ShouldBe(File.ReadAllBytes(path));
        Fit(table, y).Predict(other).Values.ShouldBe(pipeline.Predict(other).Values);
    }

    [Fact]
    public void Numbers_and_several_labels_are_answered_too()
    {
        var (table, y) = Strokes(200, 5);
        var values = Fit(table, Target.Regression([.. y.Labels.Select(label => 500.0 + 100 * label)])).Predict(table).Values;
        Math.Sqrt(values.Zip(y.Labels, (value, label) => Math.Pow(value - 500 - 100 * label, 2)).Average()).ShouldBeLessThan(30); // the deviation is 50
        var both = Fit(table, Target.Multilabel([.. y.Labels.SelectMany(label => new[] { label == 1, label == 0, true })], ["down", "across", "all"])).Predict(table);
        y.Labels.Select((label, row) => both.Has(row, 0) == (label == 1) && both.Has(row, 1) == (label == 0) && both.Has(row, 2)).Count(right => right).ShouldBeGreaterThan(185);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Digits_are_read_as_well_as_by_any_other_learner()
    {
        var train = TableReader.Read(SharedData.Path("data/digits/train.csv")).Table;
        var test = TableReader.Read(SharedData.Path("data/digits/test.csv")).Table;
        var columns = ColumnRoles.Infer(train, "target");
        var y = Target.Classification([.. ((NumberColumn)train.Find("target")!).Values.Select(value => (int)value)], [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]);
        var learner = new CnnLearner();
        var settings = Configuration.Of(("epochs", 12));
        var (featurizer, x) = Featurizer.Fit(train, columns, y, learner.Form(y.Task, settings), 1, 1, CancellationToken.None);
        var predicted = learner.Fit(new TrainingSet(x, y), settings, new FitContext(1, 2)).Predict(featurizer.Transform(test)).Labels();
        var right = predicted.Zip(((NumberColumn)test.Find("target")!).Values).Count(pair => pair.First == (int)pair.Second);
        ((double)right / predicted.Length).ShouldBeGreaterThan(0.975);
    }

    private static Feature[] Named(string names) => [.. names.Split(' ').Select(name => new Feature(name, name, FeatureKind.Numeric))];

    /// <summary>Noisy 8 x 8 images with a stroke down or across somewhere.</summary>
    private static (Table Table, Target Y) Strokes(int rows, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, rows).Select(_ => random.Next(2)).ToArray();
        var pixels = new double[64][];
        for (var i = 0; i < 64; i++)
        {
            pixels[i] = [.. labels.Select(_ => random.NextDouble() * 3)];
        }

        for (var row = 0; row < rows; row++)
        {
            var (a, b) = (random.Next(8), random.Next(5));
            for (var i = b; i < b + 4; i++)
            {
                pixels[labels[row] == 1 ? i * 8 + a : a * 8 + i][row] += 8;
            }
        }

        return (new Table("strokes", [.. pixels.Select((values, i) => new NumberColumn($"pixel_{i / 8}_{i % 8}", values))]), Target.Classification(labels, ["across", "down"]));
    }

    private static Pipeline Fit(Table table, Target y)
    {
        var learner = new CnnLearner();
        ColumnSpec[] columns = [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, ColumnRole.Numeric))];
        var (featurizer, x) = Featurizer.Fit(table, columns, y, learner.Form(y.Task, Small), 1, 1, CancellationToken.None);
        return new Pipeline("cnn", y.Task, "answer", y.Classes, columns, [new PipelineMember(1, featurizer, learner.Fit(new TrainingSet(x, y), Small, new FitContext(1)))]);
    }
}
