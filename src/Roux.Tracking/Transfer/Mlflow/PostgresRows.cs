using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Roux.Tracking.Postgres;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>A PostgreSQL database of MLflow's, read in one snapshot of a transaction that cannot write.</summary>
internal sealed partial class PostgresRows : MlflowRows
{
    private readonly NpgsqlDataSource database;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private PostgresRows(NpgsqlDataSource database, NpgsqlConnection connection)
    {
        this.database = database;
        this.connection = connection;
        transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
    }

    /// <param name="address">As MLflow takes it: <c>postgresql://USER:PASSWORD@HOST:PORT/DATABASE</c>, a driver after a plus sign included.</param>
    public static PostgresRows Open(string address)
    {
        var database = PostgresAddress.Parse(Driver().Replace(address, "://", 1)).Connect("-c default_transaction_read_only=on");
        try
        {
            return new PostgresRows(database, database.OpenConnection());
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            // Messages of the driver name hosts and users, never passwords; the address itself is not repeated.
            database.Dispose();
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
        database.Dispose();
    }

    protected override IEnumerable<string> ReadColumns(string table) =>
        Rows($"SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = {Quoted(table)}", row => row.Text(0));

    [GeneratedRegex(@"\+[A-Za-z0-9]+://")]
    private static partial Regex Driver();

    private sealed class Row(NpgsqlDataReader reader) : MlflowRow
    {
        public override bool IsNull(int column) => reader.IsDBNull(column);

        public override string Text(int column) => reader.GetValue(column) is string text ? text : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;

        public override long Whole(int column) => reader.GetFieldType(column) == typeof(long) ? reader.GetInt64(column) : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

        public override double Number(int column) => reader.GetFieldType(column) == typeof(double) ? reader.GetDouble(column) : Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);
    }
}
