using Roux.Debugging.Checks.Data;
using Roux.Debugging.Checks.Text;
using Roux.Debugging.Tests.BugBank;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Checks;

/// <summary>Fingerprints of rows and texts.</summary>
public sealed class CopiesTests
{
    [Fact]
    public void Copies_are_told_from_coincidence()
    {
        var random = new Random(1);
        var coarse = new Table("coarse", [.. Enumerable.Range(0, 5).Select(i => new NumberColumn($"x{i}", MadeTables.Numbers(2000, _ => random.Next(5))))]);
        var fine = MadeTables.Mixed(1);
        fine = fine.Above(fine.Take(fine.Some(1, 0.05)));
        ShareOf(coarse).ShouldBeLessThan(0.35);
        ShareOf(fine).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Rows_of_two_tables_have_one_fingerprint_when_they_read_the_same()
    {
        var a = new Table("a", [TextColumn.From("t", ["x", "y", null]), new NumberColumn("n", [0.0, 1, double.NaN])]);
        var b = new Table("b", [new NumberColumn("n", [double.NaN, -0.0]), TextColumn.From("t", [null, "x"])]);
        var (left, right) = (RowPrints.Of(a, ["t", "n"]), RowPrints.Of(b, ["n", "t"]));
        left[0].ShouldBe(right[1]);
        left[2].ShouldBe(right[0]);
        left[1].ShouldNotBe(left[0]);
        RowPrints.Without(left, a["t"]).ShouldBe(RowPrints.Of(a, ["n"]));
    }

    [Fact]
    public void Texts_that_share_most_runs_of_words_are_found()
    {
        var texts = MadeTexts.Articles(1, 200);
        var column = (TextColumn)texts["text"];
        var all = Enumerable.Range(0, 200).Select(row => MinHash.Of(column[row]!)).Append(MinHash.Of(column[40] + " And one more thing.")).ToArray();
        var nearest = MinHash.Nearest(all, null, 0.6);
        nearest[200].ShouldBe(40);
        nearest.Take(200).ShouldAllBe(other => other < 0);
    }

    private static double ShareOf(Table table)
    {
        var columns = table.Columns.Where(column => column.Name != "y").Select(column => new ColumnSpec(column.Name, column.Type, ColumnRole.Numeric)).ToArray();
        return Copies.Share(table, RowPrints.Of(table, columns.Select(column => column.Name)), columns);
    }
}
