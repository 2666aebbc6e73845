using System.Globalization;
using System.Text;
using CsCheck;
using DuckDB.NET.Data;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class CsvFuzzTests
{
    /// <summary>Cells made of the characters that CSV readers trip over.</summary>
    private static readonly Gen<string> Cell = Gen.Frequency(
        (6, Gen.Char["ab\",;|\t\r\n'é€ 1.-"].Array[0, 12].Select(letters => new string(letters))),
        (3, Gen.Double[-1e6, 1e6].Select(TemporaryFolder.Number)),
        (2, Gen.Int.Select(value => value.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.Const("")));

    private static readonly Gen<string[][]> Tables =
        from width in Gen.Int[1, 6]
        from rows in Cell.Array[width].Array[1, 40]
        select rows;

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(Tables, OneOf(',', ';', '\t', '|'), OneOf("\n", "\r\n", "\r"), Gen.Bool).Sample((rows, delimiter, newline, quoteAll) =>
        {
            var path = folder.Write("fuzz.csv", Write(rows, delimiter, newline, quoteAll));
            var table = Reading.Read(path, new ReadOptions { Delimiter = delimiter, Types = AllText(rows[0].Length) }).Table;
            Rows(table).ShouldBe(rows.Select(row => row.Select(cell => cell.Trim(' ', '\t').Length == 0 ? null : cell).ToArray()));
        }, threads: 1);
    }

    [Fact]
    public void NumbersAreReadToTheLastBit()
    {
        using var folder = new TemporaryFolder();
        Gen.OneOf(Gen.Double, Gen.Double[-1e6, 1e6], Gen.Double[0, 1]).Where(double.IsFinite).Array[1, 100].Sample(values =>
        {
            var path = folder.Write("numbers.csv", "x,y,z\n" + string.Concat(values.Select(value =>
                $"{TemporaryFolder.Number(value)},{value.ToString("E16", CultureInfo.InvariantCulture)},{value.ToString("F4", CultureInfo.InvariantCulture)}\n")));
            var table = Reading.Read(path).Table;
            ((NumberColumn)TypeOf(table, "x")).Values.ShouldBe(values);
            ((NumberColumn)TypeOf(table, "y")).Values.ShouldBe(values);
            ((NumberColumn)TypeOf(table, "z")).Values.ShouldBe(values.Select(value => double.Parse(value.ToString("F4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)));
        }, threads: 1);

        // Whole numbers over 2^53 in plain digits are text on purpose: the generator's largest ones are asked for as numbers.
        static Column TypeOf(Table table, string name) => table[name] is TextColumn text
            ? TableSchema.Conform(new Table("t", [text]), [new ColumnSpec(name, ColumnType.Real, ColumnRole.Numeric)]).Columns[0] : table[name];
    }

    [Fact]
    public void DuckDbReadsTheSameCells()
    {
        using var folder = new TemporaryFolder();
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Gen.Select(Tables, OneOf(',', ';', '|')).Sample((rows, delimiter) =>
        {
            var path = folder.Write("duck.csv", Write(rows, delimiter, "\n", quoteAll: true));
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Test data.
            command.CommandText = $"SELECT * FROM read_csv('{path}', header = true, all_varchar = true, auto_detect = false, delim = '{delimiter}', quote = '\"', escape = '\"', new_line = '\\n', "
                + $"columns = {{{string.Join(", ", rows[0].Select((_, i) => $"'c{i}': 'VARCHAR'"))}}})";
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var expected = new List<string?[]>();
            while (reader.Read())
            {
                expected.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) || reader.GetString(i).Trim(' ', '\t').Length == 0 ? null : reader.GetString(i))]);
            }

            var table = Reading.Read(path, new ReadOptions { Delimiter = delimiter, Types = AllText(rows[0].Length) }).Table;
            Rows(table).ShouldBe(expected);
        }, threads: 1, iter: 200);
    }

    [Fact]
    public void AnyBytesGiveATableOrOneLine()
    {
        using var folder = new TemporaryFolder();
        var likely = OneOf((byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)'a', (byte)'1', (byte)'{', (byte)'}', (byte)'[', (byte)':', (byte)0xC3, (byte)0xA9, (byte)0xFF, (byte)0);
        Gen.Select(Gen.OneOf(likely.Array[0, 60], Gen.Byte.Array[0, 200]), OneOf("x.csv", "x.json", "x.jsonl", "x.tsv", "x")).Sample((bytes, name) =>
        {
            var path = folder.Write(name, bytes);
            try
            {
                var table = Reading.Read(path).Table;
                table.RowCount.ShouldBeGreaterThan(0);
                ColumnRoles.Infer(table, null).Count.ShouldBe(table.Columns.Count);
            }
            catch (DataException error)
            {
                error.Message.ShouldNotContain("\n");
            }
        }, threads: 1, iter: 600);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Write(string[][] rows, char delimiter, string newline, bool quoteAll)
    {
        var text = new StringBuilder().AppendJoin(delimiter, rows[0].Select((_, i) => $"c{i}")).Append(newline);
        foreach (var row in rows)
        {
            // A row of one empty cell is written in quotes: unquoted it would be a blank line.
            text.AppendJoin(delimiter, row.Select(cell => quoteAll || row.Length == 1 || row.All(other => other.Trim(' ', '\t').Length == 0)
                || cell.IndexOfAny(['"', delimiter, '\r', '\n']) >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)).Append(newline);
        }

        return text.ToString();
    }

    private static Dictionary<string, ColumnType> AllText(int width) => Enumerable.Range(0, width).ToDictionary(i => $"c{i}", _ => ColumnType.Text);

    private static string?[][] Rows(Table table) =>
        [.. Enumerable.Range(0, table.RowCount).Select(row => table.Columns.Select(column => column.Format(row)).ToArray())];
}
