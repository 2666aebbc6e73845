using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Linear;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class LinearTests
{
    private static readonly FitContext Context = new(5);

    private static LinearModel Fit(Learner learner, TrainingSet data, params (string, object)[] settings) =>
        learner.Fit(data, Configuration.Of(settings), Context).ShouldBeOfType<LinearModel>();

    [Fact]
    public void Linear_regression_recovers_the_line()
    {
        var x = Samples.Normal(200 * 3, 1);
        double[] y = [.. Enumerable.Range(0, 200).Select(row => 4 + (2.0 * x[row * 3]) - x[row * 3 + 1] + (0.5 * x[row * 3 + 2]))];
        var data = new TrainingSet(FeatureMatrix.FromDense(200, Samples.Features(3), x), Target.Regression(y));
        foreach (var set in new[] { data, data with { X = Samples.ToSparse(data.X) } })
        {
            var model = Fit(new LinearRegressionLearner(), set);
            model.Weights.Zip([2, -1, 0.5]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
            model.Intercepts[0].ShouldBe(4, 1e-9);
        }
    }

    [Fact]
    public void Ridge_solves_its_normal_equations()
    {
        // One feature: w = sum (x - mean)(y - mean) / (sum (x - mean)^2 + alpha) = 5.75 / (5 + 1).
        var x = Samples.Dense([1f], [2f], [3f], [4f]);
        var model = Fit(new RidgeLearner(), new TrainingSet(x, Target.Regression([1, 3, 4, 4.5])), ("alpha", 1.0));
        model.Weights[0].ShouldBe(5.75 / 6, 1e-12);
        model.Intercepts[0].ShouldBe(3.125 - 2.5 * 5.75 / 6, 1e-12);
    }

    [Theory, InlineData(0.0), InlineData(2.5)]
    public void Iterations_reach_what_the_normal_equations_give(double alpha)
    {
        var data = Samples.Curves(150, 20, 3);
        var weights = Enumerable.Range(0, 150).Select(row => row % 3 + 0.5).ToArray();
        var (direct, intercept) = LeastSquares.Solve(data.X, data.Y.Values, weights, alpha, Context);
        var (iterated, sameIntercept) = LeastSquares.Solve(Samples.ToSparse(data.X), data.Y.Values, weights, alpha, Context);
        for (var j = 0; j < 20; j++)
        {
            iterated[j].ShouldBe(direct[j], 1e-8);
        }

        sameIntercept.ShouldBe(intercept, 1e-8);
    }

    [Fact]
    public void Dependent_features_share_the_weight()
    {
        // The same feature twice: the smallest weights that fit are equal.
        var x = Samples.Dense([1f, 1f], [2f, 2f], [4f, 4f]);
        var model = Fit(new LinearRegressionLearner(), new TrainingSet(x, Target.Regression([3, 5, 9])));
        model.Weights.ShouldAllBe(weight => Math.Abs(weight - 1) < 1e-9);
        model.Intercepts[0].ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Logistic_regression_of_one_indicator_without_penalty_is_the_log_odds()
    {
        // 3 of 4 positive where x = 0 and 1 of 5 where x = 1.
        var x = Samples.Dense([0f], [0f], [0f], [0f], [1f], [1f], [1f], [1f], [1f]);
        var y = Target.Classification([1, 1, 1, 0, 1, 0, 0, 0, 0], ["n", "p"]);
        var model = Fit(new LogisticRegressionLearner(), new TrainingSet(x, y), ("C", 1e12), ("tol", 1e-12));
        model.Intercepts[0].ShouldBe(Math.Log(3), 1e-8);
        model.Weights[0].ShouldBe(Math.Log(0.25) - Math.Log(3), 1e-8);
    }

    [Theory, InlineData(2, false), InlineData(2, true), InlineData(4, false), InlineData(4, true)]
    public void Logistic_regression_stops_where_the_gradient_vanishes(int classes, bool sparse)
    {
        var data = Samples.Clouds(300, 6, classes, 11, 1);
        double[] weights = [.. Enumerable.Range(0, 300).Select(row => 0.5 + row % 4)];
        var set = data with { X = sparse ? Samples.ToSparse(data.X) : data.X, Weights = weights };
        var model = Fit(new LogisticRegressionLearner(), set, ("C", 0.7), ("tol", 1e-9));
        var p = model.Predict(data.X);
        // The objective's gradient, written out: C sum s (p - y) x + w, and sum s (p - y) for the intercept.
        var outputs = classes == 2 ? 1 : classes;
        for (var k = 0; k < outputs; k++)
        {
            var column = classes == 2 ? 1 : k;
            double Residual(int row) => weights[row] * (p.Row(row)[column] - (data.Y.Labels[row] == column ? 1 : 0));
            Enumerable.Range(0, 300).Sum(Residual).ShouldBe(0, 1e-5);
            for (var j = 0; j < 6; j++)
            {
                var slope = Enumerable.Range(0, 300).Sum(row => Residual(row) * data.X.Dense![row * 6 + j]);
                (0.7 * slope + model.Weights[j * outputs + k]).ShouldBe(0, 1e-5);
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Elastic_net_meets_the_conditions_of_its_optimum(bool sparse)
    {
        var data = Samples.Curves(200, 12, 4);
        for (var i = 0; i < data.X.Dense!.Length; i++)
        {
            data.X.Dense[i] = MathF.Max(0, data.X.Dense[i]) + i % 12; // means far from 0
        }

        double[] weights = [.. Enumerable.Range(0, 200).Select(row => 1.0 + row % 2)];
        var set = data with { X = sparse ? Samples.ToSparse(data.X) : data.X, Weights = weights };
        var (share, ratio) = (0.1, 0.7);
        var model = Fit(new ElasticNetLearner(), set, ("alpha", share), ("l1_ratio", ratio), ("tol", 1e-12));
        var total = weights.Sum();
        double Mean(Func<int, double> of) => Enumerable.Range(0, 200).Sum(row => weights[row] * of(row)) / total;
        var mean = Mean(row => data.Y.Values[row]);
        var fitted = model.Predict(data.X).Values;
        Mean(row => data.Y.Values[row] - fitted[row]).ShouldBe(0, 1e-9);
        double Slope(int j, Func<int, double> residual)
        {
            var centre = Mean(row => data.X.Dense![row * 12 + j]);
            return Mean(row => (data.X.Dense![row * 12 + j] - centre) * residual(row));
        }

        // The target is scaled to variance 1; here everything is in its own unit again, where the L2 part weighs by the unit less.
        var unit = Math.Sqrt(Mean(row => Math.Pow(data.Y.Values[row] - mean, 2)));
        var alpha = share * Enumerable.Range(0, 12).Max(j => Math.Abs(Slope(j, row => data.Y.Values[row] - mean))) / ratio;
        for (var j = 0; j < 12; j++)
        {
            var slope = Slope(j, row => data.Y.Values[row] - fitted[row]) - alpha / unit * (1 - ratio) * model.Weights[j];
            if (model.Weights[j] == 0)
            {
                Math.Abs(slope).ShouldBeLessThanOrEqualTo(alpha * ratio + 1e-8);
            }
            else
            {
                slope.ShouldBe(alpha * ratio * Math.Sign(model.Weights[j]), 1e-8);
            }
        }

        model.Weights.Count(weight => weight == 0).ShouldBeInRange(1, 11);
        Fit(new ElasticNetLearner(), set, ("alpha", 1.0)).Weights.ShouldAllBe(weight => Math.Abs(weight) < 1e-9);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void A_weight_is_as_good_as_repeating_the_row(int classes)
    {
        var (weighted, repeated) = Samples.WeightedAndRepeated(Samples.Clouds(120, 4, classes, 2, 1), 3);
        var one = Fit(new LogisticRegressionLearner(), weighted, ("tol", 1e-10));
        var two = Fit(new LogisticRegressionLearner(), repeated, ("tol", 1e-10));
        one.Weights.Zip(two.Weights).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
    }

    [Fact]
    public void Balanced_classes_move_the_boundary()
    {
        var data = Samples.Clouds(400, 2, 2, 4, 0.5);
        var rare = data.Take([.. Enumerable.Range(0, 400).Where(row => data.Y.Labels[row] == 0 || row % 10 == 1)]);
        var plain = Fit(new LogisticRegressionLearner(), rare).Predict(data.X).Labels().Count(label => label == 1);
        var balanced = Fit(new LogisticRegressionLearner(), rare, ("class_weight", "balanced")).Predict(data.X).Labels().Count(label => label == 1);
        balanced.ShouldBeGreaterThan(plain + 50);
        Should.Throw<LearnerException>(() => Fit(new LogisticRegressionLearner(), rare, ("class_weight", "even"))).Message.ShouldContain("'even'");
    }

    [Fact]
    public void A_missing_value_is_refused_by_name()
    {
        var data = new TrainingSet(Samples.Dense([1f, 2f], [3f, float.NaN]), Target.Classification([0, 1], ["a", "b"]));
        Should.Throw<LearnerException>(() => Fit(new LogisticRegressionLearner(), data)).Message.ShouldContain("'x1'");
        Should.Throw<LearnerException>(() => Fit(new RidgeLearner(), data with { Y = Target.Regression([1, 2]) })).Message.ShouldContain("'x1'");
    }

    [Fact]
    public void Fitting_stops_when_asked()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var data = Samples.Clouds(500, 5, 3, 1);
        Should.Throw<OperationCanceledException>(() => new LogisticRegressionLearner().Fit(data, Configuration.Empty, new FitContext(1, 1, null, stop.Token)));
    }
}
