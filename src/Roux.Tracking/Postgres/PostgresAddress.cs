using System.Globalization;
using System.Text;
using Npgsql;

namespace Roux.Tracking.Postgres;

/// <summary>
/// Where a database is, from an address such as <c>postgres://user:password@host:5432/name?sslmode=require</c>. The password may also come from
/// <c>PGPASSWORD</c> or <c>~/.pgpass</c>.
/// </summary>
internal sealed class PostgresAddress
{
    private const int UsualPort = 5432;
    private const string Artifacts = "artifacts";

    /// <summary>Settings after <c>?</c>: libpq's names, and what they set.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host", ["port"] = "Port", ["user"] = "Username", ["password"] = "Password", ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout", ["application_name"] = "Application Name", ["search_path"] = "Search Path",
        ["passfile"] = "Passfile", ["maximum_pool_size"] = "Maximum Pool Size",
    };

    private PostgresAddress(NpgsqlConnectionStringBuilder settings, string place)
    {
        this.settings = settings;
        Place = place;
    }

    private readonly NpgsqlConnectionStringBuilder settings;

    /// <summary>The address without its password: it opens the same database where the password comes from elsewhere.</summary>
    public string Place { get; }

    /// <summary>Where artifacts are, as the address says; <c>null</c> where it does not.</summary>
    public string? ArtifactsPlace { get; private init; }

    /// <exception cref="TrackingException">It is malformed or names an unknown setting. The message holds no secret.</exception>
    public static PostgresAddress Parse(string address)
    {
        var settings = new NpgsqlConnectionStringBuilder { ApplicationName = "roux", Timeout = 5, CommandTimeout = 300, MaxPoolSize = 20, MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, TcpKeepAlive = true };
        var rest = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var options = query < 0 ? "" : rest[(query + 1)..];
        rest = query < 0 ? rest : rest[..query];
        var at = rest.LastIndexOf('@');
        var slash = rest.IndexOf('/', at + 1);
        var authority = slash < 0 ? rest : rest[..slash];
        var name = slash < 0 ? "" : Uri.UnescapeDataString(rest[(slash + 1)..]);
        if (at >= 0)
        {
            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            settings.Username = Uri.UnescapeDataString(authority[..(colon >= 0 && colon < at ? colon : at)]);
            if (colon >= 0 && colon < at)
            {
                settings.Password = Uri.UnescapeDataString(authority[(colon + 1)..at]);
            }
        }

        SetHost(settings, authority[(at + 1)..]);
        if (name.Length > 0)
        {
            settings.Database = name;
        }

        Apply(settings, options);
        settings.Host ??= "localhost";
        return new PostgresAddress(settings, Write(settings, options))
        {
            ArtifactsPlace = options.Split('&').Where(option => option.StartsWith(Artifacts + "=", StringComparison.Ordinal)).Select(option => Uri.UnescapeDataString(option[(Artifacts.Length + 1)..])).LastOrDefault(),
        };
    }

    /// <summary>The settings of connections.</summary>
    /// <param name="options">Settings of the session: <c>-c name=value …</c>.</param>
    public NpgsqlDataSource Connect(string options)
    {
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Options = options }.ConnectionString);

        // The store uses nothing but built-in types: no need to ask for those of the database.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private static void SetHost(NpgsqlConnectionStringBuilder settings, string host)
    {
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith(']'))
        {
            settings.Port = int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
                ? port
                : throw new TrackingException("the store's address: what follows the host's ':' is no port; write postgres://USER@HOST:PORT/DATABASE");
            host = host[..colon];
        }

        if (host.Length > 0)
        {
            settings.Host = Uri.UnescapeDataString(host).Trim('[', ']');
        }
    }

    private static void Apply(NpgsqlConnectionStringBuilder settings, string options)
    {
        foreach (var option in options.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (option, "") : (option[..equals], Uri.UnescapeDataString(option[(equals + 1)..]));
            if (key == Artifacts)
            {
                continue;
            }

            if (!Settings.TryGetValue(key, out var name))
            {
                throw new TrackingException($"the store's address: no setting '{key}' after '?'; there are: {string.Join(", ", Settings.Keys.Append(Artifacts).Order(StringComparer.Ordinal))}");
            }

            try
            {
                settings[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
            {
                throw new TrackingException(key.Equals("password", StringComparison.OrdinalIgnoreCase) ? "the store's address: the password is no good" : $"the store's address: {key} cannot be '{value}'");
            }
        }
    }

    private static string Write(NpgsqlConnectionStringBuilder settings, string options)
    {
        var text = new StringBuilder("postgresql://");
        if (!string.IsNullOrEmpty(settings.Username))
        {
            text.Append(Uri.EscapeDataString(settings.Username)).Append('@');
        }

        var host = settings.Host!;
        text.Append(host.Contains('/', StringComparison.Ordinal) ? "" : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host);
        if (settings.Port != UsualPort && !host.Contains('/', StringComparison.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $":{settings.Port}");
        }

        text.Append('/').Append(Uri.EscapeDataString(settings.Database ?? settings.Username ?? ""));
        var kept = options.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(option => option.Split('=')[0].ToUpperInvariant() is not ("PASSWORD" or "USER" or "DBNAME" or "HOST" or "PORT"));
        if (host.Contains('/', StringComparison.Ordinal))
        {
            kept = kept.Prepend($"port={settings.Port.ToString(CultureInfo.InvariantCulture)}").Prepend($"host={Uri.EscapeDataString(host)}");
        }

        var list = string.Join('&', kept);
        return list.Length == 0 ? text.ToString() : text.Append('?').Append(list).ToString();
    }
}
