using System.Globalization;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class ColumnRolesTests
{
    private const int Rows = 200;

    private static readonly string[] Words = ["red", "green", "blue", "old", "new", "big", "small", "fast", "slow", "dark", "light"];

    [Theory]
    [InlineData("row", "i", ColumnRole.Id)]
    [InlineData("shuffled", "i*77%200", ColumnRole.Id)]
    [InlineData("half", "i*2+1000000", ColumnRole.Id)]
    [InlineData("order_id", "i*1000003", ColumnRole.Id)]
    [InlineData("customer_id", "i%40", ColumnRole.Categorical)]
    [InlineData("CustomerId", "i%40", ColumnRole.Categorical)]
    [InlineData("year", "i+1800", ColumnRole.Numeric)]
    [InlineData("cents", "i*7919%100003", ColumnRole.Numeric)]
    [InlineData("rating", "i%5+1", ColumnRole.Numeric)]
    [InlineData("pclass", "i%3+1", ColumnRole.Numeric)]
    [InlineData("zip", "i*131%90000+10000", ColumnRole.Categorical)]
    [InlineData("Postal Code", "i%50+10000", ColumnRole.Categorical)]
    [InlineData("flag", "i%2", ColumnRole.Boolean)]
    [InlineData("one", "i*0+7", ColumnRole.Constant)]
    [InlineData("paid", "i%9", ColumnRole.Numeric)]
    [InlineData("humid", "i%11", ColumnRole.Numeric)]
    public void WholeNumbers(string name, string rule, ColumnRole role)
    {
        var values = Enumerable.Range(0, Rows).Select(i => rule switch
        {
            "i" => i,
            "i*77%200" => i * 77 % 200,
            "i*2+1000000" => i * 2 + 1_000_000,
            "i*1000003" => i * 1_000_003.0,
            "i%40" => i % 40,
            "i+1800" => i + 1800,
            "i*7919%100003" => i * 7919 % 100_003,
            "i%5+1" => i % 5 + 1,
            "i%3+1" => i % 3 + 1,
            "i*131%90000+10000" => i * 131 % 90_000 + 10_000,
            "i%50+10000" => i % 50 + 10_000,
            "i%2" => i % 2,
            "i*0+7" => 7,
            "i%9" => i % 9,
            _ => i % 11,
        }).Select(value => (double)value).ToArray();
        Infer(new NumberColumn(name, values, ColumnType.Integer)).Role.ShouldBe(role);
    }

    [Fact]
    public void RealNumbersAreNeverIds()
    {
        Infer(new NumberColumn("x", [.. Enumerable.Range(0, Rows).Select(i => i + 0.5)])).Role.ShouldBe(ColumnRole.Numeric);
        Infer(new NumberColumn("x", [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? double.NaN : 3)])).Role.ShouldBe(ColumnRole.Numeric);
        Infer(new NumberColumn("x", [.. Enumerable.Repeat(double.NaN, Rows)])).Role.ShouldBe(ColumnRole.Constant);
    }

    [Theory]
    [InlineData("uuid", ColumnRole.Id)]
    [InlineData("code", ColumnRole.Id)]
    [InlineData("title", ColumnRole.Text)]
    [InlineData("surname", ColumnRole.Text)]
    [InlineData("director", ColumnRole.Categorical)]
    [InlineData("plot", ColumnRole.Text)]
    [InlineData("statement", ColumnRole.Categorical)]
    [InlineData("color", ColumnRole.Categorical)]
    [InlineData("place", ColumnRole.Categorical)]
    [InlineData("bars", ColumnRole.List)]
    [InlineData("commas", ColumnRole.List)]
    [InlineData("passenger", ColumnRole.Text)]
    [InlineData("maybe", ColumnRole.Categorical)]
    public void Text(string kind, ColumnRole role)
    {
        var random = new Random(5);
        string Word() => Words[random.Next(Words.Length)];
        var values = Enumerable.Range(0, Rows).Select(i => kind switch
        {
            "uuid" => $"{i:x8}-{random.Next():x8}-{random.Next():x8}",
            "code" => $"A{i * 37:00000}",
            "title" => $"The {Word()} {Word()} of {(char)('A' + i % 26)}{(char)('a' + i / 26)}",
            "surname" => string.Concat(Enumerable.Range(0, 6).Select(_ => (char)('a' + random.Next(26)))),
            "director" => $"{Words[i % 7]} {Words[i % 5]}son",
            "plot" => string.Join(' ', Enumerable.Range(0, 30).Select(_ => Word())),
            "statement" => string.Join(' ', Enumerable.Repeat($"I agree {Words[i % 4]}", 8)),
            "color" => Word(),
            "place" => $"{Word()} {Word()}ville, {(i % 2 == 0 ? "TX" : "CA")}",
            "bars" => string.Join('|', Words.Where(_ => random.Next(4) == 0).DefaultIfEmpty("none")),
            "commas" => string.Join(", ", Words.Where(_ => random.Next(4) == 0).DefaultIfEmpty("none").OrderBy(_ => random.Next())),
            "passenger" => $"{(char)('A' + i % 26)}{Word()}, Mr. {Word()} {(char)('a' + i / 26)}{Word()}{i % 7}",
            _ => i % 3 == 0 ? "yes" : null,
        }).ToArray();
        var spec = Infer(TextColumn.From(kind, values));
        spec.Role.ShouldBe(role);
        spec.Separator.ShouldBe(kind == "bars" ? "|" : kind == "commas" ? "," : null);
    }

    [Fact]
    public void AnOnlyFeatureIsKeptThoughItLooksLikeAnId()
    {
        var table = new Table("t", [new NumberColumn("n", [.. Enumerable.Range(0, Rows).Select(i => (double)i)], ColumnType.Integer), TextColumn.From("y", Enumerable.Range(0, Rows).Select(i => i < 100 ? "a" : "b"))]);
        ColumnRoles.Infer(table, "y")[0].Role.ShouldBe(ColumnRole.Numeric);
        ColumnRoles.Infer(table, "y", new Dictionary<string, string> { ["n"] = "id" })[0].Role.ShouldBe(ColumnRole.Id);
    }

    [Fact]
    public void OverridesHoldAndConformGivesTheirTypes()
    {
        var table = new Table("t",
        [
            new NumberColumn("zone", [1, 2, double.NaN], ColumnType.Integer),
            TextColumn.From("price", ["$1,200.50", "n.a.", "(30)"]),
            TextColumn.From("when", ["2020-01-01", "soon", null]),
            TextColumn.From("cast", ["a/b", "b", null]),
            new NumberColumn("on", [1, 0, double.NaN], ColumnType.Integer),
            TextColumn.From("skip", ["x", "y", "z"]),
        ]);
        var specs = ColumnRoles.Infer(table, null, new Dictionary<string, string>
        {
            ["zone"] = "categorical", ["price"] = "numeric", ["when"] = "date", ["cast"] = "list:/", ["on"] = "bool", ["skip"] = "drop",
        });
        specs.Select(spec => spec.Role).ShouldBe([ColumnRole.Categorical, ColumnRole.Numeric, ColumnRole.Date, ColumnRole.List, ColumnRole.Boolean, ColumnRole.Ignore]);
        specs[3].Separator.ShouldBe("/");
        var warnings = new List<string>();
        var conformed = TableSchema.Conform(table, specs, warnings);
        conformed.Columns.Select(column => column.Type).ShouldBe([ColumnType.Text, ColumnType.Real, ColumnType.Date, ColumnType.Text, ColumnType.Boolean, ColumnType.Text]);
        Enumerable.Range(0, 3).Select(conformed["zone"].Format).ShouldBe(["1", "2", null]);
        ((NumberColumn)conformed["price"]).Values.ShouldBe([1200.5, double.NaN, -30]);
        conformed["when"].Format(0).ShouldBe("2020-01-01");
        warnings.Count.ShouldBe(2);
        conformed["cast"].ShouldBeSameAs(table["cast"]);
    }

    [Fact]
    public void ConformSaysWhichColumnsAreMissing()
    {
        ColumnSpec[] specs = [new("Genre", ColumnType.Text, ColumnRole.Target), new("Budget", ColumnType.Real, ColumnRole.Numeric), new("Year", ColumnType.Integer, ColumnRole.Numeric), new("Id", ColumnType.Integer, ColumnRole.Id)];
        var table = new Table("new.csv", [new NumberColumn("budget", [1]), new NumberColumn("Year", [2])]);
        Should.Throw<DataException>(() => TableSchema.Conform(table, specs)).Message
            .ShouldBe("new.csv: a column is missing that the model was trained with: 'Budget' (is 'budget' meant for 'Budget'?)");
        TableSchema.Conform(table, specs, optional: ["Budget"]).Columns.Select(column => column.Name).ShouldBe(["Year"]);
    }

    [Fact]
    public void UnknownNamesAndRolesGetSuggestions()
    {
        var table = new Table("t", [new NumberColumn("Budget", [1, 2]), TextColumn.From("Genre", ["a", "b"])]);
        Message(() => ColumnRoles.Infer(table, "Gerne")).ShouldBe("--target 'Gerne': no such column; did you mean 'Genre'? Columns: Budget, Genre");
        Message(() => ColumnRoles.Infer(table, null, new Dictionary<string, string> { ["budgte"] = "id" })).ShouldBe("--column 'budgte': no such column; did you mean 'Budget'? Columns: Budget, Genre");
        Message(() => ColumnRoles.Infer(table, null, new Dictionary<string, string> { ["Genre"] = "catgorical" })).ShouldContain("did you mean 'categorical'? Roles: numeric,");
        Message(() => ColumnRoles.Infer(table, null, new Dictionary<string, string> { ["Genre"] = "list" })).ShouldContain("no separator is found");
        Message(() => ColumnRoles.ParseOverride("Genre")).ShouldContain("NAME=ROLE is wanted");
        Message(() => ColumnRoles.ParseOverride("Genre=text:|")).ShouldContain("only a list has a separator");
        ColumnRoles.ParseOverride("a=b=list:=").ShouldBe(KeyValuePair.Create("a=b", "list:="));
        ColumnRoles.ParseOverride("a=b=numeric").ShouldBe(KeyValuePair.Create("a=b", "numeric"));
    }

    private static ColumnSpec Infer(Column column) =>
        ColumnRoles.Infer(new Table("t", [column, new NumberColumn("other", [.. Enumerable.Range(0, Rows).Select(i => Math.Sin(i))])]), null)[0];

    private static string Message(Action action) => Should.Throw<DataException>(action).Message;
}
