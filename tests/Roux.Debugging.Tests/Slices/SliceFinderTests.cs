using Roux.Debugging.Slices;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Slices;

public sealed class SliceFinderTests
{
    private static readonly ColumnSpec[] Specs =
    [
        new("age", ColumnType.Real, ColumnRole.Numeric),
        new("town", ColumnType.Text, ColumnRole.Categorical),
        new("note", ColumnType.Text, ColumnRole.Text),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Even_errors_give_no_slice(int seed)
    {
        var (table, y, p) = Make(seed, 3000, (_, _, _) => 0.2);
        SliceFinder.Find(table, Specs, y, p).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_conjunction_is_named_with_its_own_conditions_and_no_more(int seed)
    {
        var (table, y, p) = Make(seed, 3000, (age, town, _) => age > 63 && town == "Rome" ? 0.8 : 0.1);
        var slice = SliceFinder.Find(table, Specs, y, p).ShouldHaveSingleItem();
        slice.Conditions.Select(condition => condition.Column).ShouldBe(["age", "town"], ignoreOrder: true);
        var age = slice.Conditions.OfType<RangeCondition>().Single();
        age.Above.ShouldBeInRange(60, 66);
        age.Most.ShouldBe(double.PositiveInfinity);
        slice.Loss.ShouldBeInRange(0.65, 0.95);
        SliceRows.In(table, slice).ShouldBe(slice.Rows);
    }

    [Fact]
    public void A_word_is_a_condition()
    {
        var (table, y, p) = Make(5, 3000, (_, _, note) => note.Contains("late", StringComparison.Ordinal) ? 0.7 : 0.1);
        var slice = SliceFinder.Find(table, Specs, y, p).ShouldHaveSingleItem();
        slice.Text.ShouldBe("note has 'late'");
    }

    [Fact]
    public void Two_slices_are_found_one_after_the_other_and_share_no_rows()
    {
        var (table, y, p) = Make(6, 4000, (age, town, _) => age < 30 ? 0.6 : town == "Oslo" ? 0.5 : 0.05);
        var slices = SliceFinder.Find(table, Specs, y, p);
        slices.Count.ShouldBe(2);
        slices[0].Rows.Intersect(slices[1].Rows).ShouldBeEmpty();
    }

    [Fact]
    public void Rows_that_the_model_knows_to_be_hard_are_no_slice_unless_asked_for()
    {
        var (table, y, p) = Make(7, 3000, (age, _, _) => age > 50 ? 0.4 : 0.05, honest: true);
        SliceFinder.Find(table, Specs, y, p).ShouldBeEmpty();
        SliceFinder.Find(table, Specs, y, p, new SliceOptions { AgainstConfidence = false }).ShouldHaveSingleItem().Text.ShouldStartWith("age > ");
    }

    [Fact]
    public void Numbers_have_weak_slices_too()
    {
        var random = new Random(8);
        var (table, _, _) = Make(8, 3000, (_, _, _) => 0);
        var towns = (TextColumn)table["town"];
        var answers = Enumerable.Range(0, 3000).Select(_ => 10 * random.NextDouble()).ToArray();
        var said = answers.Select((answer, row) => answer + (random.NextDouble() - 0.5) * (towns[row] == "Bern" ? 8 : 1)).ToArray();
        SliceFinder.Find(table, Specs, Target.Regression(answers), new Predictions(TaskKind.Regression, 1, said)).ShouldHaveSingleItem().Text.ShouldBe("town = Bern");
    }

    [Fact]
    public void Rows_that_do_not_match_are_refused()
    {
        var (table, y, p) = Make(9, 100, (_, _, _) => 0.1);
        Should.Throw<ArgumentException>(() => SliceFinder.Find(table, Specs, y.Take([0, 1]), p));
    }

    private static (Table Table, Target Answers, Predictions Predictions) Make(int seed, int rows, Func<double, string, string, double> errorRate, bool honest = false)
    {
        var random = new Random(seed);
        string[] towns = ["Rome", "Oslo", "Bern", "Kyiv", "Lima"], words = ["late", "red", "round", "cold", "heavy", "new"];
        var ages = new double[rows];
        var (town, note) = (new string[rows], new string[rows]);
        var labels = new int[rows];
        var values = new double[2 * rows];
        for (var row = 0; row < rows; row++)
        {
            (ages[row], town[row], note[row]) = (Math.Round(18 + 70 * random.NextDouble(), 1), towns[random.Next(towns.Length)], $"{words[random.Next(words.Length)]} {words[random.Next(words.Length)]}");
            var rate = errorRate(ages[row], town[row], note[row]);
            var said = random.Next(2);
            labels[row] = random.NextDouble() < rate ? 1 - said : said;
            values[2 * row + said] = honest ? 1 - rate : 0.9;
            values[2 * row + 1 - said] = 1 - values[2 * row + said];
        }

        var table = new Table("made", [new NumberColumn("age", ages), TextColumn.From("town", town), TextColumn.From("note", note)]);
        return (table, Target.Classification(labels, ["no", "yes"]), new Predictions(TaskKind.Binary, 2, values));
    }
}
