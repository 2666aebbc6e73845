using System.Diagnostics;
using Roux.Debugging.Slices;
using Roux.Debugging.Tests.Models;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Slices;

/// <summary>Labels of <c>adult</c> flipped where two random conditions hold: the slice must be found, and first.</summary>
public sealed class PlantedSliceTests
{
    private const int Plantings = 20;
    private const int Needed = 18;

    /// <summary>A linear model that learned from the flipped labels has taken in a part of them, and is then weak on another part of the rows than was planted.</summary>
    private const int NeededOfLearned = 12;

    /// <summary>Rows that the found and the planted slice share, over those of either: from here on they are the same slice.</summary>
    private const double Same = 0.7;

    [Fact]
    [Trait("Speed", "slow")]
    public void Flipped_answers_of_new_rows_are_found_first()
    {
        var (train, test) = Fitted.Shared("adult");
        var pipeline = Fitted.Fit("lightgbm", train, "income");
        var (answers, rows) = LabelledRows.Of(test, "income", pipeline);
        test = test.Take(rows);
        var predictions = pipeline.Predict(test);
        Judge(planting => (pipeline, test, Flip(answers, planting.Rows(test)), predictions), test, Needed);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Flipped_answers_that_a_linear_model_has_learned_from_are_found_first()
    {
        var (train, test) = Fitted.Shared("adult");
        Judge(planting =>
        {
            var pipeline = Fitted.Fit("logistic-regression", Flipped(train, planting), "income");
            var spoiled = Flipped(test, planting);
            return (pipeline, spoiled, LabelledRows.Of(spoiled, "income", pipeline).Answers, pipeline.Predict(spoiled));
        }, test, NeededOfLearned);
    }

    private static void Judge(Func<Planting, (Pipeline Pipeline, Table Rows, Target Answers, Predictions Predictions)> plant, Table table, int needed)
    {
        var told = new List<string>();
        var found = 0;
        for (var seed = 0; seed < Plantings; seed++)
        {
            var planting = Planting.Draw(table, "income", new Random(seed));
            var (pipeline, rows, answers, predictions) = plant(planting);
            var watch = Stopwatch.StartNew();
            var slices = SliceFinder.Find(rows, pipeline.Columns, answers, predictions);
            var planted = planting.Rows(rows).ToHashSet();
            var overlaps = slices.Select(slice => (double)slice.Rows.Count(planted.Contains) / (slice.Rows.Length + planted.Count - slice.Rows.Count(planted.Contains))).ToArray();
            found += overlaps.FirstOrDefault() >= Same ? 1 : 0;
            told.Add($"{(overlaps.FirstOrDefault() >= Same ? "+" : "-")} {planting.Text} ({planted.Count} rows, {watch.Elapsed.TotalSeconds:0.00} s): {string.Join("; ", slices.Select((slice, i) => $"{slice.Text} [{slice.Rows.Length} rows, loss {slice.Loss:0.00}, expected {slice.ExpectedLoss:0.00}, score {slice.Score:0}, overlap {overlaps[i]:0.00}]"))}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{found} of {Plantings} first\n{string.Join("\n", told)}");
        found.ShouldBeGreaterThanOrEqualTo(needed, string.Join("\n", told));
    }

    private static Target Flip(Target answers, int[] rows)
    {
        var labels = (int[])answers.Labels.Clone();
        foreach (var row in rows)
        {
            labels[row] = 1 - labels[row];
        }

        return Target.Classification(labels, answers.Classes);
    }

    private static Table Flipped(Table table, Planting planting)
    {
        var income = (TextColumn)table["income"];
        var codes = (int[])income.Codes.Clone();
        foreach (var row in planting.Rows(table))
        {
            codes[row] = 1 - codes[row];
        }

        return table.With(new TextColumn("income", codes, income.Levels));
    }
}
