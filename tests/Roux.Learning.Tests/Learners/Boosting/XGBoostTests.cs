using System.Runtime.InteropServices;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners.Boosting;

public sealed unsafe partial class XGBoostTests
{
    private static readonly XGBoostLearner Learner = new();
    private static readonly Configuration Quick = Configuration.Of(("max_rounds", 40));

    private static BoostedTreesModel Fit(TrainingSet data, Configuration? configuration = null, FitContext? context = null)
    {
        Assert.SkipWhen(XGBoostLibrary.Unavailable is not null, XGBoostLibrary.Unavailable ?? "");
        return (BoostedTreesModel)Learner.Fit(data, configuration ?? Configuration.Empty, context ?? new FitContext(7));
    }

    [Fact]
    public void Learns_a_step_and_a_slope()
    {
        var model = Fit(Synthetic.Regression(1500, 1), Configuration.Of(("learning_rate", 0.2)));
        var test = Synthetic.Regression(500, 2);
        Synthetic.Rmse(model.Predict(test.X), test.Y).ShouldBeLessThan(0.4); // the step alone: 0.87
        model.Importance[1].ShouldBeGreaterThan(model.Importance[0]);
        model.Importance[0].ShouldBeGreaterThan(model.Importance[2]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Learns_sectors(int classes)
    {
        var model = Fit(Synthetic.Classes(3000, classes, 1), Configuration.Of(("learning_rate", 0.2)));
        var test = Synthetic.Classes(1000, classes, 2);
        Synthetic.Accuracy(model.Predict(test.X), test.Y).ShouldBeGreaterThan(0.82);
    }

    [Fact]
    public void Walks_the_trees_as_XGBoost_does()
    {
        foreach (var data in new[] { Synthetic.Classes(1500, 2, 1), Synthetic.Classes(1500, 3, 1), Synthetic.Regression(1500, 1, missing: 0.2), Synthetic.Words(500, 450, 2, 20, 1) })
        {
            var model = Fit(data, Quick);
            var native = NativePredictions(model.Member(0).Span, data, data.Y.Task == TaskKind.Regression);
            var ours = new double[native.Length];
            if (data.Y.Task == TaskKind.Regression)
            {
                model.Ensembles[0].AddScores(data.X.Dense, ours, 1);
            }
            else
            {
                var predicted = model.Predict(data.X);
                ours = data.Y.Task == TaskKind.Binary ? [.. Enumerable.Range(0, predicted.Rows).Select(row => predicted.Row(row)[1])] : predicted.Values;
            }

            // The native library sums in single precision.
            for (var i = 0; i < native.Length; i++)
            {
                ours[i].ShouldBe(native[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Sparse_rows_are_predicted_as_dense_ones()
    {
        var data = Synthetic.Words(900, 450, 3, 40, 1);
        data.X.Values!.AsSpan(0, 50).Clear();
        var model = Fit(data, Configuration.Of(("learning_rate", 0.3), ("rounds", 30)));
        Synthetic.Accuracy(model.Predict(data.X), data.Y).ShouldBeGreaterThan(0.9);
        model.Predict(Synthetic.ToDense(data.X)).Values.ShouldBe(model.Predict(data.X).Values);
        Stored.RoundTrip(model).Predict(data.X).Values.ShouldBe(model.Predict(data.X).Values);
    }

    private static double[] NativePredictions(ReadOnlySpan<byte> json, TrainingSet data, bool raw)
    {
        XGBoostNative.Check(XGBoostNative.XGBoosterCreate(null, 0, out var booster));
        using (booster)
        using (var matrix = XGBoostBooster.Matrix(data.X, [.. Enumerable.Range(0, data.X.Rows)], new float[data.X.Rows], null, 1))
        {
            fixed (byte* pointer = json)
            {
                XGBoostNative.Check(XGBoosterLoadModelFromBuffer(booster, pointer, (ulong)json.Length));
            }

            var configuration = $$"""{"type": {{(raw ? 1 : 0)}}, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}""";
            XGBoostNative.Check(XGBoostNative.XGBoosterPredictFromDMatrix(booster, matrix, configuration, out var shape, out _, out var result));
            return [.. new ReadOnlySpan<float>(result, (int)(shape[0] * shape[1])).ToArray().Select(value => (double)value)];
        }
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("sparse")]
    [InlineData("regression")]
    public void The_same_seed_gives_the_same_model(string what)
    {
        var data = what switch
        {
            "dense" => Synthetic.Classes(6000, 3, 1),
            "sparse" => Synthetic.Words(2000, 500, 2, 15, 1),
            _ => Synthetic.Regression(6000, 1, missing: 0.1),
        };
        var configuration = Configuration.Of(("max_rounds", 15));
        var first = Fit(data, configuration, new FitContext(5, 2));
        Fit(data, configuration, new FitContext(5, 2)).Member(0).Span.SequenceEqual(first.Member(0).Span).ShouldBeTrue();
        Fit(data, configuration, new FitContext(6, 2)).Member(0).Span.SequenceEqual(first.Member(0).Span).ShouldBeFalse();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stored_model_predicts_the_same_to_the_last_bit(int classes)
    {
        var data = Synthetic.Classes(600, classes, 1);
        var model = Fit(data, Quick);
        var read = Stored.RoundTrip(model);
        read.Kind.ShouldBe("xgboost");
        read.Predict(data.X).Values.ShouldBe(model.Predict(data.X).Values);
        model.Predict(data.X.Take([17])).Values.ShouldBe(model.Predict(data.X).Row(17).ToArray());
    }

    [Fact]
    public void Weights_choose_whom_to_believe()
    {
        var x = FeatureMatrix.FromDense(400, Synthetic.Numeric(1), new float[400]);
        var labels = Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1 : 0).ToArray();
        var y = Target.Classification(labels, ["a", "b"]);
        Fit(new TrainingSet(x, y), Quick).Predict(x).Row(0)[1].ShouldBe(0.25, 0.01);
        Fit(new TrainingSet(x, y, [.. labels.Select(label => label == 1 ? 27.0 : 1.0)]), Quick).Predict(x).Row(0)[1].ShouldBe(0.9, 0.01);
    }

    [Fact]
    public void Cancelled_midway_the_best_so_far_is_the_model()
    {
        using var source = new CancellationTokenSource();
        var data = Synthetic.Regression(4000, 1);
        var model = Fit(data, Configuration.Of(("learning_rate", 0.1)), new FitContext(1, 1, (round, _) =>
        {
            if (round == 20)
            {
                source.Cancel();
            }
        }, source.Token));
        model.Rounds.ShouldBe(20);
        Synthetic.Rmse(model.Predict(data.X), data.Y).ShouldBeLessThan(2.5);
    }

    [Fact]
    public void Every_portfolio_and_sampled_setting_can_be_fitted()
    {
        foreach (var data in new[] { Synthetic.Regression(200, 1, shift: 1), Synthetic.Classes(200, 2, 1), Synthetic.Classes(200, 3, 1) })
        {
            var random = new Random(1);
            var sampled = Enumerable.Range(0, 4).Select(_ => Learner.Space(data.Y.Task).Sample(random));
            foreach (var configuration in Learner.Portfolio(data.Y.Task).Concat(sampled))
            {
                Fit(data, configuration.With(Configuration.Of(("max_rounds", 4)))).Predict(data.X).Values.ShouldAllBe(v => double.IsFinite(v));
            }
        }
    }

    [Fact]
    public void A_wrong_setting_is_named()
    {
        Should.Throw<LearnerException>(() => Fit(Synthetic.Regression(100, 1), Configuration.Of(("subsample", 7.0)))).Message.ShouldContain("subsample");
    }

    [Fact]
    public void A_damaged_text_is_refused_and_never_crashes()
    {
        var text = Fit(Synthetic.Classes(300, 2, 1), Configuration.Of(("max_rounds", 5))).Member(0).ToArray();
        var random = new Random(1);
        var refused = 0;
        for (var trial = 0; trial < 2000; trial++)
        {
            var damaged = text.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)"0123456789-,.[]{}\":e"[random.Next(20)];
            try
            {
                var ensemble = XGBoostJson.Parse(damaged, false);
                ensemble.AddScores(new float[ensemble.Features], new double[ensemble.Outputs], 1);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(500);
        Should.Throw<InvalidDataException>(() => XGBoostJson.Parse(Encoding.UTF8.GetBytes("[1]"), false));
        Should.Throw<InvalidDataException>(() => XGBoostJson.Parse(Encoding.UTF8.GetBytes("{}"), false));
    }

    [Fact]
    public void An_absent_library_is_explained()
    {
        XGBoostLibrary.Load(null, ["libxgboost-none.so.0", "libxgboost-none.so"]).Problem.ShouldNotBeNull().ShouldContain("apt-get install -y libxgboost0");
        XGBoostLibrary.Load("/nowhere/libxgboost.so", []).Problem.ShouldNotBeNull().ShouldContain("ROUX_XGBOOST='/nowhere/libxgboost.so'");
        XGBoostLibrary.DiagnoseVersion(1, 5).ShouldNotBeNull().ShouldContain("1.7");
        XGBoostLibrary.DiagnoseVersion(1, 7).ShouldBeNull();
        Learner.Supports(TaskKind.Binary).ShouldBe(XGBoostLibrary.Unavailable is null);
    }

    [LibraryImport("libxgboost.so.0")]
    private static partial int XGBoosterLoadModelFromBuffer(XGBoostBoosterHandle booster, byte* bytes, ulong length);
}
