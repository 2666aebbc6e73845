using System.Globalization;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class TargetBuilderTests
{
    [Theory]
    [InlineData("yes no yes no", TaskKind.Binary, "no yes")]
    [InlineData("1 0 1 0", TaskKind.Binary, "0 1")]
    [InlineData("1.5 0.5 1.5 0.5", TaskKind.Binary, "0.5 1.5")]
    [InlineData("0 1 2 0 1 2", TaskKind.Multiclass, "0 1 2")]
    [InlineData("0 1 2 3 4 5 6 7 8 9 10 0 1 2 3 4 5 6 7 8 9 10", TaskKind.Multiclass, "0 1 2 3 4 5 6 7 8 9 10")]
    [InlineData("3 4 5 6 7 8 9 3 4 5", TaskKind.Regression, "")]
    [InlineData("1 2 3 4 5 1 2 3", TaskKind.Regression, "")]
    [InlineData("0 1 3 0 1 3", TaskKind.Regression, "")]
    [InlineData("0.1 0.2 0.3 0.4", TaskKind.Regression, "")]
    [InlineData("b a c b a c", TaskKind.Multiclass, "a b c")]
    [InlineData("true false true false", TaskKind.Binary, "false true")]
    public void TheTaskIsFound(string values, TaskKind task, string classes)
    {
        var (target, _, _) = TargetBuilder.Build(Table(values.Split(' ')), "y");
        target.Task.ShouldBe(task);
        target.Classes.ShouldBe(classes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void TheTaskCanBeGiven()
    {
        var table = Table("3 4 5 3 4 5 10 10".Split(' '));
        TargetBuilder.Build(table, "y", TaskKind.Multiclass).Target.Classes.ShouldBe(["3", "4", "5", "10"]);
        TargetBuilder.Build(Table("0 1 0 1".Split(' ')), "y", TaskKind.Regression).Target.Values.ShouldBe([0, 1, 0, 1]);
        Message(() => TargetBuilder.Build(table, "y", TaskKind.Binary)).ShouldBe("--target 'y': has 4 classes, and a binary task has two; use --task multiclass");
        Message(() => TargetBuilder.Build(Table("a b a b".Split(' ')), "y", TaskKind.Regression)).ShouldContain("values such as 'a' are no numbers, and regression needs numbers");
        TargetBuilder.Build(new Table("t", [TextColumn.From("y", ["1,200", "$5", "7"])]), "y", TaskKind.Regression).Target.Values.ShouldBe([1200, 5, 7]);
    }

    [Fact]
    public void RowsWithoutAnswerAreLeftOut()
    {
        var (target, rows, notes) = TargetBuilder.Build(new Table("t", [TextColumn.From("y", ["a", null, "b", "a", null, "b"])]), "y");
        rows.ShouldBe([0, 2, 3, 5]);
        target.Labels.ShouldBe([0, 1, 0, 1]);
        notes.ShouldBe(["2 rows of 6 left out: target 'y' is missing there"]);
    }

    [Fact]
    public void AClassOfOneRowIsLeftOut()
    {
        var (target, rows, notes) = TargetBuilder.Build(Table("a b lone a b a".Split(' ')), "y");
        target.Classes.ShouldBe(["a", "b"]);
        rows.ShouldBe([0, 1, 3, 4, 5]);
        notes.ShouldHaveSingleItem().ShouldBe("1 row left out: its class has no other row, and a class cannot be both learned and tested from one ('lone')");
        Message(() => TargetBuilder.Build(Table("a a a lone".Split(' ')), "y")).ShouldContain("only the class 'a' has two rows or more");
        Message(() => TargetBuilder.Build(Table("a b".Split(' ')), "y")).ShouldContain("no class has two rows or more");
    }

    [Fact]
    public void HopelessTargetsAreRefused()
    {
        Message(() => TargetBuilder.Build(Table("a a a".Split(' ')), "y")).ShouldBe("--target 'y': every row has the same class 'a', so there is nothing to tell apart; choose another column");
        Message(() => TargetBuilder.Build(Table("5 5 5".Split(' ')), "y")).ShouldContain("every row has the same class '5'");
        Message(() => TargetBuilder.Build(Table("5 5 5".Split(' ')), "y", TaskKind.Regression)).ShouldContain("every row has the answer 5");
        Message(() => TargetBuilder.Build(new Table("t", [TextColumn.From("y", [null, null])]), "y")).ShouldBe("--target 'y': every value is missing, so there is nothing to learn; choose another column");
        Message(() => TargetBuilder.Build(Table(Enumerable.Range(0, 100).Select(i => $"name{i}")), "y")).ShouldBe("--target 'y': 100 classes in 100 rows: it looks like an id or free text; choose another column");
        Message(() => TargetBuilder.Build(Table(Enumerable.Range(0, 100).Select(i => $"{i}.25")), "y", TaskKind.Multiclass)).ShouldBe("--target 'y': 100 classes in 100 rows: it looks like a number; use --task regression or choose another column");
        Message(() => TargetBuilder.Build(Table("a b a b".Split(' ')), "z")).ShouldContain("--target 'z': no such column");
        Message(() => TargetBuilder.Build(new Table("t", [new DateColumn("y", [1, 2])]), "y")).ShouldContain("is a column of dates");
    }

    [Fact]
    public void ListsAreSeveralLabels()
    {
        var cells = Enumerable.Range(0, 30).Select(i => (i % 4) switch { 0 => "a|b", 1 => "b", 2 => "c|a", _ => "a|b|c" }).ToArray();
        cells[7] = "lone|b";
        var (target, rows, notes) = TargetBuilder.Build(Table(cells), "y");
        target.Task.ShouldBe(TaskKind.Multilabel);
        target.Classes.ShouldBe(["a", "b", "c"]);
        rows.Length.ShouldBe(30);
        target.Indicators[..12].ShouldBe([true, true, false, false, true, false, true, false, true, true, true, true]);
        notes.Count.ShouldBe(2);
        notes[1].ShouldBe("1 label left out, being on one row only or on all: 'lone'");
        TargetBuilder.Build(Table(cells), "y", TaskKind.Multiclass).Target.Classes.ShouldBe(["a|b", "a|b|c", "b", "c|a"]);
        TargetBuilder.Build(Table("a/b a b/a b".Split(' ')), "y", separator: "/").Target.Classes.ShouldBe(["a", "b"]);
        Message(() => TargetBuilder.Build(Table("a b a b".Split(' ')), "y", TaskKind.Multilabel)).ShouldContain("no separator of labels is found");
        Message(() => TargetBuilder.Build(Table("a b a b".Split(' ')), "y", TaskKind.Binary, "/")).ShouldContain("a separator is for several labels per row");
    }

    /// <summary>A table whose only column is typed as the reader would type it.</summary>
    private static Table Table(IEnumerable<string> values)
    {
        using var folder = new TemporaryFolder();
        return Reading.Read(folder.Write("t.csv", "y\n" + string.Join('\n', values) + "\n")).Table;
    }

    private static string Message(Action action) => Should.Throw<DataException>(action).Message;
}
