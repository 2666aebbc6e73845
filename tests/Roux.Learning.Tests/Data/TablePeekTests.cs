using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

/// <summary>Looking at a few rows of files that others wrote.</summary>
public sealed class TablePeekTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-peek-tests-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Rows_come_by_the_page_as_they_are_written()
    {
        var path = Write("a*b[1].csv", "id,name\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"{i:000},\"n, {i}\"\n")));
        var page = TablePeek.Read(path, "a*b[1].csv", 10, 10, TestContext.Current.CancellationToken);
        page.Columns.Select(column => column.Name).ShouldBe(["id", "name"]);
        page.Rows[0].ShouldBe(["010", "n, 10"]);
        (page.Rows.Count, page.Count, page.HasMore).ShouldBe((10, 25, true));
        TablePeek.Read(path, "x.csv", 20, 10, TestContext.Current.CancellationToken).HasMore.ShouldBeFalse();
    }

    [Fact]
    public void A_name_with_a_quote_stays_a_name_and_a_value_a_value()
    {
        var path = Write("o'clock.jsonl", """{"a": 1, "read": "read_csv('/etc/passwd')"}""" + "\n");
        TablePeek.Read(path, "o'clock.jsonl", 0, 5, TestContext.Current.CancellationToken).Rows[0][1].ShouldBe("read_csv('/etc/passwd')");
    }

    [Theory]
    [InlineData("x.parquet", "no parquet")]
    [InlineData("x.csv.gz", "not packed")]
    [InlineData("x.jsonl", "\u0000\u0001")]
    public void A_broken_file_is_told_by_its_own_name(string name, string text)
    {
        var path = Write(name, text);
        var told = Record.Exception(() => TablePeek.Read(path, name, 0, 5, TestContext.Current.CancellationToken));
        if (told is not null)
        {
            told.ShouldBeOfType<DataException>().Message.ShouldStartWith(name);
            told.Message.ShouldNotContain("roux-peek-");
        }
    }

    [Fact]
    public void What_is_no_table_by_its_name_is_refused() =>
        Should.Throw<DataException>(() => TablePeek.Read(Write("x.txt", "a"), "x.txt", 0, 5, TestContext.Current.CancellationToken)).Message.ShouldContain(".parquet");

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
