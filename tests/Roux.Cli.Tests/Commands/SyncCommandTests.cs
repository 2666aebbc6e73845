using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary><c>roux sync</c>: what a program could not send arrives later.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SyncCommandTests
{
    [Fact]
    public async Task What_was_logged_while_the_server_was_down_is_sent_when_it_is_up_once()
    {
        using var folder = new TemporaryFolder();
        var address = $"http://127.0.0.1:{FreePort()}";
        var environment = new Dictionary<string, string> { ["ROUX_SPOOL"] = Path.Combine(folder.Path, "spool") };
        var run = Roux(folder, environment, "run", "--store", address, "--experiment", "films", "--", "echo", "hi");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("roux sync");
        var waits = Roux(folder, environment, "sync", "--dry-run", "--json").Json["spools"]!.AsArray();
        waits.Count.ShouldBe(1);
        waits[0]!["runs_left"]!.GetValue<int>().ShouldBe(1);
        waits[0]!["server"]!.GetValue<string>().ShouldBe(address);

        // Down: kept, and told.
        var failed = Roux(folder, environment, "sync");
        failed.ExitCode.ShouldBe(1, failed.Error);
        failed.Output.ShouldContain("1 run with");

        using var server = RouxProcess.Start(folder.Path, environment, "serve", "--store", "served", "--port", new Uri(address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await UntilUpAsync(address);
        var sent = Roux(folder, environment, "sync", "--store", address, "--json");
        sent.ExitCode.ShouldBe(0, sent.Error);
        sent.Json["spools"]![0]!["runs_left"]!.GetValue<int>().ShouldBe(0);
        Roux(folder, environment, "sync").Output.ShouldContain("Nothing waits");
        Roux(folder, environment, "runs", "--store", address, "--json").Json["runs"]!.AsArray().Count.ShouldBe(1);
        server.Signal(2);
        server.Wait().ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_folder_is_no_server()
    {
        using var folder = new TemporaryFolder();
        var result = Roux(folder, new Dictionary<string, string> { ["ROUX_SPOOL"] = Path.Combine(folder.Path, "spool") }, "sync", "--store", "folder");
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("sync sends to servers");
    }

    private static RouxProcess.Result Roux(TemporaryFolder folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var roux = RouxProcess.Start(folder.Path, environment, arguments);
        return roux.Wait();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task UntilUpAsync(string address)
    {
        using var client = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                if (await client.GetStringAsync(new Uri(address + "/health")) == "OK")
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new TimeoutException("roux serve did not start within a minute");
    }
}
