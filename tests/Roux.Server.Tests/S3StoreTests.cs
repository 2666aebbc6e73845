using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tests.S3;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>A server whose artifacts lie in a bucket.</summary>
public sealed class S3StoreTests
{
    private const string Parts = "/api/2.0/mlflow-artifacts/mpu/";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clients_store_list_read_and_remove(bool real)
    {
        using var fake = real ? null : new S3Double();
        await using var server = await StartAsync(fake);
        var run = await server.CreateRunAsync();
        var root = $"{TestServer.Artifacts}0/{run}/artifacts";
        var large = new byte[20_000_000];
        new Random(1).NextBytes(large);
        _ = (await server.SendAsync(HttpMethod.Put, $"{root}/model/large.bin", new ByteArrayContent(large))).Ok;
        _ = (await server.SendAsync(HttpMethod.Put, $"{root}/model/note.txt", new StringContent("hello"))).Ok;

        (await server.GetAsync($"{root}/model/large.bin")).Bytes.ShouldBe(large);
        (await server.GetAsync($"/get-artifact?run_id={run}&path=model/note.txt")).Text.ShouldBe("hello");
        (await server.GetAsync($"artifacts/list?run_id={run}&path=model")).Ok["files"]!.AsArray().Select(file => file!["path"]!.GetValue<string>()).ShouldBe(["model/large.bin", "model/note.txt"]);
        (await server.GetAsync($"{root}/nope")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.SendAsync(HttpMethod.Put, $"{root}/model", new StringContent(""))).Status.ShouldBe(HttpStatusCode.BadRequest);
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m" })).Ok;
        _ = (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "m", ["run_id"] = run, ["source"] = $"runs:/{run}/model" })).Ok;
        _ = (await server.SendAsync(HttpMethod.Delete, $"{root}/model", null)).Ok;
        (await server.GetAsync($"{root}/model/note.txt")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.SendAsync(HttpMethod.Delete, $"{root}/model", null)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync("/model-versions/get-artifact?name=m&version=1&path=note.txt")).Text.ShouldBe("hello");
        _ = (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "m", ["source"] = "models:/m/1" })).Ok;
        _ = (await server.SendAsync(HttpMethod.Delete, "model-versions/delete", TestServer.Json("""{"name": "m", "version": "1"}"""))).Ok;
        (await server.GetAsync("/model-versions/get-artifact?name=m&version=2&path=large.bin")).Bytes.ShouldBe(large);
        Directory.Exists(Path.Combine(server.Store, "artifacts")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_go_to_the_bucket_by_signed_addresses(bool real)
    {
        using var fake = real ? null : new S3Double();
        await using var server = await StartAsync(fake);
        var run = await server.CreateRunAsync();
        var content = new byte[13_000_000];
        new Random(2).NextBytes(content);
        byte[][] parts = [content[..6_000_000], content[6_000_000..12_000_000], content[12_000_000..]];

        var begun = (await PostAsync(server, $"{Parts}create/0/{run}/artifacts/model%20x", new JsonObject { ["path"] = "/home/me/big file.bin", ["num_parts"] = 3 })).Ok;
        var credentials = begun["credentials"]!.AsArray();
        credentials.Select(part => part!["part_number"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
        var sent = new JsonArray();
        foreach (var (part, index) in parts.Select((part, index) => (part, index)))
        {
            using var client = new HttpClient();
            using var answer = await client.PutAsync(credentials[index]!["url"]!.GetValue<string>(), new ByteArrayContent(part));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            sent.Add(new JsonObject { ["part_number"] = index + 1, ["etag"] = answer.Headers.ETag!.Tag, ["url"] = "" });
        }

        var file = $"{TestServer.Artifacts}0/{run}/artifacts/model%20x/big%20file.bin";
        (await server.GetAsync(file)).Status.ShouldBe(HttpStatusCode.NotFound, customMessage: "nothing is there before it is complete");
        _ = (await PostAsync(server, $"{Parts}complete/0/{run}/artifacts/model%20x", new JsonObject { ["path"] = "/home/me/big file.bin", ["upload_id"] = begun["upload_id"]!.DeepClone(), ["parts"] = sent })).Ok;
        (await server.GetAsync(file)).Bytes.ShouldBe(content);

        if (real)
        {
            return; // s3rver knows no aborting.
        }

        var again = (await PostAsync(server, $"{Parts}create/0/{run}/artifacts", new JsonObject { ["path"] = "b.bin", ["num_parts"] = 1 })).Ok;
        _ = (await PostAsync(server, $"{Parts}abort/0/{run}/artifacts", new JsonObject { ["path"] = "b.bin", ["upload_id"] = again["upload_id"]!.DeepClone() })).Ok;
        (await server.GetAsync($"artifacts/list?run_id={run}")).Ok["files"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Signed_addresses_are_good_for_their_part_of_their_file_only()
    {
        using var fake = new S3Double();
        await using var server = await StartAsync(fake);
        var run = await server.CreateRunAsync();
        var begun = (await PostAsync(server, $"{Parts}create/0/{run}/artifacts", new JsonObject { ["path"] = "a.bin", ["num_parts"] = 1 })).Ok;
        var url = begun["credentials"]![0]!["url"]!.GetValue<string>();
        using var client = new HttpClient();
        foreach (var other in new[] { url.Replace("a.bin", "b.bin", StringComparison.Ordinal), url.Replace("partNumber=1", "partNumber=2", StringComparison.Ordinal), url[..url.IndexOf('?', StringComparison.Ordinal)] })
        {
            using var answer = await client.PutAsync(other, new StringContent("x"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await PostAsync(server, $"{Parts}complete/0/{run}/artifacts", new JsonObject { ["path"] = "a.bin", ["upload_id"] = "other", ["parts"] = new JsonArray(new JsonObject { ["part_number"] = 1, ["etag"] = "x" }) })).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var wrong in new JsonObject[]
        {
            new() { ["path"] = "a.bin", ["num_parts"] = 0 }, new() { ["path"] = "a.bin", ["num_parts"] = 10_001 }, new() { ["path"] = "a.bin" }, new() { ["num_parts"] = 1 },
            new() { ["path"] = "x/..", ["num_parts"] = 1 }, new() { ["path"] = "/", ["num_parts"] = 1 }, new() { ["path"] = "%2e%2e", ["num_parts"] = 1 },
        })
        {
            (await PostAsync(server, $"{Parts}create/0/{run}/artifacts", wrong)).Status.ShouldBe(HttpStatusCode.BadRequest, customMessage: wrong.ToJsonString());
        }

        (await PostAsync(server, $"{Parts}create/models/{new string('0', 32)}", new JsonObject { ["path"] = "a.bin", ["num_parts"] = 1 })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [MemberData(nameof(AttackTests.Ways), MemberType = typeof(AttackTests))]
    public async Task No_path_leads_out_of_a_runs_artifacts(string way)
    {
        using var fake = new S3Double();
        await using var server = await StartAsync(fake);
        var run = await server.CreateRunAsync();
        foreach (var place in new[] { "secret.txt", "outside/secret.txt", "etc/passwd" })
        {
            using var put = new HttpRequestMessage(HttpMethod.Put, $"{fake.Endpoint}/{S3Double.Bucket}/{place}") { Content = new StringContent("the secret outside") };
            put.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 test");
            using var client = new HttpClient();
            (await client.SendAsync(put)).EnsureSuccessStatusCode();
        }

        var before = fake.Objects.Keys.Order().ToList();
        foreach (var root in new[] { $"{TestServer.Artifacts}0/{run}/artifacts/", $"{TestServer.Artifacts}models/", TestServer.Artifacts, $"{Parts}create/0/{run}/artifacts/" })
        {
            foreach (var method in root.StartsWith(Parts, StringComparison.Ordinal) ? ["POST"] : new[] { "GET", "DELETE", "PUT" })
            {
                Harmless(await RawAsync(server, method, root + way, method == "PUT" ? "overwritten" : method == "POST" ? """{"path": "x", "num_parts": 1}""" : ""), $"{method} {root}{way}");
            }
        }

        foreach (var query in new[] { $"{TestServer.Api}artifacts/list?run_id={run}&path={way}", $"/get-artifact?run_id={run}&path={way}", $"{TestServer.Artifacts.TrimEnd('/')}?path=0/{run}/artifacts/{way}" })
        {
            Harmless(await RawAsync(server, "GET", query.Replace("\\", "%5C", StringComparison.Ordinal), ""), query);
        }

        fake.Objects.Keys.Where(key => !key.StartsWith($"pre/fix/{run}/", StringComparison.Ordinal)).Order().ToList().ShouldBe(before, "nothing was made or removed elsewhere");
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_used_stops_the_start()
    {
        using var fake = new S3Double();
        var folder = Directory.CreateTempSubdirectory("roux-server-");
        try
        {
            var exception = await Should.ThrowAsync<TrackingException>(() => RouxServer.StartAsync(new ServerOptions
            {
                Store = folder.FullName, Port = 0, Artifacts = $"s3://other-bucket/x?endpoint={fake.Endpoint}",
            }));
            exception.Message.ShouldContain("no bucket 'other-bucket'");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<TestServer> StartAsync(S3Double? fake)
    {
        var place = fake?.Place ?? S3Server.NewPlace();
        return TestServer.StartAsync(options: options => options with { Artifacts = place });
    }

    private static Task<TestServer.Answer> PostAsync(TestServer server, string path, JsonObject body) => server.SendAsync(HttpMethod.Post, path, TestServer.Json(body.ToJsonString()));

    private static void Harmless((int Status, string Text) answer, string what)
    {
        answer.Text.ShouldNotContain("the secret outside", customMessage: what);
        answer.Status.ShouldNotBe(500, what + ": " + answer.Text);
    }

    private static async Task<(int Status, string Text)> RawAsync(TestServer server, string method, string target, string body)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync();
        return (text.Length == 0 ? 0 : int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text);
    }
}
