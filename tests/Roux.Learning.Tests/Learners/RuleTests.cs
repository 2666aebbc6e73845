using Roux.Learning.Data;
using Roux.Learning.Learners.Rules;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class RuleTests
{
    private static readonly string[] Genres = ["Adventure", "Drama", "Horror"];

    private static Table Films { get; } = new("films",
    [
        TextColumn.From("Title", ["Space Ship", "A space odyssey", "Scream", null, "Shipping \"news\""]),
        new NumberColumn("Year", [1999, 1968, 1996, 2001, double.NaN], ColumnType.Integer),
        new NumberColumn("US Gross", [1.5, 2.5, 3.5, double.NaN, 5.5]),
        new NumberColumn("Good", [1, 1, 0, double.NaN, 0], ColumnType.Boolean),
        new DateColumn("Released", [.. Enumerable.Range(1, 5).Select(month => new DateTime(2000, month, 1, 0, 0, 0, DateTimeKind.Utc).Ticks)]),
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int[] Match(params string[] conditions) => new RuleSet([.. conditions.Select(condition => new Rule(condition, "Adventure")), new Rule(null, "Drama")]).Match(Films, Cancel);

    [Fact]
    public void The_first_rule_that_holds_decides()
    {
        var rules = RuleSet.Parse("""
            [{"if": "\"Title\" ILIKE '%space%' AND \"Title\" ILIKE '%ship%'", "then": "Adventure"},
             {"if": "\"Title\" ILIKE '%s%'", "then": "Horror"},
             {"else": "Drama"}]
            """);
        rules.Match(Films, Cancel).ShouldBe([0, 1, 1, 2, 1]);
        rules.Coverage(Films, Cancel).ShouldBe([1, 3, 1]);
        var predictions = rules.Predict(Films, TaskKind.Multiclass, Genres, Cancel);
        predictions.Labels().ShouldBe([0, 2, 2, 1, 2]);
        predictions.Row(0).ToArray().ShouldBe([1, 0, 0]);
    }

    [Fact]
    public void Conditions_see_numbers_truth_values_and_dates_as_such()
    {
        Match("Year >= 1996 AND Year % 2 = 1").ShouldBe([0, 1, 1, 0, 1]);
        Match("\"US Gross\" > 2").ShouldBe([1, 0, 0, 1, 0]);
        Match("Good").ShouldBe([0, 0, 1, 1, 1]);
        Match("month(Released) = 3 OR extract(day FROM Released) = 2").ShouldBe([1, 1, 0, 1, 1]);
        Match("Title IS NULL -- comments are fine").ShouldBe([1, 1, 1, 0, 1]);
        Match("list_contains(list_transform(['scream'], word -> upper(word)), upper(Title))").ShouldBe([1, 1, 0, 1, 1]);
        Match("true").ShouldBe([0, 0, 0, 0, 0]);
        Match("title = 'Scream'").ShouldBe([1, 1, 0, 1, 1]);
    }

    [Fact]
    public void Rules_answer_numbers_too()
    {
        var rules = RuleSet.Parse("""[{"if": "Year > 1998", "then": 7.5}, {"else": "-1"}]""");
        rules.Predict(Films, TaskKind.Regression, [], Cancel).Values.ShouldBe([7.5, -1, -1, 7.5, -1]);
        Should.Throw<RuleException>(() => rules.Predict(Films, TaskKind.Multiclass, Genres, Cancel)).Message.ShouldContain("rule 1 answers '7.5', which is not a class of the target; classes: Adventure, Drama, Horror");
    }

    [Theory]
    [InlineData("Year > ")]
    [InlineData("true) AS a, (false")]
    [InlineData("1=1) FROM rows_of_the_table; DROP TABLE rows_of_the_table; SELECT (1=1")]
    [InlineData("true; SELECT 1")]
    [InlineData("Year IN (SELECT 1999)")]
    [InlineData("EXISTS (VALUES (1))")]
    [InlineData("(FROM rows_of_the_table) IS NULL")]
    [InlineData("EXISTS (FROM read_csv('/etc/passwd'))")]
    [InlineData("true) FROM rows_of_the_table UNION ALL SELECT (true")]
    [InlineData("row_number() OVER () > 1")]
    [InlineData("random() > 0.5")]
    [InlineData("COLUMNS(*) IS NULL")]
    [InlineData("true) FROM rows_of_the_table /*")]
    [InlineData("")]
    [InlineData("true\0")]
    [InlineData("'")]
    public void What_is_more_than_an_expression_is_refused_at_once(string condition) =>
        Should.Throw<RuleException>(() => new RuleSet([new Rule("true", "a"), new Rule(condition, "a"), new Rule(null, "b")])).Message.ShouldStartWith("rule 2 (if ");

    [Fact]
    public void Errors_on_the_data_name_the_rule_and_the_columns()
    {
        var unknown = Should.Throw<RuleException>(() => Match("true", "Titel = 'x'")).Message;
        unknown.ShouldStartWith("rule 2 (if Titel = 'x'): ");
        unknown.ShouldContain("Titel");
        unknown.ShouldContain("Columns: Title, Year, US Gross");
        Should.Throw<RuleException>(() => Match("Year")).Message.ShouldContain("not true or false");
        Should.Throw<RuleException>(() => Match("sum(Year) > 1")).Message.ShouldContain("aggregates are not allowed");
        Should.Throw<RuleException>(() => Match("error('no') IS NULL")).Message.ShouldStartWith("rule 1 ");
        Should.Throw<RuleException>(() => Match("read_text('/etc/passwd') IS NULL"));
        Should.Throw<RuleException>(() => Match("CAST(Title AS INTEGER) > 1")).Message.ShouldStartWith("rule 1 ");
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}", "JSON list")]
    [InlineData("[]", "last rule")]
    [InlineData("""[{"if": "true", "then": "a"}]""", "last rule")]
    [InlineData("""[{"else": "a"}, {"else": "b"}]""", "rule 1 is an else")]
    [InlineData("""[{"if": "true"}, {"else": "b"}]""", "rule 1 is {\"if\":\"true\"}")]
    [InlineData("""[{"if": 3, "then": "a"}, {"else": "b"}]""", "rule 1 is")]
    [InlineData("""[null, {"else": "b"}]""", "rule 1 is null")]
    public void A_wrong_file_says_what_is_wrong(string json, string message) =>
        Should.Throw<RuleException>(() => RuleSet.Parse(json)).Message.ShouldContain(message);

    [Fact]
    public void A_file_is_named_in_the_error()
    {
        Should.Throw<RuleException>(() => RuleSet.Load("nowhere.json")).Message.ShouldContain("nowhere.json");
        var path = Path.Combine(Path.GetTempPath(), $"roux-rules-{Environment.ProcessId}.json");
        try
        {
            File.WriteAllText(path, """[{"if": "Year > 2000", "then": "new"}, {"else": "old"},]""");
            RuleSet.Load(path).Match(Films, Cancel).ShouldBe([1, 1, 1, 0, 1]);
            File.WriteAllText(path, "[");
            Should.Throw<RuleException>(() => RuleSet.Load(path)).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Order_is_kept_over_many_rows()
    {
        var table = new Table("many", [new NumberColumn("i", [.. Enumerable.Range(0, 300_000).Select(i => (double)i)], ColumnType.Integer)]);
        var matched = new RuleSet([new Rule("i % 7 = 3", "a"), new Rule(null, "b")]).Match(table, Cancel);
        for (var i = 0; i < matched.Length; i++)
        {
            if (matched[i] != (i % 7 == 3 ? 0 : 1))
            {
                Assert.Fail($"row {i}");
            }
        }
    }
}
