using Roux.Learning.Data;
using Roux.Learning.Explanations;
using Roux.Learning.Pipelines;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Explanations;

public sealed class CounterfactualTests
{
    [Theory]
    [InlineData(TaskKind.Binary, "lightgbm")]
    [InlineData(TaskKind.Multiclass, "random-forest")]
    [InlineData(TaskKind.Multilabel, "logistic-regression")]
    public void A_few_values_that_occur_flip_the_answer(TaskKind task, string learner)
    {
        var (table, target) = Fits.Make(task);
        var pipeline = Fits.Fit(task, table, target, Configuration.Of(("n_estimators", 20), ("rounds", 20)), learner);
        var search = new Counterfactuals(pipeline, table, []);
        for (var row = 0; row < 6; row++)
        {
            var one = table.Take([row]);
            var set = search.Find(one);
            set.Found.ShouldNotBeEmpty();
            foreach (var found in set.Found)
            {
                found.Changes.Count.ShouldBeInRange(1, 6);
                var changed = Apply(table, one, found);
                var before = Answer(pipeline, one);
                Answer(pipeline, changed).ShouldNotBe(before);
                Answer(pipeline, changed).ShouldBe(found.Answer);

                // None of the changes is needless.
                foreach (var change in found.Changes.Where(_ => found.Changes.Count > 1))
                {
                    var less = Apply(table, one, found with { Changes = [.. found.Changes.Where(other => other != change)] });
                    Answer(pipeline, less).ShouldNotBe(found.Answer);
                }
            }
        }
    }

    [Fact]
    public void Numbers_move_past_a_bound_and_no_further_than_they_must()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => i / 20.0)];
        double[] z = [.. Enumerable.Range(0, 200).Select(i => (i * 7 % 200) / 200.0)];
        var table = new Table("line", [new NumberColumn("size", x), new NumberColumn("noise", z)]);
        var pipeline = Fits.Fit(TaskKind.Regression, table, Target.Regression([.. x.Select(value => 3 * value)]), Configuration.Empty, "linear-regression");
        var set = new Counterfactuals(pipeline, table, []).Find(table.Take([20]), CounterfactualGoal.Above(15));
        var best = set.Found[0];
        best.Changes.ShouldHaveSingleItem().Column.ShouldBe("size");
        best.Prediction.ShouldBeGreaterThan(15);
        double.Parse(best.Changes[0].To!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(5, 6);
        set.Goal.ShouldBe("above 15");
    }

    [Fact]
    public void Columns_to_keep_are_kept_and_impossible_goals_are_told()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Of(("rounds", 20)), "lightgbm");
        var kept = new Counterfactuals(pipeline, table, ["size", "colour"]).Find(table.Take([0]));
        kept.Found.SelectMany(found => found.Changes).ShouldNotContain(change => change.Column == "size" || change.Column == "colour");
        var all = new Counterfactuals(pipeline, table, ["size", "colour", "age", "noise", "flag", "story", "day"]).Find(table.Take([0]));
        all.Found.ShouldBeEmpty();
        all.Note.ShouldNotBeNull().ShouldContain("kept as they are");
        Should.Throw<DataException>(() => new Counterfactuals(pipeline, table, ["sise"])).Message.ShouldContain("--keep 'sise'");
        Should.Throw<DataException>(() => CounterfactualGoal.Class(pipeline, "yep")).Message.ShouldContain("'yes'");
        var own = Answer(pipeline, table.Take([0]));
        new Counterfactuals(pipeline, table, []).Find(table.Take([0]), CounterfactualGoal.Class(pipeline, own)).Note.ShouldBe("the row is answered so as it is");
    }

    [Fact]
    public void A_decision_rule_is_the_answer_that_flips_and_calibration_is_left_out_of_contributions()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Of(("rounds", 20)), "lightgbm");
        double[] usual = [.. Enumerable.Range(0, table.RowCount).Select(r => pipeline.Predict(table).Row(r)[1])];
        var threshold = (0.5 + usual.Max()) / 2;
        pipeline = pipeline.With(null, DecisionRule.At(threshold, "test"));
        var row = Array.FindIndex(usual, p => p > 0.5 && p < threshold); // by the usual way it would be yes already
        var one = table.Take([row]);
        Answer(pipeline, one).ShouldBe("no");
        var set = new Counterfactuals(pipeline, table, []).Find(one);
        set.Goal.ShouldBe("predicted as yes");
        set.Found.ShouldNotBeEmpty();
        set.Found.ShouldAllBe(found => found.Prediction >= threshold && found.Answer == "yes");
        Shap.Of(pipeline, one, table, new ShapOptions()).Gap.ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void Contrary_examples_are_near_and_have_another_label()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Of(("rounds", 20)), "lightgbm");
        int[] others = [.. Enumerable.Range(1, table.RowCount - 1)];
        var examples = new Counterfactuals(pipeline, table.Take(others), []).Contrary(table.Take([0]), target.Take(others), 4);
        examples.Count.ShouldBe(4);
        var own = Answer(pipeline, table.Take([0]));
        examples.Select(example => example.Answer).ShouldNotContain(own);
        examples.Select(example => example.Distance).ShouldBe(examples.Select(example => example.Distance).Order());
        examples[0].Differences.ShouldNotBeEmpty();
    }

    private static string Answer(Pipeline pipeline, Table row)
    {
        var predictions = pipeline.Predict(row);
        return pipeline.Task == TaskKind.Multilabel
            ? string.Join(", ", pipeline.Classes.Where((_, k) => predictions.Values[k] >= 0.5))
            : pipeline.Classes[predictions.Labels()[0]];
    }

    /// <summary>The row with the told values, each taken from a row of the table that has it.</summary>
    private static Table Apply(Table table, Table row, Counterfactual found) => new("changed", [.. row.Columns.Select(column =>
    {
        if (found.Changes.FirstOrDefault(change => change.Column == column.Name) is not { } change)
        {
            return column;
        }

        column.Format(0).ShouldBe(change.From);
        var source = Enumerable.Range(0, table.RowCount).First(other => table[column.Name].Format(other) == change.To);
        return table[column.Name].Take([source]);
    })]);
}
