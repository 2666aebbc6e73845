using Roux.Learning.Data;
using Roux.Learning.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class ListFeaturizerTests
{
    [Fact]
    public void Items_are_multi_hot()
    {
        var (featurizer, x) = Tables.Fit(TextColumn.From("l", ["a, b", "b", null, "b,,  a ,b"]), ColumnRole.List, FeatureForm.Linear, separator: ",");
        x.Names().ShouldBe(["l=a", "l=b", "l=(missing)"]);
        x.ToDense().ShouldBe([1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0]);
        featurizer.Transform(TextColumn.From("l", ["z,a", "", null])).ToDense().ShouldBe([1, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    [Fact]
    public void Rare_items_share_a_feature_and_trees_get_the_count()
    {
        var column = TextColumn.From("l", Enumerable.Range(0, 200).Select(row => $"x|y{row % 4}|rare{row}"));
        var (featurizer, x) = Tables.Fit(column, ColumnRole.List, FeatureForm.Trees);
        x.Names().ShouldBe(["l=x", "l=y0", "l=y1", "l=y2", "l=y3", "l=(other)", "l@count"]);
        featurizer.Transform(TextColumn.From("l", ["x|?|!", "y1"])).ToDense().ShouldBe([1, 0, 0, 0, 0, 1, 3, 0, 0, 1, 0, 0, 0, 1]);
    }

    [Fact]
    public void Many_items_are_weighted_and_each_row_has_norm_1()
    {
        var random = new Random(1);
        var column = TextColumn.From("l", Enumerable.Range(0, 400).Select(_ => string.Join('|', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => $"i{random.Next(150)}"))));
        var (_, x) = Tables.Fit(column, ColumnRole.List, FeatureForm.Linear);
        x.IsSparse.ShouldBeTrue();
        for (var row = 0; row < 400; row++)
        {
            x.ToDense().AsSpan(row * x.Columns, x.Columns).ToArray().Sum(value => value * value).ShouldBe(1, 1e-5);
        }

        var (_, forTrees) = Tables.Fit(column, ColumnRole.List, FeatureForm.Trees with { MaxTextFeatures = 20 });
        forTrees.Columns.ShouldBe(22);
    }
}
