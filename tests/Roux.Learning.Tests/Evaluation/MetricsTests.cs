using CsCheck;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class MetricsTests
{
    private static readonly Gen<int> Seeds = Gen.Int[0, 1_000_000];

    [Fact]
    public void Unknown_names_are_answered_with_the_nearest()
    {
        Should.Throw<ArgumentException>(() => Metrics.Find("macro_f2")).Message.ShouldContain("did you mean 'macro_f1'");
        Should.Throw<ArgumentException>(() => Metrics.Find("f1_macro")).Message.ShouldContain("did you mean 'macro_f1'");
        Should.Throw<ArgumentException>(() => Metrics.Find("RMSE")).Message.ShouldContain("'rmse'");
        var message = Should.Throw<ArgumentException>(() => Metrics.Find("bananas")).Message;
        message.ShouldNotContain("did you mean");
        message.ShouldContain("Metrics: roc_auc");
    }

    [Theory]
    [InlineData("top5_accuracy", TaskKind.Multiclass)]
    [InlineData("pinball_0.25", TaskKind.Regression)]
    [InlineData("pinball(0.9)", TaskKind.Regression)]
    public void Families_of_metrics_are_found_by_their_parameter(string name, TaskKind task) => Metrics.Find(name).Supports(task).ShouldBeTrue();

    [Theory]
    [InlineData("top0_accuracy")]
    [InlineData("pinball_1.5")]
    [InlineData("pinball_0.")]
    public void Families_refuse_parameters_without_meaning(string name) => Should.Throw<ArgumentException>(() => Metrics.Find(name));

    [Theory]
    [InlineData(TaskKind.Binary, "roc_auc")]
    [InlineData(TaskKind.Multiclass, "macro_f1")]
    [InlineData(TaskKind.Multilabel, "micro_f1")]
    [InlineData(TaskKind.Regression, "rmse")]
    public void Each_task_has_its_default_and_every_metric_offered_computes_a_number_in_range(TaskKind task, string name)
    {
        Metrics.Default(task).Name.ShouldBe(name);
        var (y, p) = Simulated.Of(task, 300, 1);
        foreach (var metric in Metrics.For(task))
        {
            var value = metric.Compute(y, p);
            double.IsFinite(value).ShouldBeTrue(metric.Name);
            value.ShouldBeInRange(metric.Range.Low, metric.Range.High, metric.Name);
            metric.Title.ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public void A_wrong_task_or_shape_is_refused_with_a_remedy()
    {
        var (y, p) = Simulated.Binary(10, 1);
        Should.Throw<ArgumentException>(() => Metrics.Find("rmse").Compute(y, p)).Message.ShouldContain("does not apply to a binary target; use one of: roc_auc");
        Should.Throw<ArgumentException>(() => Metrics.Find("accuracy").Compute(y, p.Take([0, 1]))).Message.ShouldContain("2 rows");
    }

    [Fact]
    public void No_rows_and_scores_that_are_not_numbers_give_nan()
    {
        foreach (var task in Enum.GetValues<TaskKind>())
        {
            var (y, p) = Simulated.Of(task, 20, 1);
            foreach (var metric in Metrics.For(task))
            {
                metric.Compute(y.Take([]), p.Take([])).ShouldBe(double.NaN, metric.Name);
            }
        }

        var (binary, scores) = Simulated.Binary(20, 1);
        scores.Values[7] = double.NaN;
        Metrics.Find("roc_auc").Compute(binary, scores).ShouldBe(double.NaN);
        Metrics.Find("log_loss").Compute(binary, scores).ShouldBe(binary.Labels[3] == 1 ? double.NaN : Metrics.Find("log_loss").Compute(binary, scores));
    }

    [Fact]
    public void Area_does_not_mind_a_monotone_map_of_scores() => Seeds.Sample(seed =>
    {
        var (y, p) = Simulated.Binary(50, seed);
        double[] mapped = [.. p.Values];
        for (var row = 0; row < p.Rows; row++)
        {
            mapped[2 * row + 1] = Math.Pow(p.Values[2 * row + 1], 3);
            mapped[2 * row] = 1 - mapped[2 * row + 1];
        }

        var other = new Predictions(TaskKind.Binary, 2, mapped);
        Same("roc_auc", y, p, y, other);
        Same("average_precision", y, p, y, other);
    }, iter: 100);

    [Fact]
    public void Area_of_the_other_class_is_the_complement_of_reversed_scores() => Seeds.Sample(seed =>
    {
        var (y, p) = Simulated.Binary(40, seed);
        var flipped = Target.Classification([.. y.Labels.Select(label => 1 - label)], y.Classes);
        var area = Metrics.Find("roc_auc");
        var value = area.Compute(y, p);
        if (!double.IsNaN(value))
        {
            area.Compute(flipped, p).ShouldBe(1 - value, 1e-12);
        }
    }, iter: 100);

    [Fact]
    public void Area_is_the_share_of_pairs_in_order() => Gen.Select(Gen.Int[0, 1].Array[2, 40], Seeds).Sample((labels, seed) =>
    {
        var random = new Random(seed);
        double[] scores = [.. labels.Select(_ => random.Next(6) / 5.0)];
        double inOrder = 0, pairs = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            for (var j = 0; j < labels.Length; j++)
            {
                if (labels[i] == 1 && labels[j] == 0)
                {
                    pairs++;
                    inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        var p = new Predictions(TaskKind.Binary, 2, [.. scores.SelectMany(score => new[] { 1 - score, score })]);
        var value = Metrics.Find("roc_auc").Compute(Target.Classification(labels, ["a", "b"]), p);
        if (pairs == 0)
        {
            value.ShouldBe(double.NaN);
        }
        else
        {
            value.ShouldBe(inOrder / pairs, 1e-12);
        }
    }, iter: 300);

    [Fact]
    public void Macro_f1_is_the_mean_of_class_f1() => Seeds.Sample(seed =>
    {
        var (y, p) = Simulated.Multiclass(60, 4, seed);
        var matrix = ConfusionMatrix.Of(y, p);
        var scores = new List<double>();
        for (var k = 0; k < 4; k++)
        {
            var actual = Enumerable.Range(0, 4).Sum(j => matrix[k, j]);
            var predicted = Enumerable.Range(0, 4).Sum(i => matrix[i, k]);
            if (actual + predicted > 0)
            {
                scores.Add(2.0 * matrix[k, k] / (actual + predicted));
            }
        }

        Metrics.Find("macro_f1").Compute(y, p).ShouldBe(scores.Average(), 1e-12);
        Metrics.Find("micro_f1").Compute(y, p).ShouldBe(Metrics.Find("accuracy").Compute(y, p), 1e-12);
        Metrics.Find("top4_accuracy").Compute(y, p).ShouldBe(1);
        Metrics.Find("top1_accuracy").Compute(y, p).ShouldBe(Metrics.Find("accuracy").Compute(y, p), 1e-12);
    }, iter: 100);

    [Fact]
    public void Resampled_kernels_equal_the_metric_of_resampled_rows() => Gen.Select(Gen.Enum<TaskKind>(), Seeds).Sample((task, seed) =>
    {
        var (y, p) = Simulated.Of(task, 40, seed);
        var random = new Random(seed);
        int[] rows = [.. Enumerable.Range(0, 40).Select(_ => random.Next(40)).Order()];
        var counts = new int[40];
        foreach (var row in rows)
        {
            counts[row]++;
        }

        foreach (var metric in Metrics.For(task))
        {
            var expected = metric.Compute(y.Take(rows), p.Take(rows));
            var actual = metric.Prepare(y, p).Evaluate(counts);
            (double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(actual - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)))
                .ShouldBeTrue($"{metric.Name}: {actual} instead of {expected}");
        }
    }, iter: 100);

    [Fact]
    public void Label_ranking_precision_of_a_known_example()
    {
        // Label 0 true, ranked second; then labels 0 and 2 true, ranked first and third.
        var y = Target.Multilabel([true, false, false, true, false, true], ["a", "b", "c"]);
        var p = new Predictions(TaskKind.Multilabel, 3, [0.75, 0.9, 0.1, 0.9, 0.6, 0.2]);
        Metrics.Find("label_ranking_average_precision").Compute(y, p).ShouldBe((0.5 + (1 + 2.0 / 3) / 2) / 2, 1e-12);
        Metrics.Find("hamming_loss").Compute(y, p).ShouldBe(3.0 / 6, 1e-12);
        Metrics.Find("subset_accuracy").Compute(y, p).ShouldBe(0);
    }

    [Fact]
    public void Curves_of_thresholds_enclose_the_area() => Seeds.Sample(seed =>
    {
        var (y, p) = Simulated.Binary(60, seed);
        var area = Metrics.Find("roc_auc").Compute(y, p);
        if (double.IsNaN(area))
        {
            return;
        }

        var roc = RocCurve.Of(y, p);
        var sum = 0.0;
        for (var i = 1; i < roc.Thresholds.Length; i++)
        {
            sum += (roc.FalsePositiveRate[i] - roc.FalsePositiveRate[i - 1]) * (roc.TruePositiveRate[i] + roc.TruePositiveRate[i - 1]) / 2;
        }

        sum.ShouldBe(area, 1e-12);
    }, iter: 50);

    [Fact]
    public void Many_classes_fold_into_one_row_of_the_confusion_matrix()
    {
        var (y, p) = Simulated.Multiclass(2000, 50, 3);
        var matrix = ConfusionMatrix.Of(y, p, maxClasses: 30);
        matrix.Classes.Length.ShouldBe(30);
        matrix.Classes[^1].ShouldBe("other (21 classes)");
        Enumerable.Range(0, 900).Sum(cell => matrix[cell / 30, cell % 30]).ShouldBe(2000);
    }

    private static void Same(string metric, Target y1, Predictions p1, Target y2, Predictions p2) =>
        Metrics.Find(metric).Compute(y1, p1).ShouldBe(Metrics.Find(metric).Compute(y2, p2), 1e-12);
}
