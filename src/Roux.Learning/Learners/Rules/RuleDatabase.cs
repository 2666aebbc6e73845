using System.Globalization;
using DuckDB.NET.Data;
using Roux.Learning.Data;

namespace Roux.Learning.Learners.Rules;

/// <summary>The columns that conditions name, in a DuckDB database in memory, closed to the outside.</summary>
internal sealed class RuleDatabase : IDisposable
{
    public const string TableName = "rows_of_the_table";

    private readonly DuckDBConnection connection;
    private readonly Table table;

    private RuleDatabase(DuckDBConnection connection, Table table) => (this.connection, this.table) = (connection, table);

    /// <param name="table">The raw table.</param>
    /// <param name="named">Names that conditions refer to.</param>
    public static RuleDatabase Open(Table table, IReadOnlySet<string> named)
    {
        var columns = table.Columns.Where(column => named.Contains(column.Name)).ToArray();
        var twin = columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twin is not null)
        {
            throw new RuleException($"columns {string.Join(" and ", twin.Select(column => $"'{column.Name}'"))} differ in case only, which SQL cannot tell apart; rename one to use them in rules");
        }

        if (columns.Length == 0)
        {
            columns = [new NumberColumn("no column is named", new double[table.RowCount])];
        }

        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            Load(connection, columns);
            foreach (var setting in new[] { "memory_limit = '4GB'", "enable_external_access = false", "autoinstall_known_extensions = false", "autoload_known_extensions = false", "lock_configuration = true" })
            {
                Run(connection, $"SET {setting}");
            }

            return new RuleDatabase(connection, table);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Per row whether the condition is true.</summary>
    public bool[] Evaluate(string condition, int number, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{RuleCondition.Query(condition)} ORDER BY rowid";
        using var registration = cancellation.Register(command.Cancel);
        var holds = new bool[table.RowCount];
        try
        {
            using var reader = command.ExecuteReader();
            if (reader.GetFieldType(0) != typeof(bool))
            {
                throw RuleCondition.Wrong(number, condition, $"it gives a {reader.GetDataTypeName(0)}, not true or false");
            }

            var row = 0;
            while (reader.Read())
            {
                holds[row++] = !reader.IsDBNull(0) && reader.GetBoolean(0);
            }

            return row == holds.Length ? holds : throw RuleCondition.Wrong(number, condition, $"it gives {row} answers for {holds.Length} rows");
        }
        catch (Exception e) when (e is not RuleException and not OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            var lines = e.Message.Split('\n').TakeWhile(line => !line.StartsWith("LINE ", StringComparison.Ordinal)).Where(line => line.Trim().Length > 0);
            var columns = string.Join(", ", table.Columns.Take(40).Select(column => column.Name));
            var what = e.Message.Contains("rowid", StringComparison.Ordinal) && e.Message.Contains("GROUP BY", StringComparison.Ordinal)
                ? "aggregates are not allowed; a condition looks at one row"
                : $"{string.Join(' ', lines)}. Columns: {columns}{(table.Columns.Count > 40 ? ", …" : "")}";
            throw RuleCondition.Wrong(number, condition, what, e);
        }
    }

    public void Dispose() => connection.Dispose();

    private static void Load(DuckDBConnection connection, Column[] columns)
    {
        Run(connection, $"CREATE TABLE {TableName} ({string.Join(", ", columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {SqlType(column)}"))})");
        bool[] whole = [.. columns.Select(column => SqlType(column) == "BIGINT")];
        using var appender = connection.CreateAppender(TableName);
        for (var row = 0; row < columns[0].Length; row++)
        {
            var line = appender.CreateRow();
            for (var i = 0; i < columns.Length; i++)
            {
                Append(line, columns[i], row, whole[i]);
            }

            line.EndRow();
        }
    }

    private static string SqlType(Column column) => column.Type switch
    {
        ColumnType.Integer when ((NumberColumn)column).Values.All(value => double.IsNaN(value) || Math.Abs(value) < 9e18) => "BIGINT",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Text => "VARCHAR",
        ColumnType.Date => "TIMESTAMP",
        _ => "DOUBLE",
    };

    private static void Append(IDuckDBAppenderRow line, Column column, int row, bool whole)
    {
        if (column.IsMissing(row))
        {
            line.AppendNullValue();
            return;
        }

        switch (column)
        {
            case DateColumn date:
                line.AppendValue(new DateTime(date.Ticks[row], DateTimeKind.Utc));
                break;
            case TextColumn text:
                line.AppendValue(text[row]);
                break;
            case NumberColumn { Type: ColumnType.Boolean } flag:
                line.AppendValue(flag.Values[row] != 0);
                break;
            case NumberColumn number when whole:
                line.AppendValue((long)number.Values[row]);
                break;
            case NumberColumn number:
                line.AppendValue(number.Values[row]);
                break;
            default:
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"column '{column.Name}' of type {column.Type}"));
        }
    }

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
