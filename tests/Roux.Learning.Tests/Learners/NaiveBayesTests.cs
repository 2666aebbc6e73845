using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.NaiveBayes;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class NaiveBayesTests
{
    private static Model Fit(TrainingSet data, params (string, object)[] settings) => new NaiveBayesLearner().Fit(data, Configuration.Of(settings), new FitContext(1));

    private static double[] Normalise(params double[] scores)
    {
        var exp = scores.Select(Math.Exp).ToArray();
        return [.. exp.Select(value => value / exp.Sum())];
    }

    private static void ShouldBeClose(ReadOnlySpan<double> actual, double[] expected)
    {
        for (var k = 0; k < expected.Length; k++)
        {
            actual[k].ShouldBe(expected[k], 1e-12);
        }
    }

    [Fact]
    public void Gaussian_by_hand()
    {
        // Class a: 1, 3 (mean 2, variance 1); class b: 4, 6, 8 (mean 6, variance 8/3). Variance of all five: 5.84.
        var x = Samples.Dense([1f], [3f], [4f], [6f], [8f]);
        var data = new TrainingSet(x, Target.Classification([0, 0, 1, 1, 1], ["a", "b"]));
        var epsilon = 1e-3 * 5.84;
        double Log(double value, double mean, double variance) => -0.5 * Math.Log(2 * Math.PI * variance) - (value - mean) * (value - mean) / (2 * variance);
        var p = Fit(data, ("var_smoothing", 1e-3)).Predict(Samples.Dense([3.5f]));
        ShouldBeClose(p.Row(0), Normalise(Math.Log(0.4) + Log(3.5, 2, 1 + epsilon), Math.Log(0.6) + Log(3.5, 6, 8.0 / 3 + epsilon)));
    }

    [Fact]
    public void Bernoulli_by_hand()
    {
        var x = Samples.Dense(FeatureKind.Indicator, [1f, 0f], [1f, 1f], [0f, 1f], [0f, 0f], [0f, 1f]);
        var data = new TrainingSet(x, Target.Classification([0, 0, 1, 1, 1], ["a", "b"]));
        var p = Fit(data, ("alpha", 1.0)).Predict(Samples.Dense(FeatureKind.Indicator, [1f, 0f]));
        // a: (2 + 1) / (2 + 2), absence of the second 1 - (1 + 1) / 4. b: (0 + 1) / (3 + 2), 1 - (2 + 1) / 5.
        ShouldBeClose(p.Row(0), Normalise(Math.Log(0.4 * 0.75 * 0.5), Math.Log(0.6 * 0.2 * 0.4)));
    }

    [Fact]
    public void Multinomial_and_complement_by_hand()
    {
        var x = Samples.Dense(FeatureKind.Text, [2f, 1f, 0f], [0f, 1f, 3f], [1f, 0f, 1f]);
        var data = new TrainingSet(x, Target.Classification([0, 1, 2], ["a", "b", "c"]));
        var row = Samples.Dense(FeatureKind.Text, [1f, 0f, 2f]);
        var multinomial = Fit(data, ("text_model", "multinomial"), ("alpha", 0.5)).Predict(row);
        ShouldBeClose(multinomial.Row(0), Normalise(
            Math.Log(2.5 / 4.5) + 2 * Math.Log(0.5 / 4.5),
            Math.Log(0.5 / 5.5) + 2 * Math.Log(3.5 / 5.5),
            Math.Log(1.5 / 3.5) + 2 * Math.Log(1.5 / 3.5)));
        // Complement of a: (1, 1, 4) + 0.5, of b: (3, 1, 1) + 0.5, of c: (2, 2, 3) + 0.5.
        var complement = Fit(data, ("text_model", "complement"), ("alpha", 0.5)).Predict(row);
        ShouldBeClose(complement.Row(0), Normalise(
            -Math.Log(1.5 / 7.5) - 2 * Math.Log(4.5 / 7.5),
            -Math.Log(3.5 / 6.5) - 2 * Math.Log(1.5 / 6.5),
            -Math.Log(2.5 / 8.5) - 2 * Math.Log(3.5 / 8.5)));
    }

    [Fact]
    public void Mixed_features_add_their_evidence()
    {
        Feature[] features = [new("n", "n", FeatureKind.Numeric), new("i", "i", FeatureKind.Indicator), new("t", "t", FeatureKind.Text), new("u", "t", FeatureKind.Text)];
        var data = new TrainingSet(
            FeatureMatrix.FromDense(4, features, [1, 1, 2, 0, 2, 0, 1, 1, 5, 0, 0, 3, 7, 1, 0, 2]),
            Target.Classification([0, 0, 1, 1], ["a", "b"]));
        double[] Logs(params int[] columns)
        {
            var part = new TrainingSet(Columns(data.X, columns), data.Y);
            var p = Fit(part, ("text_model", "multinomial")).Predict(part.X).Row(1);
            return [Math.Log(p[0]), Math.Log(p[1])];
        }

        var (n, i, t) = (Logs(0), Logs(1), Logs(2, 3));
        // Each alone has the prior in it, here 1/2 each, which cancels.
        ShouldBeClose(Fit(data, ("text_model", "multinomial")).Predict(data.X).Row(1), Normalise(n[0] + i[0] + t[0], n[1] + i[1] + t[1]));
    }

    [Fact]
    public void Missing_values_say_nothing()
    {
        var data = Samples.Clouds(60, 3, 2, 1);
        var model = Fit(data);
        var alone = Fit(data with { X = Columns(data.X, 0, 1) });
        var row = data.X.Take([7]);
        var without = Samples.Dense([row.Dense![0], row.Dense[1], float.NaN]);
        model.Predict(without).Values[1].ShouldBe(alone.Predict(Columns(row, 0, 1)).Values[1], 1e-9);
        data.X.Dense![2] = float.NaN;
        Fit(data).Predict(data.X).Values.ShouldAllBe(value => double.IsFinite(value));
    }

    [Theory, InlineData(FeatureKind.Numeric), InlineData(FeatureKind.Indicator)]
    public void A_weight_is_as_good_as_repeating_the_row(FeatureKind kind)
    {
        var clouds = Samples.Clouds(120, 4, 3, 2, 1);
        var x = FeatureMatrix.FromDense(120, Samples.Features(4, kind), kind == FeatureKind.Numeric ? clouds.X.Dense! : [.. clouds.X.Dense!.Select(value => value > 0 ? 1f : 0)]);
        var (weighted, repeated) = Samples.WeightedAndRepeated(clouds with { X = x }, 3);
        Fit(weighted).Predict(x).Values.Zip(Fit(repeated).Predict(x).Values).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
    }

    private static FeatureMatrix Columns(FeatureMatrix x, params int[] columns) => FeatureMatrix.FromDense(
        x.Rows, [.. columns.Select(j => x.Features[j])], [.. Enumerable.Range(0, x.Rows).SelectMany(row => columns.Select(j => x.Dense![row * x.Columns + j]))]);
}
