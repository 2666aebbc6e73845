using Roux.Learning.Data;
using Roux.Learning.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class NumericFeaturizerTests
{
    [Fact]
    public void Missing_numbers_become_the_median_with_an_indicator()
    {
        var (featurizer, x) = Tables.Fit(new NumberColumn("a", [1, 2, double.NaN, 10, 3]), ColumnRole.Numeric, Plain(keepMissing: false));
        x.Names().ShouldBe(["a", "a=(missing)"]);
        x.ToDense().ShouldBe([1, 0, 2, 0, 2.5f, 1, 10, 0, 3, 0]);
        featurizer.Transform(new NumberColumn("a", [double.NaN, 7])).ToDense().ShouldBe([2.5f, 1, 7, 0]);
    }

    [Fact]
    public void Without_missing_numbers_in_training_there_is_no_indicator_but_later_ones_are_imputed()
    {
        var (featurizer, x) = Tables.Fit(new NumberColumn("a", [1, 2, 9]), ColumnRole.Numeric, Plain(keepMissing: false));
        x.Names().ShouldBe(["a"]);
        featurizer.Transform(new NumberColumn("a", [double.NaN, double.PositiveInfinity])).ToDense().ShouldBe([2, 2]);
    }

    [Fact]
    public void Trees_see_missing_numbers_as_they_are()
    {
        var (_, x) = Tables.Fit(new NumberColumn("a", [1, double.NaN, double.NegativeInfinity, 1e300]), ColumnRole.Numeric, FeatureForm.Trees);
        x.ToDense()[0].ShouldBe(1);
        x.ToDense()[1].ShouldBe(float.NaN);
        x.ToDense()[2].ShouldBe(float.NaN);
        float.IsFinite(x.ToDense()[3]).ShouldBeTrue();
    }

    [Fact]
    public void Standardised_numbers_have_mean_0_and_deviation_1()
    {
        // By hand: mean 2.5, population standard deviation sqrt(1.25).
        var (featurizer, x) = Tables.Fit(new NumberColumn("a", [1, 2, 3, 4]), ColumnRole.Numeric, FeatureForm.Linear);
        x.ToDense()[0].ShouldBe((float)(-1.5 / Math.Sqrt(1.25)), 1e-7);
        featurizer.Transform(new NumberColumn("a", [2.5, 5])).ToDense()[1].ShouldBe((float)(2.5 / Math.Sqrt(1.25)), 1e-7);
    }

    [Fact]
    public void Numbers_scaled_to_the_unit_interval_stay_in_it()
    {
        var (featurizer, x) = Tables.Fit(new NumberColumn("a", [-2, 2, 6]), ColumnRole.Numeric, Tables.MinMax);
        x.ToDense().ShouldBe([0, 0.5f, 1]);
        featurizer.Transform(new NumberColumn("a", [-100, 100, 0])).ToDense().ShouldBe([0, 1, 0.25f]);
    }

    [Fact]
    public void A_constant_column_is_zero()
    {
        var (_, x) = Tables.Fit(new NumberColumn("a", [0.1, 0.1, 0.1]), ColumnRole.Numeric, FeatureForm.Linear);
        x.ToDense().ShouldBe([0, 0, 0], tolerance: 1e-6);
    }

    [Fact]
    public void Truth_values_stay_0_and_1()
    {
        var (featurizer, x) = Tables.Fit(new NumberColumn("a", [0, 1, 1, double.NaN], ColumnType.Boolean), ColumnRole.Boolean, FeatureForm.Linear);
        x.Features[0].Kind.ShouldBe(FeatureKind.Indicator);
        x.ToDense().ShouldBe([0, 0, 1, 0, 1, 0, 1, 1]);
        featurizer.Transform(TextColumn.From("a", ["True", "no", "?"])).ToDense().ShouldBe([1, 0, 0, 0, 1, 1]);
    }

    [Fact]
    public void Heavy_tails_are_pulled_in_where_that_straightens_the_relation()
    {
        var random = new Random(3);
        var gross = Enumerable.Range(0, 500).Select(_ => Math.Exp(random.NextDouble() * 14)).ToArray();
        var logarithmic = Target.Regression(Array.ConvertAll(gross, Math.Log));
        var (_, bent) = Tables.Fit(new NumberColumn("gross", gross), ColumnRole.Numeric, FeatureForm.Linear, logarithmic);
        bent.ToDense().Max().ShouldBeLessThan(3);
        Correlation(bent.ToDense(), logarithmic.Values).ShouldBeGreaterThan(0.99);

        var linear = Target.Regression(Array.ConvertAll(gross, value => 3 * value + 1));
        var (_, straight) = Tables.Fit(new NumberColumn("gross", gross), ColumnRole.Numeric, FeatureForm.Linear, linear);
        Correlation(straight.ToDense(), linear.Values).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Tails_are_judged_by_classes_too()
    {
        var random = new Random(4);
        var gains = Enumerable.Range(0, 1000).Select(i => random.Next(4) > 0 ? 0 : Math.Exp(random.NextDouble() * 10)).ToArray();
        var y = Target.Classification([.. gains.Select(gain => gain > 3 ? 1 : 0)], ["no", "yes"]);
        var (_, x) = Tables.Fit(new NumberColumn("gain", gains), ColumnRole.Numeric, FeatureForm.Linear, y);
        Correlation(x.ToDense(), Array.ConvertAll(y.Labels, label => (double)label)).ShouldBeGreaterThan(1.3 * Correlation(Array.ConvertAll(gains, gain => (float)gain), Array.ConvertAll(y.Labels, label => (double)label)));
    }

    [Fact]
    public void Dates_where_numbers_were_are_refused()
    {
        var (featurizer, _) = Tables.Fit(new NumberColumn("a", [1, 2]), ColumnRole.Numeric, FeatureForm.Linear);
        Should.Throw<DataException>(() => featurizer.Transform(new DateColumn("a", [0, 1]))).Message.ShouldContain("'a'");
    }

    private static FeatureForm Plain(bool keepMissing) => new(CategoryEncoding.OneHot, keepMissing, Scaling.None);

    private static double Correlation(float[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y).Sum(pair => (pair.First - meanX) * (pair.Second - meanY));
        return covariance / Math.Sqrt(x.Sum(value => (value - meanX) * (value - meanX)) * y.Sum(value => (value - meanY) * (value - meanY)));
    }
}
