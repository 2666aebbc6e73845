using Roux.Tracking.Storage;

namespace Roux.Tracking.Sqlite;

/// <summary>SQLite's result codes in words that name the fix. Codes: https://www.sqlite.org/rescode.html.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static bool CannotBeOpened(SqliteException exception) => exception.Code is CannotOpen or ReadOnly;

    public static TrackingException Explain(string file, Exception exception) => exception switch
    {
        SqliteException sqlite => new TrackingException(Explain(file, sqlite), sqlite),
        _ => DiskErrors.Explain(file, exception),
    };

    private static string Explain(string file, SqliteException exception) => exception.Code switch
    {
        Busy or Locked => $"{file}: other processes kept the store locked for the whole waiting time; try again, or raise TrackerOptions.BusyTimeout",
        ReadOnly => $"{file}: the store is read-only; make the file and its folder writable, or choose another store",
        Full => $"{file}: the disk is full; free some space and run again",
        CannotOpen => $"{file}: cannot be opened: the folder is missing, or it or the disk is read-only; make it writable or choose another store",
        NotADatabase => $"{file}: not a Roux store (not a SQLite database); move the file away or choose another store",
        Corrupt => $"{file}: the store is damaged ({exception.Message}); restore it from a backup, or save what can be read with sqlite3's .recover",
        InputOutput => $"{file}: the disk failed to read or write ({exception.Message}); check free space and the disk",
        _ => $"{file}: {exception.Message}",
    };
}
