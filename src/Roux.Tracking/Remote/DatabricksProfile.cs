namespace Roux.Tracking.Remote;

/// <summary>A workspace of Databricks, as its own tools find it: by <c>DATABRICKS_HOST</c> and <c>DATABRICKS_TOKEN</c>, or a profile in <c>~/.databrickscfg</c>.</summary>
internal static class DatabricksProfile
{
    private const string Default = "DEFAULT";
    private const long LargestFile = 1 << 20;

    /// <summary>The workspace of a profile.</summary>
    /// <param name="profile">Its name; empty: the environment, else the profile DEFAULT.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="TrackingException">There is none, or it logs in by other means than a token or a password.</exception>
    public static ServerAddress Find(string profile, Func<string, string?> variable)
    {
        if (profile.Length == 0 && variable("DATABRICKS_HOST") is { Length: > 0 } host)
        {
            return Of("DATABRICKS_HOST", host, new Dictionary<string, string>
            {
                ["token"] = variable("DATABRICKS_TOKEN") ?? "",
                ["username"] = variable("DATABRICKS_USERNAME") ?? "",
                ["password"] = variable("DATABRICKS_PASSWORD") ?? "",
            });
        }

        var name = profile.Length > 0 ? profile.TrimEnd('/') : variable("DATABRICKS_CONFIG_PROFILE") is { Length: > 0 } chosen ? chosen : Default;
        var file = variable("DATABRICKS_CONFIG_FILE") is { Length: > 0 } given ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".databrickscfg");
        if (!File.Exists(file) || new FileInfo(file).Length > LargestFile)
        {
            throw new TrackingException($"databricks: no {file}; set DATABRICKS_HOST and DATABRICKS_TOKEN, or make a profile with: databricks configure");
        }

        var settings = Section(File.ReadAllLines(file), name);
        return settings.TryGetValue("host", out var address)
            ? Of($"profile '{name}'", address, settings)
            : throw new TrackingException($"databricks: {file} has no profile '{name}' with a host; make one with: databricks configure --profile {name}");
    }

    private static ServerAddress Of(string origin, string host, IReadOnlyDictionary<string, string> settings)
    {
        var text = host.Contains("://", StringComparison.Ordinal) ? host : "https://" + host;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new TrackingException($"databricks: {origin} gives the host '{ServerAddress.WithoutLogin(host)}'; it must be https://WORKSPACE");
        }

        var login = settings.GetValueOrDefault("token") is { Length: > 0 } token ? ServerLogin.Bearer(token)
            : settings.GetValueOrDefault("username") is { Length: > 0 } user ? ServerLogin.Basic(user, settings.GetValueOrDefault("password") ?? "")
            : throw new TrackingException($"databricks: {origin} has no token; set DATABRICKS_TOKEN, or put 'token = …' into the profile (other ways to log in are not supported)");
        return new ServerAddress(ServerAddress.Clean(uri), login, IsDatabricks: true);
    }

    private static Dictionary<string, string> Section(string[] lines, string name)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var inside = false;
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            if (line[0] == '[')
            {
                inside = line.Trim('[', ']', ' ') == name;
            }
            else if (inside && line.Split('=', 2) is [var key, var value])
            {
                settings[key.Trim()] = value.Trim();
            }
        }

        return settings;
    }
}
