using CsCheck;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class ConfidenceIntervalsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_interval_on_any_number_of_threads() => Gen.Select(Gen.Enum<TaskKind>(), Gen.Int[0, 100_000]).Sample((task, seed) =>
    {
        var (y, p) = Simulated.Of(task, 80, seed);
        var metric = Metrics.Default(task);
        var few = new BootstrapOptions { MaxResamples = 200, Threads = 1 };
        var one = ConfidenceIntervals.Of(metric, y, p, seed: seed, options: few, cancellation: TestContext.Current.CancellationToken);
        var many = ConfidenceIntervals.Of(metric, y, p, seed: seed, options: few with { Threads = 4 }, cancellation: TestContext.Current.CancellationToken);
        many.ShouldBe(one);
        one.Low.ShouldBeLessThan(one.High);
        one.Contains(one.Estimate).ShouldBeTrue();
        ConfidenceIntervals.Of(metric, y, p, seed: seed + 1, options: few, cancellation: TestContext.Current.CancellationToken).ShouldNotBe(one);
    }, iter: 20);

    [Theory]
    [InlineData(TaskKind.Binary, "accuracy", 100, "Clopper-Pearson")]
    [InlineData(TaskKind.Binary, "recall", 100, "Clopper-Pearson")]
    [InlineData(TaskKind.Binary, "precision", 100, "Clopper-Pearson")]
    [InlineData(TaskKind.Multiclass, "top2_accuracy", 100, "Clopper-Pearson")]
    [InlineData(TaskKind.Multilabel, "micro_f1", 100, "bootstrap BCa (2000 resamples)")]
    [InlineData(TaskKind.Binary, "roc_auc", 100, "bootstrap BCa (2000 resamples)")]
    [InlineData(TaskKind.Binary, "roc_auc", 5000, "DeLong (logit)")]
    [InlineData(TaskKind.Regression, "rmse", 100, "bootstrap BCa (2000 resamples)")]
    [InlineData(TaskKind.Regression, "rmse", 600_000, "jackknife (200 groups)")]
    public void The_method_fits_metric_and_size(TaskKind task, string metric, int rows, string method)
    {
        var (y, p) = Simulated.Of(task, rows, 7);
        var interval = ConfidenceIntervals.Of(Metrics.Find(metric), y, p, cancellation: TestContext.Current.CancellationToken);
        interval.Method.ShouldBe(method);
        interval.Low.ShouldBeLessThan(interval.Estimate);
        interval.High.ShouldBeGreaterThan(interval.Estimate);
    }

    [Fact]
    public void Shares_count_the_rows_that_they_are_shares_of()
    {
        var y = Target.Classification([1, 1, 1, 0, 0, 0, 0, 0], ["no", "yes"]);
        var p = new Predictions(TaskKind.Binary, 2, [0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1]);
        Interval Of(string metric) => ConfidenceIntervals.Of(Metrics.Find(metric), y, p, cancellation: TestContext.Current.CancellationToken);
        Of("recall").High.ShouldBe(1 - Low(1, 3), 1e-9); // 2 of 3
        Of("specificity").High.ShouldBe(1 - Low(1, 5), 1e-9); // 4 of 5
        Of("accuracy").High.ShouldBe(1 - Low(2, 8), 1e-9); // 6 of 8
    }

    [Fact]
    public void Delong_agrees_with_the_bootstrap()
    {
        var (y, p) = Simulated.Binary(3000, 5);
        var metric = Metrics.Find("roc_auc");
        var analytic = ConfidenceIntervals.Of(metric, y, p, cancellation: TestContext.Current.CancellationToken);
        var sampled = new Bootstrap(metric, y, p, 1, new BootstrapOptions { MaxResamples = 4000 }, default).Interval(analytic.Estimate, 0.95);
        var width = analytic.High - analytic.Low;
        sampled.Low.ShouldBe(analytic.Low, 0.06 * width);
        sampled.High.ShouldBe(analytic.High, 0.06 * width);
    }

    [Fact]
    public void A_perfect_order_of_few_rows_proves_little()
    {
        var y = Target.Classification([0, 0, 0, 0, 0, 1, 1, 1], ["no", "yes"]);
        var p = new Predictions(TaskKind.Binary, 2, [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9]);
        var interval = ConfidenceIntervals.Of(Metrics.Find("roc_auc"), y, p, cancellation: TestContext.Current.CancellationToken);
        interval.High.ShouldBe(1);
        interval.Low.ShouldBe(Math.Pow(0.025, 1.0 / 3), 1e-9); // three disjoint pairs, all in order
    }

    [Fact]
    public void A_class_of_one_row_is_kept_in_resamples_where_the_metric_needs_it()
    {
        var (y, p) = Simulated.Binary(60, 3, positives: 0);
        y.Labels[7] = 1;
        var interval = ConfidenceIntervals.Of(Metrics.Find("roc_auc"), y, p, options: new BootstrapOptions { MaxResamples = 300 }, cancellation: TestContext.Current.CancellationToken);
        interval.Method.ShouldEndWith("(300 resamples)");
        interval.Low.ShouldBeLessThan(interval.High);
    }

    [Fact]
    public void What_is_undefined_has_no_interval()
    {
        var y = Target.Classification([1, 1, 1], ["no", "yes"]);
        var p = new Predictions(TaskKind.Binary, 2, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
        var interval = ConfidenceIntervals.Of(Metrics.Find("roc_auc"), y, p, cancellation: TestContext.Current.CancellationToken);
        double.IsNaN(interval.Low).ShouldBeTrue();
        interval.Method.ShouldStartWith("none");
        Should.Throw<ArgumentOutOfRangeException>(() => ConfidenceIntervals.Of(Metrics.Find("accuracy"), y, p, level: 95, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_mean_of_folds_has_a_corrected_t_interval()
    {
        double[] scores = [0.8, 0.82, 0.79, 0.81, 0.83];
        var interval = ConfidenceIntervals.OfMean(scores, 0.25);
        var half = 2.7764451051977987 * Math.Sqrt((0.2 + 0.25) * 0.00025);
        interval.Low.ShouldBe(0.81 - half, 1e-9);
        interval.High.ShouldBe(0.81 + half, 1e-9);
        ConfidenceIntervals.OfMean([0.99, 1, 0.98], 0.5, range: (0, 1)).High.ShouldBe(1);
        ConfidenceIntervals.OfMean([0.5, double.NaN], 0.5).ShouldBe(new Interval(0.5, double.NaN, double.NaN, "none: one fold only"));
        double.IsNaN(ConfidenceIntervals.OfMean([double.NaN], 0.5).Estimate).ShouldBeTrue();
    }

    [Fact]
    public void The_evaluator_measures_everything_and_bounds_the_headline()
    {
        foreach (var task in Enum.GetValues<TaskKind>())
        {
            var (y, p) = Simulated.Of(task, 120, 2);
            var result = Evaluator.Evaluate(y, p, Metrics.Default(task), seed: 3, new BootstrapOptions { MaxResamples = 200 }, cancellation: TestContext.Current.CancellationToken);
            result.Metrics.Keys.ShouldBe(Metrics.For(task).Select(metric => metric.Name));
            result.Intervals[result.Headline].Estimate.ShouldBe(result.Metrics[result.Headline]);
            result.Intervals.Values.ShouldAllBe(interval => interval.Contains(interval.Estimate));
            result.Rows.ShouldBe(120);
        }
    }

    [Fact]
    public void Stopping_stops()
    {
        var (y, p) = Simulated.Regression(1000, 1);
        Should.Throw<OperationCanceledException>(() => ConfidenceIntervals.Of(Metrics.Find("rmse"), y, p, cancellation: new CancellationToken(true)));
    }

    private static double Low(int successes, int trials) => Roux.Learning.Evaluation.Statistics.Proportion.ClopperPearson(successes, trials).Low;

    /// <summary>True values are known by construction or from a million rows; intervals of 95 % must hold them about that often.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(TaskKind.Binary, "roc_auc", 120)]
    [InlineData(TaskKind.Binary, "f1", 200)]
    [InlineData(TaskKind.Binary, "log_loss", 150)]
    [InlineData(TaskKind.Binary, "accuracy", 150)]
    [InlineData(TaskKind.Multiclass, "macro_f1", 300)]
    [InlineData(TaskKind.Multilabel, "micro_f1", 150)]
    [InlineData(TaskKind.Regression, "rmse", 100)]
    [InlineData(TaskKind.Regression, "r2", 100)]
    [InlineData(TaskKind.Binary, "roc_auc", 2500)]
    public void Intervals_cover_the_truth_as_often_as_they_say(TaskKind task, string name, int rows)
    {
        const int Repeats = 500;
        var metric = Metrics.Find(name);
        var (y, p) = Simulated.Of(task, 1_000_000, -1);
        var truth = metric.Compute(y, p);
        var covered = 0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var (few, said) = Simulated.Of(task, rows, repeat);
            covered += ConfidenceIntervals.Of(metric, few, said, seed: repeat, options: new BootstrapOptions { MaxResamples = 1000 }, cancellation: TestContext.Current.CancellationToken).Contains(truth) ? 1 : 0;
        }

        ((double)covered / Repeats).ShouldBeInRange(0.92, 0.985);
    }
}
