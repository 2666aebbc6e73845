namespace Roux.Tracking.Storage;

/// <summary>Errors of files in words that name the fix.</summary>
internal static class DiskErrors
{
    public static TrackingException Explain(string file, Exception exception) => exception switch
    {
        TrackingException known => known,
        UnauthorizedAccessException => new TrackingException($"{file}: no permission to write here; make the store's folder writable or choose another store", exception),
        IOException io when IsDiskFull(io) => new TrackingException($"{file}: the disk is full; free some space and run again", exception),
        _ => new TrackingException($"{file}: {exception.Message}", exception),
    };

    // ENOSPC (28) and EDQUOT (122) on Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    public static bool IsDiskFull(IOException exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
