using System.Collections.Concurrent;

namespace Roux.Tracking.Remote;

/// <summary>Opens trackers over servers.</summary>
internal static class RemoteTracking
{
    private static readonly ConcurrentDictionary<string, byte> Warned = new(StringComparer.Ordinal);

    /// <summary>Says something about the sending: to people, never into a document.</summary>
    public static void Tell(string message) => Console.Error.WriteLine("roux: " + message);

    /// <summary>The address of a server, after warning of what is unsafe about it.</summary>
    public static ServerAddress Address(string store)
    {
        var address = ServerAddress.Parse(store, Environment.GetEnvironmentVariable);
        if (address.InsecureTls)
        {
            Warn($"certificates of {address} are not verified (MLFLOW_TRACKING_INSECURE_TLS): whoever is between can read and change everything");
        }
        else if (address.Root.Scheme == Uri.UriSchemeHttp && !address.Root.IsLoopback && address.Login.Header is not null)
        {
            Warn($"the login for {address} goes over the network unencrypted; use https");
        }

        return address;
    }

    /// <summary>The address of a server that a spool names, with the login that the environment gives for it.</summary>
    public static ServerAddress AddressOf(string server)
    {
        try
        {
            if (ServerAddress.Parse("databricks", Environment.GetEnvironmentVariable) is { } workspace && workspace.Text == server)
            {
                return workspace;
            }
        }
        catch (TrackingException)
        {
            // No workspace is set up: it is another kind of server.
        }

        return Address(server);
    }

    private static void Warn(string message)
    {
        if (Warned.TryAdd(message, 0))
        {
            Tell(message);
        }
    }
}
