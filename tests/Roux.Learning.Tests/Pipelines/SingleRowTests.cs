using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Pipelines;

/// <summary>A row has the same prediction alone, among a few, and among all, whatever strings the table holds beside its own.</summary>
public sealed class SingleRowTests
{
    [Theory]
    [InlineData("logistic-regression")]
    [InlineData("random-forest")]
    public void A_row_alone_is_predicted_as_among_all(string name)
    {
        var random = new Random(5);
        string[] words = [.. Enumerable.Range(0, 60).Select(i => $"word{i}")];
        string[] texts = [.. Enumerable.Range(0, 400).Select(_ => string.Join(' ', Enumerable.Range(0, 6).Select(_ => words[random.Next(60)])))];
        var table = new Table("t",
        [
            new NumberColumn("x", [.. texts.Select((_, i) => (double)(i % 7))]),
            TextColumn.From("text", texts.Select((text, i) => i % 50 == 49 ? null : text)),
            TextColumn.From("level", texts.Select((_, i) => (string?)$"level {i % 300}")),
            TextColumn.From("list", texts.Select(text => (string?)text.Replace(' ', '|'))),
        ]);
        ColumnSpec[] columns =
        [
            new("x", ColumnType.Real, ColumnRole.Numeric), new("text", ColumnType.Text, ColumnRole.Text), new("level", ColumnType.Text, ColumnRole.Categorical), new("list", ColumnType.Text, ColumnRole.List, "|"),
        ];
        var y = Target.Classification([.. texts.Select((text, i) => text.Contains("word1", StringComparison.Ordinal) ? 0 : 1 + i % 2)], ["a", "b", "c"]);
        var learner = LearnerCatalog.For(TaskKind.Multiclass).Single(learner => learner.Card.Name == name);
        var settings = learner.Portfolio(TaskKind.Multiclass)[0];
        var (featurizer, x) = Featurizer.Fit(table, columns, y, learner.Form(TaskKind.Multiclass, settings), 1, 1, default);
        var pipeline = new Pipeline("p", TaskKind.Multiclass, "y", y.Classes, columns, [new PipelineMember(1, featurizer, learner.Fit(new TrainingSet(x, y), settings, new FitContext(1)))]);

        var all = pipeline.Predict(table);
        foreach (var row in new[] { 0, 49, 123, 399 })
        {
            pipeline.Predict(table.Take([row])).Values.ShouldBe(all.Row(row).ToArray());
            pipeline.Predict(table.Take([row]).WithoutUnusedLevels()).Values.ShouldBe(all.Row(row).ToArray());
        }

        pipeline.Predict(table.Take([7, 7, 300])).Row(2).ToArray().ShouldBe(all.Row(300).ToArray());
    }

    [Fact]
    public void Unused_levels_go_and_values_stay()
    {
        var column = TextColumn.From("c", ["a", "b", null, "c", "b"]);
        var few = ((TextColumn)column.Take([4, 2, 1, 3])).WithoutUnusedLevels();
        few.Levels.ShouldBe(["b", "c"]);
        Enumerable.Range(0, 4).Select(few.Format).ShouldBe(["b", null, "b", "c"]);
    }
}
