using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class TableReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TypesComeFromTheValues()
    {
        var table = Csv("""
            whole,real,word,flag,answer,day,mixed,zip,money,big,empty
            1,1.5,a,true,yes,1998-06-12,1998,02134,"1,234",9007199254740993,
            -2,2,b,False,No,2001-01-31,Jun 12 1998,10001,"2,500",1,NA
            3.0,1e3,a,TRUE,YES,,12/31/1999,90210,17,2,
            """).Table;
        Types(table).ShouldBe("whole:Integer real:Real word:Text flag:Boolean answer:Boolean day:Date mixed:Date zip:Text money:Text big:Text empty:Real");
        Values(table, "whole").ShouldBe([1, -2, 3]);
        Values(table, "real").ShouldBe([1.5, 2, 1000]);
        Values(table, "flag").ShouldBe([1, 0, 1]);
        Cells(table, "flag").ShouldBe(["true", "False", "true"]);
        Cells(table, "answer").ShouldBe(["yes", "No", "yes"]);
        Cells(table, "day").ShouldBe(["1998-06-12", "2001-01-31", null]);
        Cells(table, "mixed").ShouldBe(["1998-01-01", "1998-06-12", "1999-12-31"]);
        Cells(table, "zip").ShouldBe(["02134", "10001", "90210"]);
        Cells(table, "big").ShouldBe(["9007199254740993", "1", "2"]);
        Cells(table, "empty").ShouldBe([null, null, null]);
    }

    [Theory]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("None")]
    [InlineData("?")]
    [InlineData("")]
    [InlineData(" ? ")]
    public void MissingWordsAreMissingInNumbersAndText(string word)
    {
        var table = Csv($"n,t\n1,a\n{word},{word}\n2,b\n").Table;
        Types(table).ShouldBe("n:Integer t:Text");
        Cells(table, "n").ShouldBe(["1", null, "2"]);
        Cells(table, "t").ShouldBe(["a", null, "b"]);
    }

    [Fact]
    public void MissingWordsCanBeChosen()
    {
        var path = folder.Write("data.csv", "n,t\n1,NA\n-999,x\nNA,-999\n");
        var table = Reading.Read(path, new ReadOptions { Missing = ["-999", "NA"], MissingInText = false }).Table;
        Cells(table, "n").ShouldBe(["1", null, null]);
        Cells(table, "t").ShouldBe(["NA", "x", "-999"]);
    }

    [Fact]
    public void AWordThatComesLateMakesTheWholeColumnText()
    {
        var text = new StringBuilder("a,b,c\n");
        for (var i = 0; i < 50_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i % 7}.50,{(i == 49_999 ? "late" : $"{i}")},\n");
        }

        text.Append("x,1,\"two\nlines\"\n");
        var table = Csv(text.ToString()).Table;
        Types(table).ShouldBe("a:Text b:Text c:Text");
        table["a"].Format(0).ShouldBe("0.50");
        table["a"].Format(49_999).ShouldBe("5.50");
        table["b"].Format(123).ShouldBe("123");
        table["b"].Format(49_999).ShouldBe("late");
        table["c"].CountMissing().ShouldBe(50_000);
        ((TextColumn)table["a"]).Levels[0].ShouldBe("0.50");
    }

    [Fact]
    public void InfiniteNumbersBecomeMissingWithAWarning()
    {
        var loaded = Csv("x,y\n1,inf\n-Infinity,2\n1e999,3\n4,4\n");
        Cells(loaded.Table, "x").ShouldBe(["1", null, null, "4"]);
        Cells(loaded.Table, "y").ShouldBe([null, "2", "3", "4"]);
        loaded.Warnings.ShouldBe(["column 'x': 2 infinite numbers became missing", "column 'y': 1 infinite number became missing"]);
    }

    [Fact]
    public void DatesThatAreNoneBecomeMissingWithAWarning()
    {
        var days = string.Concat(Enumerable.Range(1, 28).Select(day => $"{day:00}/02/2003\n"));
        var loaded = Csv("when\n" + days + "soon\n");
        loaded.Table["when"].Type.ShouldBe(ColumnType.Date);
        loaded.Table["when"].Format(27).ShouldBe("2003-02-28");
        loaded.Warnings.ShouldHaveSingleItem().ShouldBe("column 'when': 1 value such as 'soon' became missing, because the others are dates");
        Csv("when\n1/2/2003\n3/4/2003\n").Warnings.ShouldHaveSingleItem().ShouldContain("read as month/day/year");
    }

    [Fact]
    public void NearlyNumericTextIsPointedOut()
    {
        var numbers = string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}\n"));
        Csv("age\n" + numbers + "old\n").Warnings.ShouldHaveSingleItem().ShouldBe("column 'age' is text because 1 value such as 'old' is no number; --column \"age=numeric\" makes them missing");
        Csv("price\n\"$1,200\"\n$30\n").Warnings.ShouldHaveSingleItem().ShouldContain("--column \"price=numeric\" reads it as numbers");
    }

    [Theory]
    [InlineData(';', "data.csv")]
    [InlineData('\t', "data.csv")]
    [InlineData('|', "data.txt")]
    [InlineData(',', "data")]
    [InlineData('\t', "data.tsv")]
    public void TheDelimiterIsFound(char delimiter, string name)
    {
        var path = folder.Write(name, "a;b\n".Replace(';', delimiter) + "1;\"x,y;z|w\tv\"\n2;two words\n".Replace("1;", $"1{delimiter}", StringComparison.Ordinal).Replace("2;", $"2{delimiter}", StringComparison.Ordinal));
        Cells(Reading.Read(path).Table, "b").ShouldBe(["x,y;z|w\tv", "two words"]);
    }

    [Theory]
    [InlineData("a,b\r\n1,x\r\n2,y")]
    [InlineData("a,b\r1,x\r2,y\r")]
    [InlineData("a,b\n\n1,x\n   \n2,y\n\n\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n")]
    [InlineData("a,b\n1,x,,\n2,y\n")]
    public void LineEndsBlankLinesAndQuotes(string text)
    {
        var table = Csv(text).Table;
        Values(table, "a").ShouldBe([1, 2]);
        Cells(table, "b").ShouldBe(["x", "y"]);
    }

    [Fact]
    public void QuotesWithinFields()
    {
        var table = Csv("a,b\n\"say \"\"hi\"\"\",5\" pipe\n\"two\r\nlines\",\"x\"tail\n\"\"\"\",\"\"\n").Table;
        Cells(table, "a").ShouldBe(["say \"hi\"", "two\r\nlines", "\""]);
        Cells(table, "b").ShouldBe(["5\" pipe", "xtail", null]);
    }

    [Fact]
    public void EncodingsAreFound()
    {
        const string Text = "name,city\nZoë,Köln\n\"Łódź\",€5\n";
        var utf8 = folder.Write("bom.csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)]);
        Cells(Reading.Read(utf8).Table, "name").ShouldBe(["Zoë", "Łódź"]);
        Reading.Read(utf8).Warnings.ShouldBeEmpty();
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var loaded = Reading.Read(folder.Write("utf16.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]));
            Cells(loaded.Table, "name").ShouldBe(["Zoë", "Łódź"]);
            loaded.Warnings.ShouldBe(["the text is UTF-16 and was decoded"]);
            Cells(Reading.Read(folder.Write("bare.csv", encoding.GetBytes("name,city\nZoë,Köln\n"))).Table, "city").ShouldBe(["Köln"]);
        }

        var latin = Reading.Read(folder.Write("latin.csv", [.. Encoding.Latin1.GetBytes("name,city\nZoë,Köln\ncaf"), 0xE9, (byte)',', 0x80, (byte)'5', (byte)'\n']));
        Cells(latin.Table, "name").ShouldBe(["Zoë", "café"]);
        Cells(latin.Table, "city").ShouldBe(["Köln", "€5"]);
        latin.Warnings.ShouldHaveSingleItem().ShouldContain("read as Latin-1");
        var json = Reading.Read(folder.Write("latin.json", Encoding.Latin1.GetBytes("[{\"name\": \"Zoë\"}]")));
        Cells(json.Table, "name").ShouldBe(["Zoë"]);
    }

    [Fact]
    public void LatinTextThatComesLateIsStillDecoded()
    {
        var lines = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i},plain\n"));
        var loaded = Reading.Read(folder.Write("late.csv", Encoding.Latin1.GetBytes("n,t\n" + lines + "1,Köln\n")));
        loaded.Table["t"].Format(30_000).ShouldBe("Köln");
        loaded.Table.RowCount.ShouldBe(30_001);
    }

    [Theory]
    [InlineData("[{\"a\": 1, \"b\": \"x\", \"c\": {\"d\": true, \"e\": [\"p\", \"q\"]}}, {\"a\": 2.5, \"c\": {\"e\": []}, \"f\": null}, {\"b\": \"y\", \"a\": null}]", "data.json")]
    [InlineData("{\"a\": 1, \"b\": \"x\", \"c\": {\"d\": true, \"e\": [\"p\", \"q\"]}}\n{\"a\": 2.5, \"c\": {\"e\": []}, \"f\": null}\n{\"b\": \"y\", \"a\": null}\n", "data.jsonl")]
    [InlineData("{\"a\": 1, \"b\": \"x\", \"c\": {\"d\": true, \"e\": [\"p\", \"q\"]}}\n{\"a\": 2.5, \"c\": {\"e\": []}, \"f\": null}\n{\"b\": \"y\", \"a\": null}\n", "data.unknown")]
    public void JsonIsRead(string text, string name)
    {
        var table = Reading.Read(folder.Write(name, text)).Table;
        Types(table).ShouldBe("a:Real b:Text c.d:Boolean c.e:Text f:Real");
        Cells(table, "a").ShouldBe(["1", "2.5", null]);
        Cells(table, "b").ShouldBe(["x", null, "y"]);
        Cells(table, "c.d").ShouldBe(["true", null, null]);
        Cells(table, "c.e").ShouldBe(["p|q", null, null]);
    }

    [Fact]
    public void JsonNumbersBeforeWordsKeepTheirText()
    {
        var table = Reading.Read(folder.Write("mixed.jsonl", "{\"title\":300}\n{\"title\":1.50}\n{}\n{\"title\":\"Alien\"}\n")).Table;
        Cells(table, "title").ShouldBe(["300", "1.50", null, "Alien"]);
    }

    [Fact]
    public void CompressedFilesAreRead()
    {
        var plain = Encoding.UTF8.GetBytes("a,b\n1,x\n2,y\n");
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionMode.Compress, leaveOpen: true))
        {
            stream.Write(plain);
        }

        using var compressor = new ZstdSharp.Compressor();
        foreach (var path in new[] { folder.Write("a.csv.gz", gzip.ToArray()), folder.Write("b.csv.zst", compressor.Wrap(plain).ToArray()), folder.Write("misnamed.csv", gzip.ToArray()) })
        {
            var loaded = Reading.Read(path);
            Values(loaded.Table, "a").ShouldBe([1, 2]);
            loaded.Digest.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
            loaded.Bytes.ShouldBe(new FileInfo(path).Length);
        }
    }

    [Fact]
    public void TheDigestIsOfTheWholeFileHoweverManyRowsAreRead()
    {
        var path = folder.Write("data.csv", "a\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n")));
        var loaded = Reading.Read(path, new ReadOptions { MaxRows = 3 });
        Values(loaded.Table, "a").ShouldBe([0, 1, 2]);
        loaded.Digest.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    [Fact]
    public void GivenTypesHold()
    {
        var path = folder.Write("data.csv", "a,b,c,d\n1,2,yes,12/31/1999\nx,3,maybe,never\n");
        var types = new Dictionary<string, ColumnType> { ["a"] = ColumnType.Real, ["b"] = ColumnType.Text, ["c"] = ColumnType.Boolean, ["d"] = ColumnType.Date, ["absent"] = ColumnType.Text };
        var loaded = Reading.Read(path, new ReadOptions { Types = types });
        Types(loaded.Table).ShouldBe("a:Real b:Text c:Boolean d:Date");
        Cells(loaded.Table, "a").ShouldBe(["1", null]);
        Cells(loaded.Table, "b").ShouldBe(["2", "3"]);
        Cells(loaded.Table, "c").ShouldBe(["true", null]);
        Cells(loaded.Table, "d").ShouldBe(["1999-12-31", null]);
        loaded.Warnings.Count.ShouldBe(3);
    }

    [Fact]
    public void ReadingCanBeStopped()
    {
        var path = folder.Write("data.csv", "a\n1\n");
        Should.Throw<OperationCanceledException>(() => TableReader.Read(path, ct: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void ManyColumnsAreReadQuickly()
    {
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"c{i}")));
        for (var row = 0; row < 50; row++)
        {
            text.Append('\n').AppendJoin(',', Enumerable.Range(0, 20_000).Select(i => i % 10 == 0 ? $"w{row % 5}" : $"{(i * 31 + row * 17) % 1000 / 10.0:0.0}"));
        }

        var path = folder.Write("wide.csv", text.ToString());
        var table = TableReader.Read(path, ct: TestContext.Current.CancellationToken).Table;
        var specs = ColumnRoles.Infer(table, "c0");
        table.Columns.Count.ShouldBe(20_000);
        table.RowCount.ShouldBe(50);
        table["c11"].Type.ShouldBe(ColumnType.Real);
        specs[1].Role.ShouldBe(ColumnRole.Numeric);
        specs[10].Role.ShouldBe(ColumnRole.Categorical);
    }

    private LoadedTable Csv(string text) => Reading.Read(folder.Write("data.csv", text));

    private static string Types(Table table) => string.Join(' ', table.Columns.Select(column => $"{column.Name}:{column.Type}"));

    private static double[] Values(Table table, string column) => ((NumberColumn)table[column]).Values;

    private static string?[] Cells(Table table, string column) => [.. Enumerable.Range(0, table.RowCount).Select(table[column].Format)];
}
