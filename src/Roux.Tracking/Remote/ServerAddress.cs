namespace Roux.Tracking.Remote;

/// <summary>Where a server is and how to log in to it. Its text never holds what logs in.</summary>
/// <param name="Root">The server's address, with a slash at its end; free of user info, query and fragment.</param>
/// <param name="Login">How to log in.</param>
/// <param name="IsDatabricks">Whether it is a Databricks workspace, whose experiments are named by paths.</param>
internal sealed record ServerAddress(Uri Root, ServerLogin Login, bool IsDatabricks)
{
    private const string Databricks = "databricks";

    /// <summary>Take certificates that cannot be verified.</summary>
    public bool InsecureTls { get; init; }

    /// <summary>The address to show and to store.</summary>
    public string Text => Root.AbsoluteUri.TrimEnd('/');

    /// <summary>Whether a store's name is the address of a server.</summary>
    public static bool IsServer(string store) => store == Databricks || store.Contains("://", StringComparison.Ordinal) && !StoreAddress.IsPostgres(store);

    /// <summary>Understands <c>http://…</c>, <c>https://…</c>, <c>databricks</c> and <c>databricks://PROFILE</c>.</summary>
    /// <param name="store">The address; a user name and password in it are taken as the login.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="TrackingException">It is no such address, or the login is missing or contradictory.</exception>
    public static ServerAddress Parse(string store, Func<string, string?> variable)
    {
        if (store == Databricks || store.StartsWith(Databricks + "://", StringComparison.Ordinal))
        {
            return DatabricksProfile.Find(store.Length > Databricks.Length ? store[(Databricks.Length + 3)..] : "", variable) with { InsecureTls = Insecure(variable) };
        }

        if (!Uri.TryCreate(store, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new TrackingException($"store '{WithoutLogin(store)}': give a folder, http://HOST:PORT, https://HOST, or databricks://PROFILE");
        }

        return new ServerAddress(Clean(uri), ServerLogin.Of(uri, variable), IsDatabricks: false) { InsecureTls = Insecure(variable) };
    }

    /// <summary>The address alone: whatever may log in, and what a server would not see as a part of it, is left out.</summary>
    public static Uri Clean(Uri uri) => new UriBuilder(uri.Scheme, uri.Host, uri.Port, uri.AbsolutePath.TrimEnd('/') + "/").Uri;

    /// <summary>Text without the user info that it may hold, for messages about addresses that are none.</summary>
    public static string WithoutLogin(string store)
    {
        var scheme = store.IndexOf("://", StringComparison.Ordinal);
        var at = store.LastIndexOf('@');
        return scheme >= 0 && at > scheme ? $"{store[..(scheme + 3)]}***{store[at..]}" : store;
    }

    public override string ToString() => Text;

    private static bool Insecure(Func<string, string?> variable) => variable("MLFLOW_TRACKING_INSECURE_TLS") is { } text && text.Trim().ToLowerInvariant() is "true" or "1";
}
