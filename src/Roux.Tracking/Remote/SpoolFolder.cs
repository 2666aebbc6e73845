using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Remote;

/// <summary>
/// A spool: an embedded store in a folder of its own, for what one tracker logs to one server. Who has its lock sends it; the lock goes with the
/// process, however that ends. Once the server has everything, the folder is removed.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    /// <summary>The environment variable that names the folder of all spools.</summary>
    public const string Variable = "ROUX_SPOOL";

    private const string AddressFile = "spool.json";
    private const string LockFile = "lock";

    private readonly FileStream? hold;

    private SpoolFolder(string folder, string server, FileStream? hold)
    {
        Folder = folder;
        Server = server;
        this.hold = hold;
    }

    /// <summary>The folder, in full.</summary>
    public string Folder { get; }

    /// <summary>Address of the server, as <see cref="ServerAddress.Text"/> gives it.</summary>
    public string Server { get; }

    /// <summary>Where spools lie: <c>ROUX_SPOOL</c>, else <c>roux/spool</c> among the user's data, else <c>./.roux/spool</c>.</summary>
    public static string Root(Func<string, string?> variable)
    {
        if (variable(Variable) is { } given && !string.IsNullOrWhiteSpace(given))
        {
            return Path.GetFullPath(given);
        }

        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return data.Length > 0 ? Path.Combine(data, "roux", "spool") : Path.GetFullPath(Path.Combine(Tracker.DefaultStore, "spool"));
    }

    /// <summary>Makes a new spool for a server and takes its lock.</summary>
    public static SpoolFolder Create(string root, string server, DateTimeOffset now)
    {
        var folder = Path.Combine(root, Slug(server), $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // What is logged is nobody else's business.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var hold = TryHold(folder) ?? throw new IOException($"{folder}: in use");
        File.WriteAllText(Path.Combine(folder, AddressFile), new JsonObject { ["server"] = server, ["created"] = now.ToString("O") }.ToJsonString());
        return new SpoolFolder(folder, server, hold);
    }

    /// <summary>All spools under a root, the oldest first; none is locked by this.</summary>
    public static IReadOnlyList<(string Folder, string Server)> List(string root)
    {
        var found = new List<(string Folder, string Server)>();
        if (Directory.Exists(root))
        {
            foreach (var file in Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories).Select(folder => Path.Combine(folder, AddressFile)).Where(File.Exists))
            {
                if (ServerIn(file) is { } server)
                {
                    found.Add((Path.GetDirectoryName(file)!, server));
                }
            }
        }

        found.Sort((left, right) => string.CompareOrdinal(Path.GetFileName(left.Folder), Path.GetFileName(right.Folder)));
        return found;
    }

    /// <summary>Whether a folder is a spool for a server, such as that of the program that started this one.</summary>
    public static bool IsOf(string? folder, string store) =>
        folder is not null && ServerIn(Path.Combine(folder, AddressFile)) is { } server && server == ServerAddress.Parse(store, Environment.GetEnvironmentVariable).Text;

    /// <summary>Takes a spool over; null where a process that runs has it.</summary>
    public static SpoolFolder? TryTake(string folder, string server) => TryHold(folder) is { } hold ? new SpoolFolder(folder, server, hold) : null;

    /// <summary>Removes the spool: the server has it all.</summary>
    public void Remove()
    {
        try
        {
            // The address goes first: half a spool is then none.
            File.Delete(Path.Combine(Folder, AddressFile));
            hold?.Dispose();
            Directory.Delete(Folder, recursive: true);
            if (Path.GetDirectoryName(Folder) is { } above && !Directory.EnumerateFileSystemEntries(above).Any())
            {
                Directory.Delete(above);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It costs only space: the server has everything.
        }
    }

    public void Dispose() => hold?.Dispose();

    private static FileStream? TryHold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? ServerIn(string file)
    {
        try
        {
            return (JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject)?["server"] is JsonValue value && value.TryGetValue<string>(out var server) ? server : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A folder's name for an address: readable, and its own by a part of its hash.</summary>
    private static string Slug(string server)
    {
        var name = new StringBuilder();
        foreach (var letter in server[(server.IndexOf("://", StringComparison.Ordinal) + 3)..])
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server)))[..8];
        return $"{name.ToString(0, Math.Min(name.Length, 60)).TrimStart('.')}-{hash}";
    }
}
