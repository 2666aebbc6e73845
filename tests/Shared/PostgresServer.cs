using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Roux.Tests;

/// <summary>
/// A real PostgreSQL of this test process: its own data folder, a Unix socket, nothing synced. It ends with the process, however that ends:
/// the shell that started it waits for its input to close.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> SharedServer = new(() => new PostgresServer());
    private static int databases;

    private readonly string folder;
    private readonly string binaries;
    private readonly string? user;
    private Process? shell;

    /// <summary>Makes and starts one; the calling test is skipped where there is no PostgreSQL.</summary>
    public PostgresServer()
    {
        binaries = Binaries() ?? Missing();
        user = Environment.UserName == "root" ? KnownUser() : null;
        folder = Directory.CreateTempSubdirectory("roux-postgres-").FullName;
        Shell($"chown {user ?? Environment.UserName} '{folder}' && chmod 755 '{folder}'", asUser: false);
        Shell($"'{binaries}/initdb' -D '{folder}/data' -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null", asUser: true);
        Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one that tests share.</summary>
    public static PostgresServer Shared => SharedServer.Value;

    /// <summary>Makes an empty database; its address keeps artifacts in a folder.</summary>
    public string NewDatabase(string artifacts)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        Sql("postgres", $"CREATE DATABASE {name} STRATEGY file_copy");
        return $"postgres://postgres@/{name}?host={Uri.EscapeDataString(folder)}&artifacts={Uri.EscapeDataString(artifacts)}";
    }

    /// <summary>Runs SQL with psql; returns its output.</summary>
    public string Sql(string database, string sql) =>
        Shell($"'{binaries}/psql' -h '{folder}' -U postgres -d {database} -v ON_ERROR_STOP=1 -Atqc \"$ROUX_SQL\"", asUser: false, ("ROUX_SQL", sql));

    public void Start()
    {
        var settings = $"-k '{folder}' -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB";
        var start = AsUser(user);
        start.ArgumentList.Add($"'{binaries}/postgres' -D '{folder}/data' {settings} >>'{folder}/data/log' 2>&1 & pid=$!; read how; kill -${{how:-QUIT}} $pid; wait $pid");
        start.RedirectStandardInput = true;
        shell = Process.Start(start)!;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Sql("postgres", "SELECT 1");
                return;
            }
            catch (InvalidOperationException) when (waited.Elapsed < TimeSpan.FromSeconds(60) && !shell.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>Stops it at once, as a crash would.</summary>
    public void Stop()
    {
        shell!.StandardInput.WriteLine("QUIT");
        shell.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
        shell = null;
    }

    public void Dispose()
    {
        if (shell is not null)
        {
            Stop();
        }

        if (Directory.Exists(folder))
        {
            Shell($"rm -rf '{folder}'", asUser: false);
        }
    }

    private static string Missing()
    {
        Assert.Skip("[needs] PostgreSQL 13 or later: install it (Debian, Ubuntu: apt-get install postgresql)");
        return "";
    }

    private static string? Binaries()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            places.InsertRange(0, Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0).Select(path => Path.Combine(path, "bin")));
        }

        return places.Find(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "psql")));
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string KnownUser() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static ProcessStartInfo AsUser(string? user)
    {
        var start = new ProcessStartInfo(user is null ? "sh" : "setpriv") { WorkingDirectory = "/" };
        foreach (var argument in user is null ? (string[])["-c"] : [$"--reuid={user}", $"--regid={user switch { "nobody" => "nogroup", _ => user }}", "--clear-groups", "sh", "-c"])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private string Shell(string command, bool asUser, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var start = AsUser(asUser ? user : null);
        start.ArgumentList.Add(command);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"{command}: {errors.Result}");
    }
}
