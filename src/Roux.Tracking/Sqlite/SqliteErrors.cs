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

    public static bool IsBusy(SqliteException exception) => exception.Code is Busy or Locked;

    public static bool CannotBeOpened(SqliteException exception) => exception.Code is CannotOpen or ReadOnly;

    public static TrackingException Explain(string file, Exception exception) => exception switch
    {
        TrackingException known => known,
        SqliteException sqlite => new TrackingException(Explain(file, sqlite), sqlite),
        UnauthorizedAccessException => new TrackingException($"{file}: no permission to write here; make the store's folder writable or choose another store", exception),
        IOException io when IsDiskFull(io) => new TrackingException($"{file}: the disk is full; free some space and run again", exception),
        IOException => new TrackingException($"{file}: {exception.Message}", exception),
        _ => new TrackingException($"{file}: {exception.Message}", exception),
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

    // ENOSPC (28) and EDQUOT (122) on Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    internal static bool IsDiskFull(IOException exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
