using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Tests;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class ProfileTests
{
    [Fact]
    public void NumbersAreSummedUp()
    {
        var column = Single(new NumberColumn("x", [1, 2, 3, 4, 100, double.NaN, 0, 2]));
        column.Missing.ShouldBe(1);
        column.Distinct.ShouldBe(6);
        column.Top[0].ShouldBe(new ValueCount("2", 2));
        var numbers = column.Numbers!;
        numbers.Min.ShouldBe(0);
        numbers.Q25.ShouldBe(1.5);
        numbers.Median.ShouldBe(2);
        numbers.Q75.ShouldBe(3.5);
        numbers.Q95.ShouldBe(71.2, 1e-12);
        numbers.Max.ShouldBe(100);
        numbers.Mean.ShouldBe(16, 1e-12);

        // Deviations -15, -14, -13, -12, 84, -16, -14: squares sum to 8242.
        numbers.Std.ShouldBe(Math.Sqrt(8242 / 6.0), 1e-9);
        numbers.Zeros.ShouldBe(1);
        numbers.Outliers.ShouldBe(1);
        column.Histogram!.Counts.Sum().ShouldBe(7);
        column.Histogram.Counts[0].ShouldBe(6);
        column.Histogram.Counts[^1].ShouldBe(1);
    }

    [Fact]
    public void HugeNumbersDoNotOverflow()
    {
        var numbers = Single(new NumberColumn("x", [1.5e308, 1.5e308, 1.4e308])).Numbers!;
        numbers.Mean.ShouldBe(1.5e308 / 3 * 2 + 1.4e308 / 3, 1e295);
        Profile.Of(new Table("t", [new NumberColumn("x", [-1.7e308, 1.7e308, 0])]), [new ColumnSpec("x", ColumnType.Real, ColumnRole.Numeric)]).ToJson().ToJsonString().ShouldContain("\"x\"");
    }

    [Fact]
    public void TextAndDatesAreSummedUp()
    {
        var text = Single(TextColumn.From("t", ["b", "a a", "b", null, "a a", "b"]), ColumnRole.Categorical);
        text.Missing.ShouldBe(1);
        text.Distinct.ShouldBe(2);
        text.Top.ShouldBe([new ValueCount("b", 3), new ValueCount("a a", 2)]);
        text.Text.ShouldBe(new TextSummary(2, 3, 1.5));
        var dates = Single(new DateColumn("d", [new DateTime(2020, 1, 1).Ticks, DateColumn.Missing, new DateTime(1999, 12, 31).Ticks]), ColumnRole.Date);
        dates.Dates.ShouldBe(new DateSummary("1999-12-31", "2020-01-01"));
        dates.Missing.ShouldBe(1);
    }

    [Fact]
    public void AssociationsAreThoseOfTheBooks()
    {
        // Anscombe's first quartet (1973).
        double[] x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        Association.Pearson(x, y).ShouldBe(0.81642051634484, 1e-12);
        Association.Ranks([3, 1, 3, 2, 3]).ShouldBe([4, 1, 4, 2, 4]);
        Association.Pearson(Association.Ranks(x), Association.Ranks(y)).ShouldBe(1 - 6 * 40.0 / (11 * 120), 1e-12);

        // Pearson's example of algebra, geometry and statistics scores: eta² = 6780 / 9640.
        double[] scores = [45, 70, 29, 15, 21, 40, 20, 30, 42, 65, 95, 80, 70, 85, 73];
        int[] subjects = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2];
        Association.CorrelationRatio(subjects, 3, scores).ShouldBe(Math.Sqrt(6780.0 / 9640), 1e-12);

        // A 2 x 2 table of 30 20 / 10 40: chi² = 100 (30·40 - 20·10)² / (50·50·40·60) = 16.666….
        int[] counts = [30, 20, 10, 40];
        var phi = 100 * 1000.0 * 1000 / (50.0 * 50 * 40 * 60) / 100 - 1.0 / 99;
        Association.CramersV(counts, 2, 2).ShouldBe(Math.Sqrt(phi / (2 - 1.0 / 99 - 1)), 1e-12);
        var information = new[] { (30, 50, 40), (20, 50, 60), (10, 50, 40), (40, 50, 60) }.Sum(cell => cell.Item1 / 100.0 * Math.Log(cell.Item1 * 100.0 / (cell.Item2 * cell.Item3)));
        Association.MutualInformation(counts, 2, 2).ShouldBe(information, 1e-12);

        // The zero rule is right 60 times, the levels 30 + 40 = 70 times: a quarter of the errors goes away.
        Association.ClassSkill(counts, 2, 2).ShouldBe(0.25, 1e-12);
        Association.ClassSkill([5, 0, 0, 5], 2, 2).ShouldBe(1);
        Association.ClassSkill([1, 0, 1, 0, 0, 1, 0, 1], 4, 2).ShouldBe(0);
        Association.ValueSkill([0, 0, 1, 1], 2, [1, 1, 5, 5]).ShouldBe(1);
        Association.ValueSkill([0, 1, 2, 3], 4, [1, 2, 3, 4]).ShouldBe(0);
    }

    [Fact]
    public void CorrelationsUseThePairsThatAreComplete()
    {
        var table = new Table("t", [new NumberColumn("a", [1, 2, 3, 4, double.NaN]), new NumberColumn("b", [2, double.NaN, 6, 9, 100]), new NumberColumn("c", [5, 4, 3, 2, 1])]);
        var matrix = Profile.Of(table, Specs(table)).Correlations!;
        matrix.Names.ShouldBe(["a", "b", "c"]);
        matrix.Pearson[0][1].ShouldBe(Association.Pearson([1, 3, 4], [2, 6, 9]), 1e-12);
        matrix.Spearman[1][0].ShouldBe(1, 1e-12);
        matrix.Spearman[0][2].ShouldBe(-1, 1e-12);
        matrix.Pearson[1][1].ShouldBe(1);
    }

    [Fact]
    public void DuplicatesAndConflictsAreCounted()
    {
        var table = new Table("t",
        [
            new NumberColumn("id", [1, 2, 3, 4, 5, 6], ColumnType.Integer),
            new NumberColumn("x", [1, 1, 1, 2, double.NaN, double.NaN]),
            TextColumn.From("s", ["a", "a", "a", "a", null, null]),
            TextColumn.From("y", ["p", "p", "q", "q", "p", "p"]),
        ]);
        ColumnSpec[] specs = [new("id", ColumnType.Integer, ColumnRole.Id), new("x", ColumnType.Real, ColumnRole.Numeric), new("s", ColumnType.Text, ColumnRole.Categorical), new("y", ColumnType.Text, ColumnRole.Target)];
        var profile = Profile.Of(table, specs, TargetBuilder.Build(table, "y").Target);
        profile.DuplicateRows.ShouldBe(2);
        profile.ConflictingRows.ShouldBe(3);
        Find(profile, "conflicting-labels").Severity.ShouldBe(Severity.Medium);
        Find(profile, "id-like-columns").Columns.ShouldBe(["id"]);
    }

    [Fact]
    public void ALeakIsFoundAndAnIdIsNone()
    {
        var table = Titanic();
        var specs = ColumnRoles.Infer(table, "survived");
        var profile = Profile.Of(table, specs, TargetBuilder.Build(table, "survived").Target);
        var leak = profile.Findings.Where(finding => finding.Check == "suspected-leak").ShouldHaveSingleItem();
        leak.Columns.ShouldBe(["alive"]);
        leak.Severity.ShouldBe(Severity.High);
        profile.Findings[0].ShouldBe(leak);
        profile.Columns.Single(column => column.Name == "alive").Target!.Skill.ShouldBe(1);
        profile.Columns.Single(column => column.Name == "fare").Target!.Skill.ShouldBeInRange(0, 0.4);
        Find(profile, "mostly-missing").Columns.ShouldBe(["deck"]);
    }

    [Theory]
    [InlineData("adult", "income")]
    [InlineData("diamonds", "price")]
    [InlineData("penguins", "species")]
    [InlineData("sonar", "label")]
    [InlineData("wine-white", "quality")]
    [InlineData("digits", "target")]
    [InlineData("movie-plots", "genre")]
    public void HonestTablesHaveNoHighFindings(string set, string target)
    {
        var table = TableReader.Read(SharedData.Path($"data/{set}/train.csv"), ct: TestContext.Current.CancellationToken).Table;
        var specs = ColumnRoles.Infer(table, target, set == "movie-plots" ? new Dictionary<string, string> { ["genres"] = "ignore" } : null);
        var profile = Profile.Of(table, specs, TargetBuilder.Build(table, target).Target, ct: TestContext.Current.CancellationToken);
        profile.Findings.ShouldAllBe(finding => finding.Severity < Severity.High);
        profile.Columns.Count.ShouldBe(table.Columns.Count);
        profile.ToJson()["columns"]!.AsArray().Count.ShouldBe(table.Columns.Count);
        profile.Findings.ShouldNotContain(finding => finding.Check == "inconsistent-spelling");
    }

    [Fact]
    public void RepeatedWinesAreFound()
    {
        string[] files = ["train.csv", "test.csv"];
        var tables = files.Select(file => Reading.Read(SharedData.Path($"data/wine-white/{file}")).Table).ToArray();
        var both = new Table("wine", [.. tables[0].Columns.Select(column => new NumberColumn(column.Name, [.. ((NumberColumn)column).Values, .. ((NumberColumn)tables[1][column.Name]).Values]))]);
        var profile = Profile.Of(both, Specs(both));
        profile.DuplicateRows.ShouldBe(937);
        Find(profile, "duplicated-rows").Severity.ShouldBe(Severity.Medium);
    }

    [Fact]
    public void MixedSpellingsAndRareClassesAreFound()
    {
        var values = Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "New York" : i % 3 == 1 ? "new york" : "Boston").ToArray();
        var table = new Table("t", [TextColumn.From("city", values), TextColumn.From("y", Enumerable.Range(0, 300).Select(i => i < 3 ? "rare" : "common"))]);
        var profile = Profile.Of(table, ColumnRoles.Infer(table, "y"), TargetBuilder.Build(table, "y").Target);
        Find(profile, "inconsistent-spelling").Message.ShouldContain("'New York', 'new york'");
        Find(profile, "class-imbalance").Message.ShouldBe("A class is rare: rare (3); the largest has 297 rows");
    }

    [Fact]
    public void ATargetOfSomeRowsIsCompared()
    {
        var table = new Table("t", [new NumberColumn("x", [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 7.0 : i % 2)]), TextColumn.From("y", Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? null : i % 2 == 0 ? "a" : "b"))]);
        var (target, rows, _) = TargetBuilder.Build(table, "y");
        var profile = Profile.Of(table, ColumnRoles.Infer(table, "y"), target, rows);
        profile.Columns[0].Target!.Skill.ShouldBe(1);
        Find(profile, "missing-target").Message.ShouldBe("20 rows (10%) have no answer in 'y' and cannot be learned from");
        Should.Throw<ArgumentException>(() => Profile.Of(table, ColumnRoles.Infer(table, "y"), target));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void LongAndWideTablesAreProfiledOnSamplesAndTopColumns()
    {
        var random = new Random(3);
        var tall = new Table("long", [.. Enumerable.Range(0, 30).Select(c => new NumberColumn($"c{c}", [.. Enumerable.Range(0, 300_000).Select(_ => random.NextDouble())]))]);
        var y = Target.Regression(((NumberColumn)tall.Columns[0]).Values);
        var profile = Profile.Of(tall, Specs(tall), y, ct: TestContext.Current.CancellationToken);
        profile.SampledRows.ShouldBe(100_000);
        profile.Notes.ShouldContain(note => note.Contains("100,000 rows drawn at random from 300,000"));
        profile.Columns[1].Numbers!.Median.ShouldBe(0.5, 0.01);
        profile.Columns[1].DistinctIsLowerBound.ShouldBeTrue();
        var wide = new Table("wide", [.. Enumerable.Range(0, 20_000).Select(c => new NumberColumn($"c{c}", [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())]))]);
        Profile.Of(wide, Specs(wide), Target.Classification([.. Enumerable.Range(0, 50).Select(i => i % 2)], ["a", "b"]), ct: TestContext.Current.CancellationToken).Correlations!.Names.Length.ShouldBe(30);
    }

    private static Table Titanic() => Reading.Read(SharedData.Path("data/titanic/train.csv")).Table;

    private static ColumnProfile Single(Column column, ColumnRole role = ColumnRole.Numeric) =>
        Profile.Of(new Table("t", [column]), [new ColumnSpec(column.Name, column.Type, role)]).Columns[0];

    private static ColumnSpec[] Specs(Table table) => [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, ColumnRole.Numeric))];

    private static Finding Find(DataProfile profile, string check) => profile.Findings.Single(finding => finding.Check == check);
}
