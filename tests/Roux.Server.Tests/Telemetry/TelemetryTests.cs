using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Server.Telemetry;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Telemetry;

/// <summary>What a server in a process of its own tells of itself.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const int Terminate = 15;
    private const string Secret = "hunter2-in-a-param";
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-telemetry-");

    private string Store => Path.Combine(folder.FullName, "store");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_scrape_counts_requests_by_route_and_code_points_commits_and_bytes()
    {
        using var roux = await ServeProcess.StartAsync(Store);
        using var client = new HttpClient { BaseAddress = new Uri(roux.Address) };
        (await client.GetStringAsync("/metrics")).ShouldNotContain("roux_store_points_total 3");
        var run = await LogAsync(client);
        (await client.PutAsync($"{TestServer.Artifacts}0/{run}/artifacts/a.txt", new ByteArrayContent(new byte[1234]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/search") { Headers = { Host = "evil.example" } };
        (await client.SendAsync(foreign)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        var (lines, text) = await ScrapeAsync(client, "roux_artifacts_bytes");

        Value(lines, "http_server_request_duration_seconds_count", "http_route=\"/api/2.0/mlflow/runs/log-batch\"", "http_response_status_code=\"200\"").ShouldBe(1);
        Value(lines, "http_server_request_duration_seconds_bucket", "http_route=\"/api/2.0/mlflow/runs/log-batch\"", "le=\"+Inf\"").ShouldBe(1);
        Value(lines, "roux_store_points_total").ShouldBe(3);
        Value(lines, "roux_store_batch_size_count").ShouldBeGreaterThanOrEqualTo(2);
        Value(lines, "roux_store_commit_duration_seconds_count").ShouldBeGreaterThanOrEqualTo(2);
        Value(lines, "roux_artifacts_bytes_total", "direction=\"in\"").ShouldBe(1234);
        Value(lines, "roux_requests_rejected_total", "reason=\"forbidden\"").ShouldBe(1);
        Value(lines, "roux_store_queue_depth").ShouldBe(0);
        text.ShouldNotContain(run);
        text.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Figures_and_spans_go_to_a_collector_that_the_environment_names()
    {
        using var collector = new OtlpListener();
        using var roux = await ServeProcess.StartAsync(Store, [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=abc"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")]);
        using var client = new HttpClient { BaseAddress = new Uri(roux.Address) };
        var run = await LogAsync(client);
        roux.End(Terminate).ShouldBe(0);

        var traces = collector.Bodies("/v1/traces");
        traces.ShouldContain(Encoding.Latin1.GetString(Convert.FromHexString(TraceId)));
        traces.ShouldContain("POST /api/2.0/mlflow/runs/log-batch");
        traces.ShouldContain("store.write");
        var metrics = collector.Bodies("/v1/metrics");
        metrics.ShouldContain("http.server.request.duration");
        metrics.ShouldContain("roux.store.points");
        metrics.ShouldContain("deployment.environment");
        collector.Calls.ShouldAllBe(call => call.Key == "abc");
        (traces + metrics).ShouldNotContain(Secret);
        (traces + metrics).ShouldNotContain(run);
        (await roux.Errors).ShouldNotContain("abc");
    }

    [Fact]
    public async Task Log_lines_are_JSON_and_name_routes_and_request_ids_but_no_values()
    {
        using var roux = await ServeProcess.StartAsync(Store, "--log-format", "json", "--log-level", "info", "--slow-request", "0.0000001");
        using var client = new HttpClient { BaseAddress = new Uri(roux.Address) };
        var run = await LogAsync(client);
        roux.End(Terminate).ShouldBe(0);

        var text = await roux.Errors;
        var lines = text.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).ToList();
        var batch = lines.Where(line => line["State"]?["Route"]?.GetValue<string>() == "/api/2.0/mlflow/runs/log-batch").ShouldHaveSingleItem();
        batch["LogLevel"]!.GetValue<string>().ShouldBe("Warning");
        batch["Message"]!.GetValue<string>().ShouldStartWith("Slow: POST");
        batch["State"]!["RequestId"]!.GetValue<string>().ShouldBe(TraceId);
        text.ShouldNotContain(Secret);
        text.ShouldNotContain(run);
    }

    [Theory]
    [InlineData("--log-level", "loud")]
    [InlineData("--log-format", "xml")]
    [InlineData("--slow-request", "-1")]
    public void A_wrong_setting_of_the_log_is_a_wrong_call(string option, string value)
    {
        var (code, error) = ServeProcess.Run("serve", "--store", Store, option, value);
        code.ShouldBe(2, error);
        error.ShouldContain(option);
    }

    [Fact]
    public async Task It_is_ready_until_artifacts_cannot_be_stored_and_alive_all_the_while()
    {
        await using var server = await TestServer.StartAsync();
        (await server.GetAsync("/health/live")).Text.ShouldBe("OK");
        var ready = await server.GetAsync("/health/ready");
        ready.Ok["status"]!.GetValue<string>().ShouldBe("ready");
        ready.Ok["checks"]!["writes"]!.GetValue<string>().ShouldBe("ok");

        Directory.Delete(Path.Combine(server.Store, "artifacts"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(server.Store, "artifacts"), "");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);

        var unready = await server.GetAsync("/health/ready");
        unready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        unready.Text.ShouldContain("\"artifacts\":\"they cannot be stored\"");
        unready.Text.ShouldNotContain(server.Store);
        (await server.GetAsync("/health/live")).Text.ShouldBe("OK");
    }

    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.Forbidden)]
    public async Task Orchestrators_ask_under_any_name_but_figures_are_for_names_that_are_allowed(string path, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "10-0-0-7.pod.example" } };
        (await server.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public void The_standard_variables_turn_sending_on_and_off()
    {
        Of().IsOn.ShouldBeFalse();
        Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317")).ShouldBe(new OtlpSettings(Metrics: true, Traces: true));
        Of(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:4318/v1/traces")).ShouldBe(new OtlpSettings(Metrics: false, Traces: true));
        Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_METRICS_EXPORTER", "none")).ShouldBe(new OtlpSettings(Metrics: false, Traces: true));
        Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_SDK_DISABLED", "true")).IsOn.ShouldBeFalse();
        Should.Throw<ServerException>(() => Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"))).Message.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");

        static OtlpSettings Of(params (string Name, string Value)[] variables) => OtlpSettings.Of(name => Array.Find(variables, variable => variable.Name == name).Value);
    }

    /// <summary>Makes a run with a param that is nobody's business and three points, as part of a trace.</summary>
    private static async Task<string> LogAsync(HttpClient client)
    {
        using var created = await client.PostAsJsonAsync(TestServer.Api + "runs/create", new JsonObject { ["experiment_id"] = "0" });
        var run = (await created.Content.ReadFromJsonAsync<JsonNode>())!["run"]!["info"]!["run_id"]!.GetValue<string>();
        var body = new JsonObject
        {
            ["run_id"] = run,
            ["params"] = new JsonArray(new JsonObject { ["key"] = "password", ["value"] = Secret }),
            ["metrics"] = new JsonArray([.. Enumerable.Range(0, 3).Select(step => new JsonObject { ["key"] = "loss", ["value"] = 0.5, ["step"] = step, ["timestamp"] = 1000 + step })]),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, TestServer.Api + "runs/log-batch") { Content = JsonContent.Create(body) };
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using var answer = await client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Request-Id").ShouldBe([TraceId]);
        return run;
    }

    /// <summary>Scrapes until a figure is there: the exporter answers from its last collection for a moment.</summary>
    private static async Task<(List<string> Lines, string Text)> ScrapeAsync(HttpClient client, string wanted)
    {
        for (var attempt = 0; ; attempt++)
        {
            var text = await client.GetStringAsync("/metrics");
            if (text.Contains(wanted, StringComparison.Ordinal) || attempt == 50)
            {
                return ([.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')], text);
            }

            await Task.Delay(100);
        }
    }

    private static double Value(List<string> lines, string name, params string[] labels)
    {
        var line = lines.Find(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && labels.All(label => line.Contains(label, StringComparison.Ordinal)));
        line.ShouldNotBeNull($"{name} {string.Join(' ', labels)} in\n{string.Join('\n', lines)}");
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
