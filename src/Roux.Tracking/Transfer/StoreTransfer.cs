using Roux.Tracking.Transfer.Mlflow;

namespace Roux.Tracking.Transfer;

/// <summary>
/// Moves experiments, runs and models between stores by way of a folder or an archive.
/// <code>
/// using var tracker = Tracker.OpenReadOnly("./.roux");
/// var report = StoreTransfer.Export(tracker, "films.tar.zst", new ExportSelection { Experiments = ["films"] });
/// </code>
/// </summary>
public static class StoreTransfer
{
    /// <summary>Writes what is selected to a new folder, <c>.zip</c> or <c>.tar.zst</c>.</summary>
    /// <exception cref="TrackingException">Something selected is not there, or the destination is taken or cannot be written.</exception>
    public static TransferReport Export(Tracker tracker, string destination, ExportSelection? selection = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(destination);
        var report = new TransferReport();
        try
        {
            using var target = TransferTarget.Open(destination);
            new StoreExport(tracker, target, report, progress).Run(selection ?? new ExportSelection(), cancellation);
            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException($"cannot write '{destination}': {exception.Message}", exception);
        }
    }

    /// <summary>Reads an export into a store. What is there stays as it is: reading the same twice changes nothing, and one that broke off goes on.</summary>
    /// <param name="tracker">A store that can be written.</param>
    /// <param name="source">A folder, <c>.zip</c> or <c>.tar.zst</c>.</param>
    /// <param name="mostBytes">What an archive may unpack to, in bytes; <c>null</c>: 200 times its size and 1 GiB.</param>
    /// <param name="progress">Is told what goes on.</param>
    /// <param name="cancellation">Ends it; it can go on later.</param>
    /// <exception cref="TrackingException">It is no export, damaged or hostile.</exception>
    public static TransferReport Import(Tracker tracker, string source, long? mostBytes = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(source);
        var report = new TransferReport();
        try
        {
            using var opened = TransferSource.Open(source, mostBytes);
            new ExportImport(tracker, opened, report, progress).Run(cancellation);
            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException($"cannot read '{source}': {exception.Message}", exception);
        }
    }

    /// <summary>Takes in what MLflow keeps; it is read only, and may be read again: what is there stays as it is.</summary>
    /// <param name="tracker">A store that can be written.</param>
    /// <param name="source">MLflow's SQLite file, a <c>postgresql://</c> address, or an <c>mlruns</c> folder.</param>
    /// <param name="artifacts">Folders below which artifacts may be read, beside an <c>mlruns</c> folder itself: no file elsewhere is.</param>
    /// <param name="progress">Is told what goes on.</param>
    /// <param name="cancellation">Ends it; it can go on later.</param>
    /// <exception cref="TrackingException">It is none of MLflow's, of too old a version, or cannot be read.</exception>
    public static TransferReport ImportMlflow(Tracker tracker, string source, IReadOnlyList<string>? artifacts = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(source);
        foreach (var missing in (artifacts ?? []).Where(folder => !Directory.Exists(folder)))
        {
            throw new TrackingException($"--artifacts '{missing}': no such folder; name the folder that holds MLflow's artifacts");
        }

        var report = new TransferReport();
        try
        {
            using var opened = MlflowSource.Open(source);
            IReadOnlyList<string> roots = [.. (artifacts ?? []).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), .. opened.Roots];
            new MlflowImport(tracker, opened, roots, report, progress).Run(cancellation);
            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or Storage.StoreException or System.Data.Common.DbException)
        {
            throw new TrackingException($"the import ended early, and goes on when it is called again: {exception.Message}", exception);
        }
    }
}
