using System.Globalization;
using Npgsql;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>A PostgreSQL database of MLflow's, read in one snapshot of a transaction that cannot write.</summary>
internal sealed class PostgresRows : MlflowRows
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private PostgresRows(NpgsqlConnection connection)
    {
        this.connection = connection;
        transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        Run("SET TRANSACTION READ ONLY");
    }

    /// <param name="address">As MLflow takes it: <c>postgresql://USER:PASSWORD@HOST:PORT/DATABASE</c>, a driver after a plus sign included.</param>
    public static PostgresRows Open(string address)
    {
        try
        {
            var connection = new NpgsqlConnection(Settings(address));
            try
            {
                connection.Open();
                return new PostgresRows(connection);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or ArgumentException or FormatException or TimeoutException)
        {
            // Messages of the driver name hosts and users, never passwords; the address itself is not repeated.
            throw new TrackingException($"cannot read the PostgreSQL database: {exception.Message}; give postgresql://USER:PASSWORD@HOST:PORT/DATABASE (or leave the password to PGPASSWORD)", exception);
        }
    }

    public override void Each(string sql, Action<MlflowRow> read)
    {
        using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        using var reader = command.ExecuteReader();
        var row = new Row(reader);
        while (reader.Read())
        {
            read(row);
        }
    }

    public override void Dispose()
    {
        transaction.Dispose();
        connection.Dispose();
    }

    protected override IEnumerable<string> ReadColumns(string table) =>
        Rows($"SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = {Quoted(table)}", row => row.Text(0));

    private static string Settings(string address)
    {
        var uri = new Uri(System.Text.RegularExpressions.Regex.Replace(address, "^postgres(ql)?(\\+[a-z0-9]+)?://", "postgresql://", System.Text.RegularExpressions.RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')), ApplicationName = "roux import" };
        if (uri.Port > 0)
        {
            settings.Port = uri.Port;
        }

        if (user[0].Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(user[0]);
        }

        settings.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : Environment.GetEnvironmentVariable("PGPASSWORD");
        return settings.ConnectionString;
    }

    private void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, connection, transaction);
        command.ExecuteNonQuery();
    }

    private sealed class Row(NpgsqlDataReader reader) : MlflowRow
    {
        public override bool IsNull(int column) => reader.IsDBNull(column);

        public override string Text(int column) => reader.GetValue(column) is string text ? text : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;

        public override long Whole(int column) => reader.GetFieldType(column) == typeof(long) ? reader.GetInt64(column) : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

        public override double Number(int column) => reader.GetFieldType(column) == typeof(double) ? reader.GetDouble(column) : Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);
    }
}
