using System.Text;
using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>The present row of a statement.</summary>
internal sealed class SqliteRow(sqlite3_stmt handle) : StoreRow
{
    public override bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public override double Double(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>A text, as long as it is: column_text would end it at a NUL.</summary>
    public override string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public override ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);
}
