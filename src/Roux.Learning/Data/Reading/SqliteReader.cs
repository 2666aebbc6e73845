using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Roux.Learning.Data.Reading;

/// <summary>Reads SQLite databases. SQLite types values, not columns: a column is numbers when all its values are, else text (which may hold dates).</summary>
internal static class SqliteReader
{
    public static Table Read(SourceFile file, string plainPath, ReadOptions options, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = plainPath, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            var sql = options.Sql?.Trim().TrimEnd(';') ?? $"SELECT * FROM {DuckDbReader.Identifier(DuckDbReader.ChooseTable(file, options, Tables(connection)))}";
            var asText = new HashSet<int>();
            while (true)
            {
                var (columns, binary) = Fetch(connection, sql, file, options, asText, cancellation);
                var surprised = Enumerable.Range(0, columns.Length).Where(i => columns[i].MustBeText).ToArray();
                if (surprised.Length == 0)
                {
                    warnings.AddRange(binary.Select(pair => $"column '{pair.Key}': {ColumnFinisher.Count(pair.Value, "binary value")} became missing"));
                    return new Table(file.Name, [.. columns.Select(column => DuckDbReader.Convert(column.Finish(warnings), options, warnings))]);
                }

                asText.UnionWith(surprised);
            }
        }
        catch (SqliteException error)
        {
            throw new DataException($"{file.Path}: {(options.Sql is null ? "" : "--sql: ")}{SourceFile.OneLine(error)}", error);
        }
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static (MixedColumn[] Columns, Dictionary<string, int> Binary) Fetch(
        SqliteConnection connection, string sql, SourceFile file, ReadOptions options, HashSet<int> asText, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The query is the user's own, on a database that is opened for reading only.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        if (reader.FieldCount == 0)
        {
            throw new DataException($"{file.Path}: --sql: gives no columns; a SELECT is wanted");
        }

        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new DataException($"{file.Path}: the query gives the column name '{twice.Key}' twice; name them apart with AS");
        }

        var columns = names.Select((name, i) => new MixedColumn(name, asText.Contains(i))).ToArray();
        var binary = new Dictionary<string, int>(StringComparer.Ordinal);
        var row = 0;
        while (row < (options.MaxRows ?? int.MaxValue) && reader.Read())
        {
            if ((row++ & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            for (var i = 0; i < columns.Length; i++)
            {
                if (!columns[i].Add(reader.GetValue(i)))
                {
                    binary[names[i]] = binary.GetValueOrDefault(names[i]) + 1;
                }
            }
        }

        return row > 0 || options.MaxRows == 0 ? (columns, binary)
            : throw new DataException($"{file.Path}: {(options.Sql is null ? "the table has no rows" : "the query gives no rows")}");
    }

    /// <summary>Takes values of any type: numbers until a string comes.</summary>
    private sealed class MixedColumn(string name, bool text) : TypedColumn(name)
    {
        private readonly Numbers numbers = new(name);
        private Strings? strings = text ? new Strings(name) : null;
        private bool anyNumber;
        private int rows;

        public override void AddMissing()
        {
            rows++;
            if (strings is not null)
            {
                strings.AddMissing();
            }
            else
            {
                numbers.AddMissing();
            }
        }

        public bool Add(object value)
        {
            switch (value)
            {
                case long whole:
                    AddNumber(whole, whole.ToString(CultureInfo.InvariantCulture), whole is > 1L << 53 or < -(1L << 53));
                    return true;
                case double real:
                    AddNumber(real, real.ToString("R", CultureInfo.InvariantCulture), false);
                    return true;
                case string words:
                    AddString(words);
                    return true;
                default:
                    AddMissing();
                    return value is DBNull;
            }
        }

        public override Column Finish(List<string> warnings) => strings?.Finish(warnings) ?? numbers.Finish(warnings);

        private void AddNumber(double value, string words, bool tooLarge)
        {
            anyNumber = true;
            rows++;
            MustBeText |= tooLarge && strings is null;
            if (strings is not null)
            {
                strings.Add(words);
            }
            else
            {
                numbers.Add(value);
            }
        }

        private void AddString(string words)
        {
            if (strings is null && !anyNumber)
            {
                // Only missing values came before: they are so in text, too.
                strings = new Strings(Name);
                for (var row = 0; row < rows; row++)
                {
                    strings.AddMissing();
                }
            }

            rows++;
            if (strings is not null)
            {
                strings.Add(words);
                return;
            }

            MustBeText = true;
            numbers.AddMissing();
        }
    }
}
