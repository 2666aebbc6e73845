using System.Globalization;
using System.Net;
using System.Text;
using Roux.Server.Mlflow;
using Roux.Server.Protocol;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Random requests to every endpoint: each is answered, none with a failure of the server, none with what is its own business.</summary>
public class FuzzTests
{
    private const int RequestsEach = 15;

    private static readonly string[] Names =
    [
        "experiment_id", "experiment_ids", "experiment_name", "name", "new_name", "run_id", "run_uuid", "run_ids", "key", "value", "timestamp", "step", "metrics", "params", "tags", "filter", "order_by",
        "max_results", "page_token", "view_type", "run_view_type", "status", "end_time", "start_time", "run_name", "user_id", "metric_key", "start_step", "end_step", "path", "datasets", "dataset", "models",
        "model_id", "source", "version", "stage", "alias", "description", "archive_existing_versions", "stages", "source_run_id", "model_type", "model_json", "artifact_location", "artifact_file_path", "digest", "source_type",
        "rules", "reason", "url", "events", "id", "head", "since", "until", "below", "actor", "action", "model",
    ];

    private static readonly string[] Leaks = ["roux.db", "SQLite", "SELECT ", "INSERT ", "sqlite_", "Exception", "   at ", ".cs:line", "no such table", "constraint"];

    [Fact]
    public async Task Random_requests_meet_no_failure_and_learn_nothing()
    {
        await using var server = await TestServer.StartAsync();
        server.Client.Timeout = TimeSpan.FromSeconds(30);
        var run = await server.CreateRunAsync();
        _ = (await server.PostAsync("runs/log-batch", LoggingTests.Batch(run, Enumerable.Range(0, 20), "loss"))).Ok;
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{run}/artifacts/dir/a.txt", new StringContent("x"))).Ok;
        var random = new Random(20_261_124);
        var failures = new List<string>();
        foreach (var operation in RouteTable.All)
        {
            for (var round = 0; round < RequestsEach; round++)
            {
                var path = PathOf(random, operation, run);
                var query = random.Next(3) == 0 || operation.Method == "GET" ? Query(random, run) : "";
                var body = operation.Method == "GET" ? null : Body(random, run);
                TestServer.Answer answer;
                try
                {
                    answer = await server.SendAsync(new HttpMethod(operation.Method), path + query, body is null ? null : new ByteArrayContent(body));
                }
                catch (UriFormatException)
                {
                    continue;
                }

                var what = $"{operation.Method} {path}{query} {(body is null ? "" : Encoding.UTF8.GetString(body))} → {(int)answer.Status} {answer.Text}";
                if ((int)answer.Status >= 500 && answer.Status != HttpStatusCode.NotImplemented)
                {
                    failures.Add(what);
                }

                if (answer.Status != HttpStatusCode.OK && Leaks.Append(server.Store).Any(leak => answer.Text.Contains(leak, StringComparison.Ordinal)))
                {
                    failures.Add(what);
                }
            }
        }

        failures.ShouldBeEmpty();
        (await server.GetAsync("/health")).Text.ShouldBe("OK");
        using var again = new StringContent("{}");
        (await server.SendAsync(HttpMethod.Post, "experiments/search", again)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string PathOf(Random random, Operation operation, string run)
    {
        var path = operation.Path
            .Replace("{**path}", random.Next(3) == 0 ? $"0/{run}/artifacts/{Escaped(random, run)}" : Escaped(random, run), StringComparison.Ordinal)
            .Replace("{model_id}", random.Next(2) == 0 ? "m-" + run : Escaped(random, run), StringComparison.Ordinal)
            .Replace("{tag}", Escaped(random, run), StringComparison.Ordinal)
            .Replace("{user}", Escaped(random, run), StringComparison.Ordinal)
            .Replace("{project}", Escaped(random, run), StringComparison.Ordinal)
            .Replace("{key_id}", Escaped(random, run), StringComparison.Ordinal);
        return path;
    }

    private static string Escaped(Random random, string run) => random.Next(6) == 0 ? "%2e%2e%2f" + random.Next() : Uri.EscapeDataString(Text(random, run) is { Length: > 0 } text ? text : "x");

    private static string Query(Random random, string run) => "?" + string.Join('&', Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        $"{Names[random.Next(Names.Length)]}={(random.Next(10) == 0 ? "%ff%00%zz" : Uri.EscapeDataString(Text(random, run)))}"));

    private static byte[] Body(Random random, string run)
    {
        if (random.Next(12) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }

        var text = random.Next(10) == 0 ? Json(random, run, 0) : Object(random, run, 0);
        var encoding = random.Next(12) switch { 0 => Encoding.Unicode, 1 => Encoding.Latin1, 2 => Encoding.UTF32, _ => Encoding.UTF8 };
        var bytes = encoding.GetBytes(text);
        return random.Next(15) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static string Json(Random random, string run, int depth) => random.Next(depth > 3 ? 8 : 10) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-5, 2000).ToString(CultureInfo.InvariantCulture),
        3 => new[] { "1e999", "-0.0", "1.5", "9223372036854775807", "9223372036854775808", "-1e30", "1e400", "0.1e-400" }[random.Next(8)],
        4 => "\"\\ud800\"",
        5 or 6 or 7 => System.Text.Json.JsonSerializer.Serialize(Text(random, run)),
        8 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, run, depth + 1)))}]",
        _ => Object(random, run, depth + 1),
    };

    private static string Object(Random random, string run, int depth) => "{" + string.Join(',', Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
    {
        var name = random.Next(4) == 0 ? "run_id" : Names[random.Next(Names.Length)];
        var value = name is "run_id" && random.Next(3) > 0 ? $"\"{run}\"" : name is "experiment_id" && random.Next(2) == 0 ? "\"0\"" : Json(random, run, depth);
        return $"\"{(random.Next(60) == 0 ? "\\ud800" : name)}\":{value}";
    })) + "}";

    private static string Text(Random random, string run)
    {
        string[] known =
        [
            run, "0", "1", "loss", "Default", "ACTIVE_ONLY", "FINISHED", "metrics.loss > 0.1", "metrics.`loss` IS NULL", "tags.a LIKE '%'", "name = 'x'", "params.a = '1' AND metrics.b != 2",
            "metrics.loss DESC", "start_time ASC", "eyJvZmZzZXQiOiAyfQ==", "eyJvZmZzZXQiOiA5MjIzMzcyMDM2ODU0Nzc1ODA3fQ==", "", " ", "'", "\"", "'; DROP TABLE runs; --", "../x", "dir", "dir/a.txt", "mlflow.runName", "mlflow.parentRunId",
            "None", "Production", "NaN", "-1", "1700000000000", "9223372036854775807", "é😀", "\u202e", new string('x', 300), new string('y', 9000), "runs:/" + run + "/dir", "models:/m/1", "mlflow-artifacts:/0/" + run + "/artifacts/dir",
            string.Join(" AND ", Enumerable.Range(0, 60).Select(index => $"metrics.m{index} > 1")), string.Join(" AND ", Enumerable.Range(0, 45).Select(index => $"tags.m{index} != '1'")), "(((((", "a/b/c", "%", "_", "\0", "\u0001",
        ];
        return random.Next(8) == 0 ? random.Next().ToString(CultureInfo.InvariantCulture) : known[random.Next(known.Length)];
    }
}
