using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>An error of SQLite: never leaves the store, see <see cref="SqliteErrors"/>.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    /// <summary>The primary result code.</summary>
    public int Code => code;

    public static SqliteException Of(sqlite3 connection, int code) =>
        new(code & 0xFF, $"{raw.sqlite3_errmsg(connection).utf8_to_string()} (SQLite {code})");
}
