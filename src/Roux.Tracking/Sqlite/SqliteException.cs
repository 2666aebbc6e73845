using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>An error of SQLite: never leaves the store, see <see cref="SqliteErrors"/>.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;

    /// <summary>The primary result code.</summary>
    public int Code => code;

    /// <summary>Whether it is about the store rather than about one statement: anything but a constraint, a type or a size that a value broke.</summary>
    public bool ConcernsTheStore => code is not (TooBig or Constraint or Mismatch);

    public static SqliteException Of(sqlite3 connection, int code) =>
        new(code & 0xFF, $"{raw.sqlite3_errmsg(connection).utf8_to_string()} (SQLite {code})");
}
