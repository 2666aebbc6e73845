using System.IO.Compression;
using System.Text;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

/// <summary>Bad input gets one clear line that says what was given and what to do.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AMissingFileSuggestsTheNearestName()
    {
        folder.Write("movies.csv", "a\n1\n");
        Message(folder["movie.csv"]).ShouldBe($"{folder["movie.csv"]}: no such file; did you mean 'movies.csv'?");
        Message(folder["other-thing.parquet"]).ShouldBe($"{folder["other-thing.parquet"]}: no such file; the folder holds movies.csv");
        Message(folder["no/such.csv"]).ShouldContain("there is no folder");
        Message("").ShouldContain("no file is named");
    }

    [Fact]
    public void AFolderIsNoFile()
    {
        folder.Write("movies.csv", "a\n1\n");
        Message(folder.Path).ShouldBe($"{folder.Path}: is a folder; name a file in it, such as movies.csv");
    }

    [Theory]
    [InlineData("", "the file is empty (0 bytes)")]
    [InlineData("\n\n\n", "nothing but blank lines")]
    [InlineData("a,b,c\n", "has a header (3 columns) but no rows")]
    [InlineData("a,b,c", "has a header (3 columns) but no rows")]
    [InlineData("a,b\n1,2\n3\n", "line 3 has 1 field, the header has 2")]
    [InlineData("a,b\n1,2\n\"x\ny\",2\n1,2,3\n", "line 5 has 3 fields, the header has 2")]
    [InlineData("a,b\n1,2\n3,\"open\n4,5\n", "line 3: a quote is opened and never closed")]
    [InlineData("a,b,a,c,b\n1,2,3,4,5\n", "duplicate column names: 'a' (columns 1 and 3), 'b' (columns 2 and 5); rename them in the header")]
    [InlineData("1,1,0\n1,2,3\n", "the first line holds numbers only: add a header line")]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>", "is a web page")]
    [InlineData("%PDF-1.7 xxxx", "is a PDF document")]
    public void BadCsv(string text, string expected) => Message(folder.Write("data.csv", text)).ShouldContain(expected);

    [Theory]
    [InlineData("data.json", "[{\"a\": 1}, {\"a\": ", "is no valid JSON at line 1 (1 rows were read before)")]
    [InlineData("data.jsonl", "{\"a\": 1}\n{\"a\": 2}\nnonsense\n", "is no valid JSON at line 3")]
    [InlineData("data.json", "[1, 2, 3]", "value 1 is a number; a table is an array of objects")]
    [InlineData("data.json", "[]", "holds no rows")]
    [InlineData("data.json", "[{}, {}]", "its objects are empty")]
    [InlineData("data.json", "[{\"a\": \"\\ud800\"}]", "half a character pair")]
    [InlineData("data.parquet", "this is no parquet", "is named Parquet but does not begin like a Parquet file")]
    [InlineData("data.parquet", "PAR1 and then nothing of use PAR1", "cannot be read as Parquet")]
    [InlineData("data.sqlite", "this is no database", "neither a DuckDB nor an SQLite file")]
    public void OtherBadFiles(string name, string text, string expected) => Message(folder.Write(name, text)).ShouldContain(expected);

    [Fact]
    public void BinaryJunkIsToldFromText()
    {
        var junk = new byte[10_000];
        new Random(1).NextBytes(junk);
        Message(folder.Write("junk.csv", junk)).ShouldContain("looks like a binary file");
        Message(folder.Write("book.xlsx", [0x50, 0x4B, 3, 4, .. junk])).ShouldContain("is an Excel workbook; save the sheet as CSV");
        Message(folder.Write("pack.csv", [0x50, 0x4B, 3, 4, .. junk])).ShouldContain("is a zip archive");
    }

    [Fact]
    public void BrokenCompressionIsSaid()
    {
        var whole = Gzip("a,b\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i * 7919 % 10007}\n")));
        Message(folder.Write("broken.csv.gz", [.. whole[..10], .. new byte[300]])).ShouldContain("is broken or cut off");
        var damaged = whole.ToArray();
        damaged[damaged.Length / 2] ^= 0xFF;
        damaged[damaged.Length / 2 + 1] ^= 0xFF;
        Should.Throw<DataException>(() => Reading.Read(folder.Write("damaged.csv.gz", damaged)));
        Message(folder.Write("cut.csv.gz", whole[..(whole.Length / 2)])).ShouldContain("is broken or cut off");
        Message(folder.Write("cut.csv.gz", whole[..^1])).ShouldContain("is broken or cut off");
        Message(folder.Write("twice-cut.csv.gz", [.. whole, .. whole[..(whole.Length / 3)]])).ShouldContain("is broken or cut off");
        var twice = folder.Write("twice.csv.gz", [.. whole, .. Gzip("1,2\n")]);
        Reading.Read(twice).Table.RowCount.ShouldBe(100_001);
        Message(folder.Write("broken.csv.zst", [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3, 4, 5, 6, 7, 8])).ShouldContain("is broken or cut off");
    }

    [Fact]
    public void AFileWithoutLineBreaksIsRefusedQuicklyAndWithLittleMemory()
    {
        // Sparse, so that two gigabytes take no room: NULs would be told as binary, hence a head of text.
        var path = folder["line.csv"];
        using (var stream = File.Create(path))
        {
            stream.Write(Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Repeat("value", 20_000))));
            stream.SetLength(2L << 30);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Message(path).ShouldContain("line 1 is longer than 64 MB");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(400L << 20);
    }

    [Fact]
    public void AnUnreadableFileIsSaid()
    {
        var path = folder.Write("secret.csv", "a\n1\n");
        Assert.SkipWhen(Environment.UserName == "root", "root may read every file");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.None);
        Message(path).ShouldContain("no permission to read it");
    }

    [Fact]
    public void DatabaseOptionsNeedADatabase()
    {
        var path = folder.Write("data.csv", "a\n1\n");
        Should.Throw<DataException>(() => Reading.Read(path, new ReadOptions { Sql = "SELECT 1" })).Message.ShouldContain("are for DuckDB and SQLite files");
    }

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }

    private static string Message(string path)
    {
        var message = Should.Throw<DataException>(() => Reading.Read(path)).Message;
        message.ShouldNotContain("\n");
        return message;
    }
}
