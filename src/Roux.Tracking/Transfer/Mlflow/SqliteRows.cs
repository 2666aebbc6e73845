using Roux.Tracking.Sqlite;
using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>A SQLite file of MLflow's. Opened for reading only: not even its journal is touched.</summary>
internal sealed class SqliteRows(SqliteSession session) : MlflowRows
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static SqliteRows Open(string file)
    {
        var uri = $"file:{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}";
        try
        {
            try
            {
                return Checked(uri + "?mode=ro");
            }
            catch (StoreException) when (new FileInfo(file + "-wal") is not { Exists: true, Length: > 0 })
            {
                // Where the folder cannot be written, SQLite wants to be told that nobody else writes.
                return Checked(uri + "?immutable=1");
            }
        }
        catch (StoreException exception)
        {
            throw new TrackingException($"'{Path.GetFileName(file)}': not a SQLite database, damaged, or in use in a way that forbids reading: {exception.Message}", exception);
        }
    }

    public override void Each(string sql, Action<MlflowRow> read)
    {
        var row = new Row();
        session.Each(sql, current =>
        {
            row.Current = current;
            read(row);
        });
    }

    public override void Dispose() => session.Dispose();

    protected override IEnumerable<string> ReadColumns(string table) => session.Rows($"SELECT name FROM pragma_table_info({Quoted(table)})", row => row.Text(0));

    private static SqliteRows Checked(string uri)
    {
        var session = new SqliteSession(uri, raw.SQLITE_OPEN_READONLY, Patience);
        try
        {
            session.Number("SELECT count(*) FROM sqlite_master");
            session.Execute("BEGIN");
            return new SqliteRows(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private sealed class Row : MlflowRow
    {
        public StoreRow Current { get; set; } = null!;

        public override bool IsNull(int column) => Current.IsNull(column);

        public override string Text(int column) => Current.Text(column);

        public override long Whole(int column) => Current.Int64(column);

        public override double Number(int column) => Current.Double(column);
    }
}
