using Roux.Learning.Data;
using Roux.Learning.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class CategoricalFeaturizerTests
{
    [Fact]
    public void Levels_are_one_hot_rare_ones_share_a_feature_and_missing_has_its_own()
    {
        var column = TextColumn.From("c", ["red", "blue", "red", "blue", "red", "pink", null, "grey"]);
        var (featurizer, x) = Tables.Fit(column, ColumnRole.Categorical, FeatureForm.Linear);
        x.Names().ShouldBe(["c=red", "c=blue", "c=(other)", "c=(missing)"]);
        x.ToDense().Chunk(4).Select(row => Array.IndexOf(row, 1f)).ShouldBe([0, 1, 0, 1, 0, 2, 3, 2]);
        featurizer.Transform(TextColumn.From("c", ["never seen", "blue", null, ""])).ToDense().Chunk(4).Select(row => Array.IndexOf(row, 1f)).ShouldBe([2, 1, 3, 2]);
    }

    [Fact]
    public void An_unknown_level_without_rare_ones_in_training_is_all_zeros()
    {
        var (featurizer, x) = Tables.Fit(TextColumn.From("c", ["a", "b", "a", "b"]), ColumnRole.Categorical, FeatureForm.Linear);
        x.Names().ShouldBe(["c=a", "c=b"]);
        featurizer.Transform(TextColumn.From("c", ["z", null])).ToDense().ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public void Codes_count_from_the_most_frequent_level_and_are_NaN_for_the_unknown()
    {
        var (featurizer, x) = Tables.Fit(TextColumn.From("c", ["b", "a", "c", "a", "c", "a", null]), ColumnRole.Categorical, FeatureForm.Trees);
        x.Features.ShouldBe([new Feature("c", "c", FeatureKind.Category, 3)]);
        x.ToDense().ShouldBe([2, 0, 1, 0, 1, 0, float.NaN]);
        featurizer.Transform(TextColumn.From("c", ["?", "c"])).ToDense().ShouldBe([float.NaN, 1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_column_of_random_levels_does_not_leak_random_labels(bool regression)
    {
        // 4,000 rows in 1,000 levels: the mean over all rows would correlate with the labels at about 0.5.
        foreach (var form in (FeatureForm[])[FeatureForm.Linear, FeatureForm.Trees, Tables.Means])
        {
            var random = new Random(11);
            var column = TextColumn.From("c", Enumerable.Range(0, 4000).Select(_ => $"level {random.Next(1000)}"));
            var y = regression ? Tables.Numbers(4000, 12) : Tables.Classes(4000, 2, 12);
            var (featurizer, training) = Tables.Fit(column, ColumnRole.Categorical, form, y);
            var answers = regression ? y.Values : Array.ConvertAll(y.Labels, label => (double)label);
            Math.Abs(Correlation(training, "c@mean", answers)).ShouldBeLessThan(0.06);
        }
    }

    [Fact]
    public void A_column_of_telling_levels_is_found_out_of_fold()
    {
        var random = new Random(11);
        var levels = Enumerable.Range(0, 4000).Select(_ => random.Next(400)).ToArray();
        var y = Target.Classification([.. levels.Select(level => random.Next(10) < (level % 2 == 0 ? 8 : 2) ? 1 : 0)], ["no", "yes"]);
        var (featurizer, training) = Tables.Fit(TextColumn.From("c", levels.Select(level => $"level {level}")), ColumnRole.Categorical, FeatureForm.Linear, y);
        Correlation(training, "c@mean", Array.ConvertAll(y.Labels, label => (double)label)).ShouldBeGreaterThan(0.45);
        var known = featurizer.Transform(TextColumn.From("c", ["level 0", "level 1", "no such level"]));
        known.At(0, "c@mean").ShouldBeGreaterThan(0.8f);
        known.At(1, "c@mean").ShouldBeLessThan(-0.8f);
        known.At(2, "c@mean").ShouldBe(0, 0.05); // the prior
    }

    [Fact]
    public void The_shrunk_mean_is_as_computed_by_hand()
    {
        // Eleven levels: ten of 4 rows with answer 0, one of 4 rows with answers 1, 1, 1, 0. Priors 3/44; within-variance
        // 0.75/33; between: sum of squares 4 * (0.75^2) - 44 * (3/44)^2 = 2.0454545 over 10; m = within / ((0.20454545 - within) / 4).
        var levels = Enumerable.Range(0, 44).Select(row => $"l{row / 4}");
        var y = Target.Classification([.. Enumerable.Range(0, 44).Select(row => row < 3 ? 1 : 0)], ["no", "yes"]);
        var (featurizer, _) = Tables.Fit(TextColumn.From("c", levels), ColumnRole.Categorical, Tables.Means, y);
        var within = 0.75 / 33;
        var m = Math.Max(1, within / ((2.0454545454545454 / 10 - within) / 4));
        var x = featurizer.Transform(TextColumn.From("c", ["l0", "l5", "new"]));
        x.At(0, "c@mean").ShouldBe((float)((3 + m * 3 / 44) / (4 + m)), 1e-6);
        x.At(1, "c@mean").ShouldBe((float)(m * 3 / 44 / (4 + m)), 1e-6);
        x.At(2, "c@mean").ShouldBe((float)(3.0 / 44), 1e-6);
        x.At(0, "c@log-count").ShouldBe((float)Math.Log(5), 1e-6);
    }

    [Fact]
    public void Every_frequent_class_gets_a_mean()
    {
        var table = Tables.Mixed(800, 1);
        var spec = Tables.MixedColumns.Where(spec => spec.Name == "director").ToArray();
        var (_, three) = Tables.Fit(table, spec, Tables.Classes(800, 3, 1), Tables.Means);
        three.Names().ShouldBe(["director@mean(c0)", "director@mean(c1)", "director@mean(c2)", "director@log-count"]);
        var (_, forty) = Tables.Fit(table, spec, Tables.Classes(800, 40, 1), Tables.Means);
        forty.Columns.ShouldBe(11);
    }

    [Fact]
    public void Very_many_levels_have_no_code()
    {
        var column = TextColumn.From("c", Enumerable.Range(0, 6000).Select(row => $"l{row / 2}"));
        var (_, x) = Tables.Fit(column, ColumnRole.Categorical, FeatureForm.Trees);
        x.Names().ShouldBe(["c@mean", "c@log-count"]);
    }

    [Fact]
    public void Numbers_and_truth_values_can_be_levels()
    {
        var (numbers, x) = Tables.Fit(new NumberColumn("n", [1, 2, 1, 2, 3, 3, 3], ColumnType.Integer), ColumnRole.Categorical, FeatureForm.Linear);
        x.Names().ShouldBe(["n=3", "n=1", "n=2"]);
        numbers.Transform(TextColumn.From("n", ["3.0", "2", "x"])).ToDense().ShouldBe([1, 0, 0, 0, 0, 1, 0, 0, 0]);
        var (texts, _) = Tables.Fit(TextColumn.From("t", ["True", "False", "True", "False", "01", "01"]), ColumnRole.Categorical, FeatureForm.Linear);
        texts.Transform(new NumberColumn("t", [1, 0], ColumnType.Boolean)).At(0, "t=True").ShouldBe(1);
        texts.Transform(new NumberColumn("t", [1, 0], ColumnType.Integer)).At(0, "t=01").ShouldBe(1);
    }

    private static double Correlation(FeatureMatrix matrix, string feature, double[] y)
    {
        var x = Enumerable.Range(0, matrix.Rows).Select(row => (double)matrix.At(row, feature)).ToArray();
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y).Sum(pair => (pair.First - meanX) * (pair.Second - meanY));
        return covariance / Math.Sqrt(x.Sum(value => (value - meanX) * (value - meanX)) * y.Sum(value => (value - meanY) * (value - meanY)) + 1e-300);
    }
}
