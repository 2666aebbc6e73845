using System.Diagnostics;
using Roux.Server.Components.Snippets;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Snippets;

/// <summary>Code that a chart offers to copy: each runs, and fetches what the chart shows, whatever things are called.</summary>
public sealed class SnippetTests
{
    private const string Hostile = "val/acc $(touch x) `id` 'quoted' \"twice\" \\ back {0} {x} %s ü 😀";

    [Theory]
    [InlineData(SnippetLanguage.CSharp)]
    [InlineData(SnippetLanguage.PlainPython)]
    [InlineData(SnippetLanguage.Curl)]
    public async Task The_history_of_a_metric_is_fetched(SnippetLanguage language)
    {
        var (id, server) = await StoreAsync();
        await using (server)
        {
            var lines = await RunAsync(Snippet.Of(new MetricSource([id], Hostile), language, server.Address, false), language);
            foreach (var value in new[] { "0.25", "0.5", "0.75" })
            {
                lines.ShouldContain(line => line.StartsWith(id, StringComparison.Ordinal) && line.EndsWith(value, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData(SnippetLanguage.CSharp)]
    [InlineData(SnippetLanguage.PlainPython)]
    [InlineData(SnippetLanguage.Curl)]
    public async Task Values_of_runs_are_fetched(SnippetLanguage language)
    {
        var (id, server) = await StoreAsync();
        await using (server)
        {
            var source = new ValuesSource([id], [new(ValueKind.Metric, Hostile), new(ValueKind.Param, "rate, of learning"), new(ValueKind.Tag, "team")]);
            var lines = await RunAsync(Snippet.Of(source, language, server.Address + "/", false), language);
            lines.ShouldContain(line => line.StartsWith(id, StringComparison.Ordinal) && line.Contains("0.75", StringComparison.Ordinal) && line.Contains("0.1", StringComparison.Ordinal) && line.EndsWith("search", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(SnippetLanguage.CSharp)]
    [InlineData(SnippetLanguage.PlainPython)]
    [InlineData(SnippetLanguage.Curl)]
    public async Task A_file_is_fetched(SnippetLanguage language)
    {
        var (id, server) = await StoreAsync();
        await using (server)
        {
            var lines = await RunAsync(Snippet.Of(new FileSource(id, "plots/a 'b' & c.json"), language, server.Address, false), language);
            lines.ShouldBe(["""{"x": [1, 2]}"""]);
        }
    }

    [Theory]
    [InlineData(SnippetLanguage.Python)]
    [InlineData(SnippetLanguage.PlainPython)]
    public async Task Python_is_valid_Python(SnippetLanguage language)
    {
        ChartSource[] all = [new MetricSource(["a", "b"], Hostile + "\n\u202e\0"), new ValuesSource(["a"], [new(ValueKind.Tag, Hostile + "\r\n")]), new FileSource("a", Hostile)];
        foreach (var source in all)
        {
            using var file = new TemporaryFile(Snippet.Of(source, language, "https://roux.example", true), ".py");
            await ProcessAsync("python3", ["-c", "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())", file.Path]);
        }
    }

    [Theory]
    [InlineData(SnippetLanguage.CSharp)]
    [InlineData(SnippetLanguage.Python)]
    [InlineData(SnippetLanguage.PlainPython)]
    [InlineData(SnippetLanguage.Curl)]
    public void A_key_is_named_and_never_written_where_people_log_in(SnippetLanguage language)
    {
        var source = new MetricSource(["a"], "loss");
        Snippet.Of(source, language, "https://roux.example", true).ShouldContain("MLFLOW_TRACKING_TOKEN");
        Snippet.Of(source, language, "https://roux.example", false).ShouldNotContain("TOKEN");
    }

    private static async Task<(string Id, TestServer Server)> StoreAsync()
    {
        var id = "";
        var server = await TestServer.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("curves").StartRun("one");
            run.LogMetrics(Hostile, [0.25, 0.5, 0.75]);
            run.Log("rate, of learning", 0.1);
            run.Tag("team", "search");
            run.LogText("plots/a 'b' & c.json", "{\"x\": [1, 2]}");
            id = run.Id;
        });
        return (id, server);
    }

    private static async Task<string[]> RunAsync(string code, SnippetLanguage language)
    {
        if (language == SnippetLanguage.CSharp)
        {
            return CompiledSnippet.Run(code);
        }

        var isShell = language == SnippetLanguage.Curl;
        using var file = new TemporaryFile(code, isShell ? ".sh" : ".py");
        var output = await ProcessAsync(isShell ? "sh" : "python3", [file.Path]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    internal static async Task<string> ProcessAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_PROXY"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, errors + await output);
        return await output;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text, string ending)
        {
            Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "roux-snippet-" + Guid.NewGuid().ToString("N") + ending);
            File.WriteAllText(Path, text);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
