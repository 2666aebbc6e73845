using Roux.Server;
using Roux.Tracking;

namespace Roux.Browser.Tests;

/// <summary>A server over a store of its own.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private RouxServer server;

    private Site(DirectoryInfo folder, RouxServer server) => (this.folder, this.server) = (folder, server);

    public string Address => server.Address;

    public string Store => Path.Combine(folder.FullName, "store");

    public static async Task<Site> StartAsync(Action<Tracker>? prepare = null)
    {
        var folder = Directory.CreateTempSubdirectory("roux-browser-");
        var store = Path.Combine(folder.FullName, "store");
        using (var tracker = Tracker.Open(store))
        {
            prepare?.Invoke(tracker);
        }

        return new Site(folder, await RouxServer.StartAsync(new ServerOptions { Store = store, Port = 0 }));
    }

    /// <summary>Over a store that is there, which becomes its own.</summary>
    public static async Task<Site> OverAsync(string store)
    {
        var folder = Directory.CreateTempSubdirectory("roux-browser-");
        Directory.Move(store, Path.Combine(folder.FullName, "store"));
        return new Site(folder, await RouxServer.StartAsync(new ServerOptions { Store = Path.Combine(folder.FullName, "store"), Port = 0 }));
    }

    /// <summary>Ends the server.</summary>
    public Task StopAsync() => server.StopAsync();

    /// <summary>Starts a new server at the address of the one that ended.</summary>
    public async Task StartAgainAsync() => server = await RouxServer.StartAsync(new ServerOptions { Store = Store, Port = new Uri(Address).Port });

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
