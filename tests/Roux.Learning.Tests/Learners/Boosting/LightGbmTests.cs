using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners.Boosting;

public sealed class LightGbmTests
{
    private static readonly LightGbmLearner Learner = new();
    private static readonly Configuration Quick = Configuration.Of(("max_rounds", 60));

    private static BoostedTreesModel Fit(TrainingSet data, Configuration? configuration = null, FitContext? context = null) =>
        (BoostedTreesModel)Learner.Fit(data, configuration ?? Configuration.Empty, context ?? new FitContext(7));

    [Fact]
    public void Learns_a_step_and_a_slope()
    {
        var model = Fit(Synthetic.Regression(1500, 1), Configuration.Of(("learning_rate", 0.2)));
        var test = Synthetic.Regression(500, 2);
        Synthetic.Rmse(model.Predict(test.X), test.Y).ShouldBeLessThan(0.4); // the step alone: 0.87
        var importance = model.Importance;
        importance[1].ShouldBeGreaterThan(importance[0]);
        importance[0].ShouldBeGreaterThan(importance[2]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Learns_sectors(int classes)
    {
        var model = Fit(Synthetic.Classes(3000, classes, 1), Configuration.Of(("learning_rate", 0.1)));
        var test = Synthetic.Classes(1000, classes, 2);
        var predictions = model.Predict(test.X);
        Synthetic.Accuracy(predictions, test.Y).ShouldBeGreaterThan(0.82);
        for (var row = 0; row < predictions.Rows; row++)
        {
            predictions.Row(row).ToArray().Sum().ShouldBe(1, 1e-12);
        }
    }

    [Fact]
    public void A_shift_and_a_scale_of_the_answers_change_nothing()
    {
        var data = Synthetic.Regression(400, 3);
        var large = data with { Y = Target.Regression([.. data.Y.Values.Select(y => 1e6 + 1024 * y)]) };
        var expected = Fit(data, Quick).Predict(data.X).Values;
        var actual = Fit(large, Quick).Predict(data.X).Values;
        for (var row = 0; row < expected.Length; row++)
        {
            ((actual[row] - 1e6) / 1024).ShouldBe(expected[row], 1e-3);
        }
    }

    [Fact]
    public void Learns_from_category_codes_as_sets()
    {
        // Even and odd alternate 40 times: sets of codes need one split, thresholds dozens.
        var configuration = Configuration.Of(("num_leaves", 2), ("rounds", 5), ("learning_rate", 0.5));
        var test = Synthetic.EvenCodes(1000, 40, 2);
        Synthetic.Accuracy(Fit(Synthetic.EvenCodes(3000, 40, 1), configuration).Predict(test.X), test.Y).ShouldBeGreaterThan(0.8);

        var train = Synthetic.EvenCodes(3000, 40, 1);
        var asNumbers = new TrainingSet(FeatureMatrix.FromDense(3000, Synthetic.Numeric(2), train.X.Dense!), train.Y);
        var numbers = FeatureMatrix.FromDense(1000, Synthetic.Numeric(2), test.X.Dense!);
        Synthetic.Accuracy(Fit(asNumbers, configuration).Predict(numbers), test.Y).ShouldBeLessThan(0.7);
    }

    [Fact]
    public void Missing_values_and_unseen_categories_are_predicted()
    {
        var model = Fit(Synthetic.EvenCodes(800, 6, 1), Quick);
        Feature[] features = [new Feature("code", "code", FeatureKind.Category, 6), new Feature("noise", "noise", FeatureKind.Numeric)];
        var odd = FeatureMatrix.FromDense(4, features, [float.NaN, float.NaN, 99, 0.5f, 1e30f, 0.5f, -1, float.NaN]);
        model.Predict(odd).Values.ShouldAllBe(p => p > 0 && p < 1);

        var missing = Synthetic.Regression(1000, 4, missing: 0.2);
        Synthetic.Rmse(Fit(missing, Quick).Predict(missing.X), missing.Y).ShouldBeLessThan(0.8);
    }

    [Fact]
    public void Weights_choose_whom_to_believe()
    {
        // The same row 400 times over; class 1 in a quarter of them, weighted to nine tenths.
        var x = FeatureMatrix.FromDense(400, Synthetic.Numeric(1), new float[400]);
        var labels = Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1 : 0).ToArray();
        var y = Target.Classification(labels, ["a", "b"]);
        var weights = labels.Select(label => label == 1 ? 27.0 : 1.0).ToArray();
        Fit(new TrainingSet(x, y), Quick).Predict(x).Row(0)[1].ShouldBe(0.25, 0.01);
        Fit(new TrainingSet(x, y, weights), Quick).Predict(x).Row(0)[1].ShouldBe(0.9, 0.01);
        Fit(new TrainingSet(x, y), Configuration.Of(("class_weight", "balanced"))).Predict(x).Row(0)[1].ShouldBe(0.5, 0.01);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("sparse")]
    [InlineData("regression")]
    [InlineData("codes")]
    public void The_same_seed_gives_the_same_model_whatever_the_threads(string what)
    {
        var data = what switch
        {
            "dense" => Synthetic.Classes(6000, 3, 1),
            "sparse" => Synthetic.Words(3000, 500, 3, 15, 1),
            "codes" => Synthetic.EvenCodes(6000, 100, 1),
            _ => Synthetic.Regression(6000, 1, missing: 0.1),
        };
        var configuration = Configuration.Of(("max_rounds", 25));
        var first = Fit(data, configuration, new FitContext(5, 1));
        var copy = new TrainingSet(data.X.Take([.. Enumerable.Range(0, data.X.Rows)]), data.Y);
        var second = Fit(copy, configuration, new FitContext(5, 2));
        second.Member(0).Span.SequenceEqual(first.Member(0).Span).ShouldBeTrue();
        Fit(data, configuration, new FitContext(6, 1)).Member(0).Span.SequenceEqual(first.Member(0).Span).ShouldBeFalse();
    }

    [Fact]
    public void Fits_at_the_same_time_do_not_disturb_each_other()
    {
        var data = Synthetic.Classes(1500, 2, 1);
        var alone = Enumerable.Range(0, 4).Select(seed => Fit(data, Quick, new FitContext(seed, 1)).Member(0).ToArray()).ToArray();
        var together = new byte[4][];
        Parallel.For(0, 4, seed => together[seed] = Fit(data, Quick, new FitContext(seed, 1 + seed % 2)).Member(0).ToArray());
        for (var seed = 0; seed < 4; seed++)
        {
            together[seed].ShouldBe(alone[seed]);
        }
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    [InlineData("regression")]
    [InlineData("log")]
    [InlineData("bags")]
    public void A_stored_model_predicts_the_same_to_the_last_bit(string what)
    {
        var data = what switch
        {
            "binary" => Synthetic.EvenCodes(600, 30, 1),
            "multiclass" => Synthetic.Classes(600, 3, 1),
            _ => Synthetic.Regression(600, 1, shift: 5),
        };
        var configuration = what switch
        {
            "log" => Quick.With(Configuration.Of(("target_transform", "log"))),
            "bags" => Quick.With(Configuration.Of(("bags", 3))),
            _ => Quick,
        };
        var model = Fit(data, configuration);
        var read = Stored.RoundTrip(model);
        read.Predict(data.X).Values.ShouldBe(model.Predict(data.X).Values);
        read.Kind.ShouldBe("lightgbm");
        read.ParameterCount.ShouldBe(model.ParameterCount);
        read.Importance.ShouldBe(model.Importance);
    }

    [Fact]
    public void One_row_is_predicted_as_among_many()
    {
        var data = Synthetic.Classes(700, 3, 1);
        var model = Fit(data, Quick);
        var all = model.Predict(data.X);
        for (var row = 0; row < 50; row++)
        {
            model.Predict(data.X.Take([row])).Values.ShouldBe(all.Row(row).ToArray());
        }
    }

    [Fact]
    public void Many_rows_are_predicted_in_parallel_as_one_by_one()
    {
        var model = Fit(Synthetic.Regression(500, 1), Quick);
        var many = Synthetic.Regression(120_000, 9).X;
        var predictions = model.Predict(many);
        foreach (var row in new[] { 0, 1, 63, 64, 65_535, 119_999 })
        {
            model.Predict(many.Take([row])).Values[0].ShouldBe(predictions.Values[row]);
        }
    }

    [Fact]
    public void Sparse_rows_are_predicted_as_dense_ones()
    {
        var data = Synthetic.Words(900, 450, 3, 40, 1);
        var model = Fit(data, Configuration.Of(("learning_rate", 0.2), ("rounds", 60)));
        Synthetic.Accuracy(model.Predict(data.X), data.Y).ShouldBeGreaterThan(0.9);
        model.Predict(Synthetic.ToDense(data.X)).Values.ShouldBe(model.Predict(data.X).Values);
    }

    [Fact]
    public void Cancelled_before_it_began_there_is_no_model()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => Fit(Synthetic.Regression(100, 1), null, new FitContext(1, Cancellation: source.Token)));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(4000)]
    public void Cancelled_midway_the_best_so_far_is_the_model(int rows)
    {
        using var source = new CancellationTokenSource();
        var seen = 0;
        var data = Synthetic.Regression(rows, 1);
        var model = Fit(data, Configuration.Of(("learning_rate", 0.1)), new FitContext(1, 1, (round, _) =>
        {
            seen = round;
            if (round == 20)
            {
                source.Cancel();
            }
        }, source.Token));
        seen.ShouldBe(20);
        model.Rounds.ShouldBe(20);
        Synthetic.Rmse(model.Predict(data.X), data.Y).ShouldBeLessThan(2.5); // the mean alone: 5
    }

    [Fact]
    public void Cancelled_too_soon_there_is_no_model()
    {
        using var source = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Fit(Synthetic.Regression(500, 1), null, new FitContext(1, 1, (_, _) => source.Cancel(), source.Token)));
    }

    [Fact]
    public void Progress_falls_to_a_minimum_and_boosting_stops_after_it()
    {
        var losses = new List<double>();
        var model = Fit(Synthetic.Classes(4000, 2, 1), Configuration.Of(("learning_rate", 0.2), ("early_stopping_rounds", 15)), new FitContext(1, 1, (round, loss) =>
        {
            round.ShouldBe(losses.Count + 1);
            losses.Add(loss);
        }));
        var best = losses.IndexOf(losses.Min()) + 1;
        losses.Count.ShouldBeInRange(best + 1, best + 15);
        losses.TakeLast(15).Min().ShouldBeGreaterThanOrEqualTo(losses.SkipLast(15).Min() * (1 - StoppingRule.Tolerance));
        model.Rounds.ShouldBe((int)Math.Round(best / Math.Sqrt(0.8)));
    }

    [Fact]
    public void Tiny_and_degenerate_data_still_give_a_model()
    {
        var two = new TrainingSet(FeatureMatrix.FromDense(2, Synthetic.Numeric(1), [0, 1]), Target.Classification([0, 1], ["a", "b"]));
        Fit(two).Predict(two.X).Values.ShouldAllBe(p => p >= 0 && p <= 1);

        var constant = new TrainingSet(FeatureMatrix.FromDense(50, Synthetic.Numeric(1), new float[50]), Target.Regression([.. Enumerable.Repeat(42.0, 50)]));
        Fit(constant).Predict(constant.X).Values.ShouldAllBe(y => Math.Abs(y - 42) < 1e-9);

        var oneClass = new TrainingSet(Synthetic.Classes(60, 3, 1).X, Target.Classification(new int[60], ["a", "b", "c"]));
        Fit(oneClass, Quick).Predict(oneClass.X).Labels().ShouldAllBe(label => label == 0);

        var absent = new TrainingSet(Synthetic.Classes(60, 2, 1).X, Target.Classification(new int[60], ["a", "b"]));
        Fit(absent, Quick).Predict(absent.X).Labels().ShouldAllBe(label => label == 0);
    }

    [Fact]
    public void Wrong_settings_and_data_are_named()
    {
        var data = Synthetic.Regression(100, 1);
        Should.Throw<LearnerException>(() => Fit(data, Configuration.Of(("objective", "l3")))).Message.ShouldContain("l2, l1, huber");
        Should.Throw<LearnerException>(() => Fit(data, Configuration.Of(("learning_rate", -1.0)))).Message.ShouldContain("learning_rate=-1");
        Should.Throw<LearnerException>(() => Fit(data, Configuration.Of(("bagging_fraction", 7.0)))).Message.ShouldContain("bagging_fraction");
        Should.Throw<LearnerException>(() => Fit(data with { Y = Target.Regression([.. data.Y.Values.Select((y, i) => i == 3 ? double.PositiveInfinity : y)]) })).Message.ShouldContain("answer 3");
        Should.Throw<LearnerException>(() => Fit(data with { Weights = new double[100] })).Message.ShouldContain("not all 0");
    }

    [Fact]
    public void An_absent_library_is_explained()
    {
        LightGbmLibrary.Diagnose(loads: true, openMpMissing: false).ShouldBeNull();
        LightGbmLibrary.Diagnose(loads: false, openMpMissing: true).ShouldNotBeNull().ShouldContain("apt-get install -y libgomp1");
        LightGbmLibrary.Diagnose(loads: false, openMpMissing: false).ShouldNotBeNull().ShouldContain("linux-x64");
        LightGbmLibrary.Unavailable.ShouldBeNull();
        Learner.Supports(TaskKind.Binary).ShouldBeTrue();
        Learner.Supports(TaskKind.Multilabel).ShouldBeFalse();
    }

    [Fact]
    public void Every_portfolio_and_sampled_setting_can_be_fitted()
    {
        foreach (var data in new[] { Synthetic.Regression(200, 1, shift: 1), Synthetic.Classes(200, 2, 1), Synthetic.EvenCodes(200, 9, 1) })
        {
            var random = new Random(1);
            var sampled = Enumerable.Range(0, 5).Select(_ => Learner.Space(data.Y.Task).Sample(random));
            foreach (var configuration in Learner.Portfolio(data.Y.Task).Concat(sampled))
            {
                Fit(data, configuration.With(Configuration.Of(("max_rounds", 5)))).Predict(data.X).Values.ShouldAllBe(v => double.IsFinite(v));
            }
        }
    }
}
