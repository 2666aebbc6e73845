using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>An error of SQLite: never leaves the store, see <see cref="SqliteErrors"/>.</summary>
internal sealed class SqliteException(int code, string message) : StoreException(message)
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;

    /// <summary>The primary result code.</summary>
    public int Code => code;

    public override bool ConcernsTheStore => code is not (TooBig or Constraint or Mismatch);

    public override bool IsPassing => code is Busy or Locked;

    public static SqliteException Of(sqlite3 connection, int code) =>
        new(code & 0xFF, $"{raw.sqlite3_errmsg(connection).utf8_to_string()} (SQLite {code})");
}
