using Roux.Tracking.Remote;

namespace Roux.Tracking;

/// <summary>A spool: what a program logged for a server that the server may not have yet.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Server">Address of the server, without any login.</param>
public sealed record Spool(string Folder, string Server);

/// <summary>How far a spool was sent.</summary>
/// <param name="Spool">The spool.</param>
/// <param name="Runs">Runs of which something is left.</param>
/// <param name="Points">Points of metrics that are left.</param>
/// <param name="Refused">What the server refuses for good, with its words.</param>
public sealed record SyncResult(Spool Spool, int Runs, long Points, IReadOnlyList<string> Refused)
{
    /// <summary>Why not all was sent; null where it was, but for what is refused.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the program that fills it runs, and so sends it itself.</summary>
    public bool InUse { get; init; }
}

/// <summary>Sends what programs that ended left in spools.</summary>
public static class SpoolSync
{
    private const int Attempts = 5;

    /// <summary>All spools of this user, the oldest first.</summary>
    /// <param name="store">Address of a server, for its spools only; null for all.</param>
    /// <exception cref="TrackingException">It is no such address.</exception>
    public static IReadOnlyList<Spool> List(string? store = null)
    {
        var server = store is null ? null : RemoteTracking.Address(store).Text;
        return [.. SpoolFolder.List(SpoolFolder.Root(Environment.GetEnvironmentVariable)).Where(spool => server is null || spool.Server == server).Select(spool => new Spool(spool.Folder, spool.Server))];
    }

    /// <summary>Sends a spool, with a few attempts. It may be called again at any time: what the server has is not sent twice.</summary>
    /// <param name="spool">One of <see cref="List"/>.</param>
    /// <param name="store">Address with a login for the server; null: as the environment says.</param>
    /// <param name="dryRun">Only look what is left.</param>
    /// <param name="discardRefused">Remove the spool although the server refused some of it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<SyncResult> SendAsync(Spool spool, string? store, bool dryRun, bool discardRefused, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spool);
        if (SpoolFolder.TryTake(spool.Folder, spool.Server) is not { } folder)
        {
            return new SyncResult(spool, 0, 0, []) { InUse = true };
        }

        var address = store is not null ? RemoteTracking.Address(store) : RemoteTracking.AddressOf(spool.Server);
        var tracker = Tracker.Open(spool.Folder, new TrackerOptions { StartedAs = null, HandleProcessEnd = false });
        var shipper = new Shipper(tracker, folder, new MlflowConnection(address), RemoteTracking.Tell);
        string? problem = null;
        SpoolLeft left;
        IReadOnlyList<string> refused;
        try
        {
            if (!dryRun)
            {
                await shipper.SyncAsync(Attempts, cancellation).ConfigureAwait(false);
            }
        }
        catch (RemoteException exception)
        {
            problem = exception.Message;
        }
        finally
        {
            (left, refused) = shipper.Close(discardRefused && !dryRun);
            tracker.Dispose();
            shipper.Dispose();
        }

        return new SyncResult(spool, left.Runs, left.Points, refused) { Problem = problem };
    }
}
