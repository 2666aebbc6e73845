using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Learning.Tests.Explanations;

/// <summary>Real fits on small made-up tables of every kind of column.</summary>
internal static class Fits
{
    private static readonly string[] Colours = ["blue", "green", "red", "white"];
    private static readonly string[] Words = ["calm", "storm", "ship", "harbour", "night", "island", "captain", "gold"];

    /// <summary>Numbers (one with gaps), levels, dates, a flag and a text; the answer hangs on size, colour, their product and the word storm.</summary>
    public static (Table Table, Target Target) Make(TaskKind task, int rows = 240, int seed = 5)
    {
        var random = new Random(seed);
        var (size, age, noise, flag, score) = (new double[rows], new double[rows], new double[rows], new double[rows], new double[rows]);
        var (colour, text, day) = (new string?[rows], new string?[rows], new long[rows]);
        for (var row = 0; row < rows; row++)
        {
            (size[row], age[row], noise[row], flag[row]) = (random.NextDouble() * 10, Math.Round(random.NextDouble() * 80), random.NextDouble(), random.Next(2));
            colour[row] = Colours[random.Next(4)];
            text[row] = string.Join(' ', Enumerable.Range(0, 6).Select(_ => Words[random.Next(Words.Length)]));
            day[row] = new DateTime(2020, 1, 1).AddDays(random.Next(700)).Ticks;
            var storm = text[row]!.Contains("storm", StringComparison.Ordinal) ? 1 : 0;
            score[row] = size[row] + (colour[row] == "red" ? 0.6 * size[row] : 0) + 3 * storm + 0.03 * age[row] + random.NextDouble();
            age[row] = random.Next(12) == 0 ? double.NaN : age[row];
        }

        var table = new Table("made-up", [
            new NumberColumn("size", size), new NumberColumn("age", age, ColumnType.Integer), new NumberColumn("noise", noise), new NumberColumn("flag", flag, ColumnType.Boolean),
            TextColumn.From("colour", colour), TextColumn.From("story", text), new DateColumn("day", day)]);
        var middle = score.Order().ElementAt(rows / 2);
        var (low, high) = (score.Order().ElementAt(rows / 3), score.Order().ElementAt(2 * rows / 3));
        return (table, task switch
        {
            TaskKind.Regression => Target.Regression(score),
            TaskKind.Binary => Target.Classification([.. score.Select(value => value > middle ? 1 : 0)], ["no", "yes"]),
            TaskKind.Multilabel => Target.Multilabel([.. score.SelectMany((value, row) => new[] { value > middle, colour[row] == "blue" || value < low })], ["big", "odd"]),
            _ => Target.Classification([.. score.Select(value => value > high ? 2 : value > low ? 1 : 0)], ["a", "b", "c"]),
        });
    }

    public static IReadOnlyList<ColumnSpec> Columns(Table table) => [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, column.Name switch
    {
        "colour" => ColumnRole.Categorical, "story" => ColumnRole.Text, "day" => ColumnRole.Date, "flag" => ColumnRole.Boolean, _ => ColumnRole.Numeric,
    }))];

    /// <summary>A pipeline of one or several learners, by name.</summary>
    public static Pipeline Fit(TaskKind task, Table table, Target target, Configuration configuration, params string[] learners)
    {
        var members = learners.Select((name, i) =>
        {
            var learner = LearnerCatalog.Find(name)!;
            var log = configuration.Choice(Candidate.TargetTransformKey, "none") == "log1p" ? TargetTransform.Log1p : TargetTransform.None;
            var y = log.Apply(target);
            var (featurizer, x) = Featurizer.Fit(table, Columns(table), y, learner.Form(task, configuration), 1, 1, CancellationToken.None);
            var model = CrossValidator.Fit(new Candidate(name, learner, configuration), new TrainingSet(x, y), 3, 1, CancellationToken.None);
            return new PipelineMember(i + 1, featurizer, model, log);
        });
        return new Pipeline(string.Join('+', learners), task, "answer", target.Classes, Columns(table), [.. members]);
    }
}
