using System.Diagnostics;
using System.Text.RegularExpressions;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>What docs/server.md shows works as it stands there.</summary>
public sealed partial class DocsTests
{
    [Fact]
    public async Task The_curl_session_of_the_documentation_works()
    {
        if (!File.Exists("/usr/bin/curl"))
        {
            Assert.Skip("[needs] curl: apt-get install curl");
        }

        await using var server = await TestServer.StartAsync();
        var page = await File.ReadAllTextAsync(Path.Combine(SharedData.Root, "docs", "server.md"));
        var session = Shell().Match(page).Groups[1].Value.Replace("http://127.0.0.1:5000", server.Client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("roux-curl-");
        try
        {
            var start = new ProcessStartInfo("bash") { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-euo");
            start.ArgumentList.Add("pipefail");
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(session);
            using var bash = Process.Start(start)!;
            var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

            bash.ExitCode.ShouldBe(0, await error + await output);
            (await output).ShouldContain("{\"experiment_id\":\"1\"}");
            (await output).ShouldContain("\"params\":[{\"key\":\"lr\",\"value\":\"0.1\"}]");
            (await output).ShouldEndWith("hello from curl\n");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();
}
