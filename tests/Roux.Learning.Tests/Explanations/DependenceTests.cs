using Roux.Learning.Data;
using Roux.Learning.Explanations;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Explanations;

public sealed class DependenceTests
{
    [Fact]
    public void Dependence_of_a_linear_model_is_its_weight_and_all_rows_agree()
    {
        // Without text and levels a ridge on made-up numbers is a plane: every curve runs alike.
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() * 4)];
        double[] z = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
        var table = new Table("plane", [new NumberColumn("size", x), new NumberColumn("noise", z)]);
        var pipeline = Fits.Fit(TaskKind.Regression, table, Target.Regression([.. x.Select((value, i) => 5 + 2 * value - z[i])]), Configuration.Empty, "linear-regression");
        var dependence = PartialDependence.Of(pipeline, table, "size");
        dependence.Ordered.ShouldBeTrue();
        dependence.Grid.Length.ShouldBe(20);
        ((dependence.Mean[^1] - dependence.Mean[0]) / (dependence.Grid[^1] - dependence.Grid[0])).ShouldBe(2, 0.01);
        dependence.Mean.Average().ShouldBe(5 + 2 * dependence.Grid.Average() - z.Average(), 0.01);
        dependence.Disagreement.ShouldBeLessThan(0.01);
        dependence.Centred().Where((_, i) => i % 20 == 0).ShouldAllBe(value => value == 0);
        dependence.Support.Sum().ShouldBe(1, 1e-9);
        dependence.Grid.ShouldBeSubsetOf(x);
    }

    [Fact]
    public void Interactions_show_as_disagreement()
    {
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble() * 2 - 1)];
        double[] flag = [.. Enumerable.Range(0, 400).Select(_ => (double)random.Next(2))];
        var table = new Table("cross", [new NumberColumn("size", x), new NumberColumn("flag", flag, ColumnType.Boolean)]);
        var pipeline = Fits.Fit(TaskKind.Regression, table, Target.Regression([.. x.Select((value, i) => flag[i] == 1 ? value : -value)]), Configuration.Of(("n_estimators", 30)), "random-forest");
        PartialDependence.Of(pipeline, table, "size").Disagreement.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Levels_and_dates_have_grids_of_their_own()
    {
        var (table, target) = Fits.Make(TaskKind.Multiclass);
        var pipeline = Fits.Fit(TaskKind.Multiclass, table, target, Configuration.Of(("rounds", 20)), "lightgbm");
        var colour = PartialDependence.Of(pipeline, table, "colour");
        colour.Ordered.ShouldBeFalse();
        colour.Labels.ShouldBe(["blue", "green", "red", "white"], ignoreOrder: true);
        colour.Mean.Length.ShouldBe(4 * 3);
        for (var g = 0; g < 4; g++)
        {
            colour.Mean.AsSpan(g * 3, 3).ToArray().Sum().ShouldBe(1, 1e-9);
        }

        var day = PartialDependence.Of(pipeline, table, "day");
        day.Ordered.ShouldBeTrue();
        day.Labels[0].ShouldStartWith("20");
        PartialDependence.Of(pipeline, table, "flag").Grid.ShouldBe([0, 1]);
        foreach (var dependence in new[] { colour, day })
        {
            ExplanationPlots.Dependence(dependence).Svg.ShouldStartWith("<svg");
            ExplanationPlots.Dependence(dependence, centred: true).Svg.ShouldNotContain("NaN");
        }
    }

    [Fact]
    public void Texts_unknown_and_constant_columns_are_refused_with_a_reason()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Empty, "logistic-regression");
        Should.Throw<DataException>(() => PartialDependence.Of(pipeline, table, "story")).Message.ShouldContain("texts");
        Should.Throw<DataException>(() => PartialDependence.Of(pipeline, table, "sise")).Message.ShouldContain("'size'");
        Should.Throw<DataException>(() => PartialDependence.Of(pipeline, table.Take([0, 0, 0]), "size")).Message.ShouldContain("fewer than two values");
    }

    [Fact]
    public void A_model_is_explained_as_a_whole()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Of(("rounds", 20)), "lightgbm");
        var explanation = ModelExplanation.Of(pipeline, table, table, new ShapOptions { MaxRows = 50, Seed = 1 });
        explanation.Shap.Rows.ShouldBe(50);
        explanation.Rows.RowCount.ShouldBe(50);
        explanation.Dependence.Count.ShouldBeInRange(2, 4);
        explanation.Dependence.ShouldNotContain(dependence => dependence.Column == "story");
        ExplanationPlots.Summary(explanation.Shap, explanation.Rows, 0).Svg.ShouldContain("size");
        var waterfall = ExplanationPlots.Waterfall(explanation.Shap, explanation.Rows, 0, 0);
        waterfall.Numbers["prediction"]!.GetValue<double>().ShouldBe(explanation.Shap.Score(0, 0), 1e-9);
        ExplanationPlots.Importance(explanation.Shap).Numbers["lines"]!.AsArray().Count.ShouldBe(explanation.Shap.Columns.Count);
    }
}
