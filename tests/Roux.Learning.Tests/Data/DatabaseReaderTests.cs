using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class DatabaseReaderTests : IDisposable
{
    private const string Rows = """
        SELECT 1 AS i, 1.5::DOUBLE AS d, 2.25::DECIMAL(9, 2) AS m, 'NA' AS t, true AS b, DATE '1998-06-12' AS day,
               TIMESTAMP '2001-02-03 04:05:06' AS at, 9007199254740993::BIGINT AS big, 170141183460469231731687303715884105727::HUGEINT AS huge,
               ['x', 'y'] AS list, {'u': 1, 'v w': {'z': 'deep'}} AS s, '2020-01-01' AS words, 'nan'::DOUBLE AS nan, 'inf'::DOUBLE AS inf
        UNION ALL
        SELECT NULL, NULL, NULL, '12', NULL, NULL, NULL, 5, 7, NULL, NULL, '2020-01-02', 1, 1
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ParquetIsRead()
    {
        var path = folder["da'ta.parquet"];
        Execute("Data Source=:memory:", $"COPY ({Rows}) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
        // Parquet has no integers of 128 bits: DuckDB writes them as doubles.
        Check(Reading.Read(path), "Real=1.7014118346046923E+38/7");
    }

    [Fact]
    public void ParquetWithPatternCharactersAndGzipIsRead()
    {
        var path = folder["part.parquet"];
        Execute("Data Source=:memory:", $"COPY (SELECT range AS n FROM range(5000)) TO '{path}' (FORMAT parquet)");
        File.Copy(path, folder["part[1].parquet"]);
        ((NumberColumn)Reading.Read(folder["part[1].parquet"]).Table["n"]).Values.ShouldBe(Enumerable.Range(0, 5000).Select(i => (double)i));
        using (var gzip = new System.IO.Compression.GZipStream(File.Create(folder["z.parquet.gz"]), System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        Reading.Read(folder["z.parquet.gz"]).Table.RowCount.ShouldBe(5000);
        Reading.Read(path, new ReadOptions { MaxRows = 10 }).Table.RowCount.ShouldBe(10);
        Reading.Read(path, new ReadOptions { Types = new Dictionary<string, ColumnType> { ["n"] = ColumnType.Text } }).Table["n"].Type.ShouldBe(ColumnType.Text);
    }

    [Fact]
    public void CutParquetIsSaid()
    {
        var path = folder["data.parquet"];
        Execute("Data Source=:memory:", $"COPY (SELECT range AS n, range::VARCHAR AS t FROM range(50000)) TO '{path}' (FORMAT parquet)");
        var bytes = File.ReadAllBytes(path);
        var cut = folder.Write("cut.parquet", bytes[..(bytes.Length / 2)]);
        Should.Throw<DataException>(() => Reading.Read(cut)).Message.ShouldContain("cannot be read as Parquet");
    }

    [Fact]
    public void DuckDbIsReadByTableAndByQuery()
    {
        var path = folder["data.duckdb"];
        Execute($"Data Source={path}", $"CREATE TABLE films AS {Rows}");
        Check(Reading.Read(path), "Text=170141183460469231731687303715884105727/7");
        var loaded = Reading.Read(path, new ReadOptions { Sql = "SELECT i, t FROM films WHERE i IS NOT NULL -- one" });
        loaded.Table.RowCount.ShouldBe(1);
        loaded.Digest.ShouldBe(TableDigest.Of(loaded.Table));

        Execute($"Data Source={path}", "CREATE TABLE actors AS SELECT 1 AS a");
        Message(path, new ReadOptions()).ShouldContain("has 2 tables (actors, films); choose one with --table NAME");
        Message(path, new ReadOptions { Table = "film" }).ShouldContain("--table 'film': no such table; did you mean 'films'?");
        Message(path, new ReadOptions { Sql = "SELECT * FROM nothing" }).ShouldContain("nothing");
        Message(path, new ReadOptions { Sql = "SELECT 1 AS a, 2 AS a" }).ShouldContain("gives the column name 'a' twice");
        Message(path, new ReadOptions { Sql = "SELECT * FROM films WHERE i > 5" }).ShouldContain("the query gives no rows");
        Message(path, new ReadOptions { Sql = "DROP TABLE films" }).ShouldContain("--sql:");
        Reading.Read(path, new ReadOptions { Table = "actors" }).Table.RowCount.ShouldBe(1);
    }

    [Fact]
    public void SqliteIsRead()
    {
        var path = folder["data.db"];
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE films (id INTEGER, rating REAL, title TEXT, released TEXT, mixed, big INTEGER, blob BLOB);
                INSERT INTO films VALUES (1, 7.5, '300', '2006-12-09', 1.5, 9007199254740993, x'00'), (2, NULL, 'Alien', '1979-05-25', 'two', 1, NULL);
                """;
            command.ExecuteNonQuery();
        }

        var loaded = Reading.Read(path);
        Describe(loaded.Table).ShouldBe("id:Integer=1/2 rating:Real=7.5/- title:Text=300/Alien released:Date=2006-12-09/1979-05-25 mixed:Text=1.5/two big:Text=9007199254740993/1 blob:Real=-/-");
        loaded.Warnings.ShouldContain("column 'blob': 1 binary value became missing");
        Reading.Read(path, new ReadOptions { Sql = "SELECT count(*) AS n FROM films" }).Table["n"].Format(0).ShouldBe("2");
        Message(path, new ReadOptions { Sql = "SELECT oops FROM films" }).ShouldContain("no such column: oops");
        Message(path, new ReadOptions { Sql = "DELETE FROM films" }).ShouldContain("--sql:");
        Reading.Read(path).Table.RowCount.ShouldBe(2);
    }

    private static void Check(LoadedTable loaded, string huge)
    {
        Describe(loaded.Table).ShouldBe("i:Integer=1/- d:Real=1.5/- m:Real=2.25/- t:Text=NA/12 b:Boolean=true/- day:Date=1998-06-12/- at:Date=2001-02-03T04:05:06Z/- "
            + "big:Text=9007199254740993/5 huge:" + huge + " list:Text=x|y/- s.u:Integer=1/- s.v w.z:Text=deep/- words:Date=2020-01-01/2020-01-02 nan:Integer=-/1 inf:Integer=-/1");
        loaded.Warnings.ShouldBe(["column 'inf': 1 infinite number became missing"]);
    }

    private static string Describe(Table table) => string.Join(' ', table.Columns.Select(column => $"{column.Name}:{column.Type}={column.Format(0) ?? "-"}/{column.Format(1) ?? "-"}"));

    private static string Message(string path, ReadOptions options) => Should.Throw<DataException>(() => Reading.Read(path, options)).Message;

    private static void Execute(string connectionString, string sql)
    {
        using var connection = new DuckDBConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Test data.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
