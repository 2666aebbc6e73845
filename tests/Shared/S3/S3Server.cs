using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Roux.Tests.S3;

/// <summary>A real S3-compatible server: s3rver from npm in a process of its own, one for all tests of a process; each test takes a bucket prefix of its own.</summary>
internal sealed partial class S3Server
{
    public const string Bucket = "roux-tests";

    private const string Version = "3.7.1";

    private static readonly Lock Starting = new();
    private static S3Server? started;
    private static string? missing;

    private S3Server(string endpoint) => Endpoint = endpoint;

    public string Endpoint { get; }

    /// <summary>A place in its bucket that no other test uses; the calling test is skipped where node or s3rver is not to be had.</summary>
    public static string NewPlace(string prefix = "")
    {
        lock (Starting)
        {
            if (missing is null && started is null)
            {
                try
                {
                    started = Start();
                }
                catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or TimeoutException or IOException)
                {
                    missing = exception.Message;
                }
            }
        }

        if (started is null)
        {
            Assert.Skip($"[needs] node and s3rver: apt-get install nodejs npm ({missing})");
        }

        return $"s3://{Bucket}/{prefix}{Guid.NewGuid():N}?endpoint={started.Endpoint}";
    }

    /// <summary>Credentials that any test server takes.</summary>
    public static void UseCredentials()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("ROUX_CACHE", Path.Combine(Path.GetTempPath(), "roux-tests-cache"));
    }

    private static S3Server Start()
    {
        UseCredentials();

        // Its tokens of long lists use a cipher that newer versions of node offer only when asked.
        var program = Install();
        var data = Directory.CreateTempSubdirectory("roux-s3rver-");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--openssl-legacy-provider", program, "--directory", data.FullName, "--address", "127.0.0.1", "--port", "0", "--silent", "--no-vhost-buckets", "--configure-bucket", Bucket])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5000);
            data.Delete(recursive: true);
        };
        var errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult() is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new S3Server($"http://127.0.0.1:{match.Groups[1].Value}");
            }
        }

        throw new InvalidOperationException(errors.GetAwaiter().GetResult());
    }

    /// <summary>Puts it into a folder beside the build, once.</summary>
    private static string Install()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"roux-s3rver-{Version}");
        var program = Path.Combine(folder, "node_modules", "s3rver", "bin", "s3rver.js");
        using var single = new Mutex(initiallyOwned: false, "roux-tests-s3rver");
        single.WaitOne(TimeSpan.FromMinutes(3));
        try
        {
            if (File.Exists(Path.Combine(folder, "done")))
            {
                return program;
            }

            Directory.CreateDirectory(folder);
            var start = new ProcessStartInfo("npm") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
            foreach (var argument in (string[])["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, $"s3rver@{Version}"])
            {
                start.ArgumentList.Add(argument);
            }

            using var npm = Process.Start(start)!;
            var (output, error) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
            if (!npm.WaitForExit(TimeSpan.FromMinutes(2)) || npm.ExitCode != 0)
            {
                npm.Kill();
                throw new InvalidOperationException($"npm install s3rver: {error.Result} {output.Result}");
            }

            File.WriteAllText(Path.Combine(folder, "done"), "");
            return program;
        }
        finally
        {
            single.ReleaseMutex();
        }
    }

    [GeneratedRegex(@"listening on .*:(\d+)")]
    private static partial Regex Listening();
}
