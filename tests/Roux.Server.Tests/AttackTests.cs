using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>What somebody with a browser, a script or patience may try.</summary>
public sealed class AttackTests
{
    private const string Secret = "the secret outside";

    public static TheoryData<string> Ways =>
    [
        "../secret.txt", "../../secret.txt", "../../../../../../etc/passwd", "..%2F..%2Fsecret.txt", "%2e%2e/%2e%2e/secret.txt", "%2e%2e%2f%2e%2e%2fsecret.txt",
        "%252e%252e/%252e%252e/secret.txt", "%252e%252e%252fsecret.txt", "%25252e%25252e/secret.txt", "..%5C..%5Csecret.txt", "..\\..\\secret.txt", "%5c..%5csecret.txt",
        "/etc/passwd", "%2Fetc%2Fpasswd", "//etc/passwd", "%2F%2Fetc/passwd", "file:/etc/passwd", "file:///etc/passwd", "FILE:%2F%2F%2Fetc/passwd", "http:///etc/passwd", "C:%5Csecret.txt", "c:/secret.txt",
        "dir/../../secret.txt", "dir/./../../secret.txt", "dir/..;/../secret.txt", "./../secret.txt", "..%00/secret.txt", "a%00.txt", "secret.txt%00.png",
        "link/secret.txt", "link", "linkfile", "..%c0%af..%c0%afsecret.txt", "%ff%fe", "..%23/secret.txt", "%2e%2e", ".", "%2e", "..", "%0a", "a/%0d%0ab",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_path_leads_out_of_a_runs_artifacts(string way)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        var model = await LoggedModelAsync(server, run);
        var folder = Path.Combine(server.Store, "artifacts", run);
        Directory.CreateDirectory(Path.Combine(folder, "dir"));
        var outside = Directory.CreateDirectory(Path.Combine(server.Store, "outside"));
        foreach (var place in new[] { outside.FullName, server.Store, Path.Combine(server.Store, "artifacts"), Path.GetDirectoryName(server.Store)! })
        {
            File.WriteAllText(Path.Combine(place, "secret.txt"), Secret);
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(folder, "linkfile"), Path.Combine(outside.FullName, "secret.txt"));
        var before = Snapshot(server.Store);

        foreach (var root in new[] { $"{TestServer.Artifacts}0/{run}/artifacts/", $"{TestServer.Artifacts}0/models/{model}/artifacts/", $"{TestServer.Artifacts}models/", TestServer.Artifacts })
        {
            foreach (var method in new[] { "GET", "DELETE", "PUT" })
            {
                Harmless(await RawAsync(server, method, root + way, method == "PUT" ? "overwritten" : ""), $"{method} {root}{way}");
            }
        }

        foreach (var query in new[]
        {
            $"{TestServer.Api}artifacts/list?run_id={run}&path={way}", $"/get-artifact?run_id={run}&path={way}", $"{TestServer.Api}logged-models/{model}/artifacts/directories?artifact_directory_path={way}",
            $"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path={way}",
            $"{TestServer.Artifacts.TrimEnd('/')}?path=0/{run}/artifacts/{way}", $"/get-artifact?run_id={way}&path=secret.txt", $"{TestServer.Artifacts.TrimEnd('/')}?path={way}",
        })
        {
            Harmless(await RawAsync(server, "GET", query.Replace("\\", "%5C", StringComparison.Ordinal), ""), query);
        }

        Snapshot(server.Store).Except(before).Where(file => !file.StartsWith(folder, StringComparison.Ordinal) && !file.Contains("roux.db", StringComparison.Ordinal)
            && !file.Contains("logged-models", StringComparison.Ordinal) && !file.Contains(".tmp", StringComparison.Ordinal)).ShouldBeEmpty();
        before.Except(Snapshot(server.Store)).Where(file => !file.Contains("roux.db", StringComparison.Ordinal)).ShouldBeEmpty("nothing was removed");
        File.ReadAllText(Path.Combine(outside.FullName, "secret.txt")).ShouldBe(Secret);
    }

    public static TheoryData<string> Sources =>
    [
        "/etc", "file:///etc", "file:/etc", "../../etc", "http://169.254.169.254/latest", "https://example.org/model", "s3://bucket/model", "dbfs:/x", "runs:/OTHER/model",
        "mlflow-artifacts:/0/OTHER/artifacts/model", "mlflow-artifacts:/0/RUN/artifacts/../../x", "mlflow-artifacts:/0/RUN/artifacts/%2e%2e/x", "mlflow-artifacts:/0/RUN/artifacts/link",
        "mlflow-artifacts://evil.example/0/RUN/artifacts/model", "mlflow-artifacts:/0/RUN/artifacts/model/../../../OTHER", "mlflow-artifacts:/../../etc", "models:/../x/1", "models:/m-../../x", "runs:/RUN/../OTHER/model",
        "runs:/RUN/link/secret.txt", "mlflow-artifacts:/models/00000000000000000000000000000000/x", "mlflow-artifacts:/0/RUN/artifacts/#/../../x", "mlflow-artifacts:/0/RUN/artifacts;/../../x",
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_model_version_comes_from_its_own_run_only(string source)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        var other = await server.CreateRunAsync();
        foreach (var owner in new[] { run, other })
        {
            _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{owner}/artifacts/model/a.txt", new StringContent("x"))).Ok;
        }

        Directory.CreateSymbolicLink(Path.Combine(server.Store, "artifacts", run, "link"), "/etc");
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m" })).Ok;

        var answer = await server.PostAsync("model-versions/create", new JsonObject
        {
            ["name"] = "m", ["run_id"] = run,
            ["source"] = source.Replace("RUN", run, StringComparison.Ordinal).Replace("OTHER", other, StringComparison.Ordinal),
        });

        ((int)answer.Status).ShouldBeInRange(400, 404, answer.Text);
        answer.Text.ShouldNotContain(server.Store);
    }

    [Theory]
    [InlineData("evil.example", null, null, "GET", 403)]
    [InlineData("evil.example:5000", null, null, "POST", 403)]
    [InlineData("127.0.0.1.evil.example", null, null, "GET", 403)]
    [InlineData("localhost", null, null, "GET", 200)]
    [InlineData("127.0.0.1:9", null, null, "GET", 200)]
    [InlineData("[::1]", null, null, "GET", 200)]
    [InlineData("roux.example.org", null, null, "GET", 200)]
    [InlineData("localhost", "http://evil.example", null, "POST", 403)]
    [InlineData("localhost", "null", null, "POST", 403)]
    [InlineData("localhost", "http://localhost:81", null, "POST", 403)]
    [InlineData("localhost", "http://localhost", null, "POST", 200)]
    [InlineData("localhost", null, "cross-site", "POST", 403)]
    [InlineData("localhost", null, "same-site", "POST", 403)]
    [InlineData("localhost", null, "same-origin", "POST", 200)]
    [InlineData("localhost", null, "none", "POST", 200)]
    public async Task Other_hosts_and_other_sites_are_kept_out(string host, string? origin, string? site, string method, int status)
    {
        await using var server = await TestServer.StartAsync(options: options => options with { AllowedHosts = ["roux.example.org"] });
        using var request = new HttpRequestMessage(new HttpMethod(method), TestServer.Api + "experiments/search");
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Origin", origin ?? "");
        if (origin is null)
        {
            request.Headers.Remove("Origin");
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using var response = await server.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.7")]
    [InlineData("::")]
    public async Task A_public_address_without_users_is_refused_with_the_remedy(string host)
    {
        var folder = Directory.CreateTempSubdirectory("roux-server-");
        try
        {
            var exception = await Should.ThrowAsync<ServerException>(() => RouxServer.StartAsync(new ServerOptions { Store = folder.FullName, Host = host, Port = 0 }));
            exception.Message.ShouldContain("--allow-unauthenticated-public");
            exception.Message.ShouldContain("ssh -L");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("page.html", "<script>alert(1)</script>", true)]
    [InlineData("plot.svg", "<svg onload='alert(1)'/>", true)]
    [InlineData("evil.HTM", "<script>", true)]
    [InlineData("noextension", "<script>", true)]
    [InlineData("note.txt", "hello", false)]
    [InlineData("roc.png", "png", false)]
    public async Task Artifacts_do_not_run_in_a_browser(string name, string content, bool saved)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{run}/artifacts/{name}", new StringContent(content))).Ok;

        foreach (var path in new[] { $"{TestServer.Artifacts}0/{run}/artifacts/{name}", $"/get-artifact?run_id={run}&path={name}" })
        {
            using var response = await server.Client.GetAsync(path);
            (await response.Content.ReadAsStringAsync()).ShouldBe(content);
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
            response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe(saved ? "attachment" : "inline");
            if (saved)
            {
                response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
            }
        }
    }

    [Fact]
    public async Task Oversized_and_deep_requests_are_refused()
    {
        await using var server = await TestServer.StartAsync(options: options => options with { MaxRequestBytes = 100_000, MaxArtifactBytes = 200_000 });
        var run = await server.CreateRunAsync();
        var large = new string('x', 150_000);
        (await server.PostAsync("experiments/create", new JsonObject { ["name"] = large })).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await server.SendAsync(HttpMethod.Post, "experiments/create", TestServer.Json(new string('[', 5000)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var path = $"{TestServer.Artifacts}0/{run}/artifacts/large.bin";
        _ = (await server.SendAsync(HttpMethod.Put, path, new StringContent(large))).Ok;
        (await server.SendAsync(HttpMethod.Put, path, new StringContent(large + large))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await server.GetAsync(path)).Bytes.Length.ShouldBe(large.Length, "what was there stays when its replacement is refused");
    }

    [Fact]
    public async Task A_client_that_dawdles_is_dropped()
    {
        await using var server = await TestServer.StartAsync(options: options => options with { HeaderPatience = TimeSpan.FromSeconds(1) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: local"u8.ToArray());
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldStartWith("HTTP/1.1 408");
    }

    [Fact]
    public async Task An_artifact_location_of_the_clients_choice_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var place in new[] { "/etc", "file:///tmp/x", "s3://bucket/x", "mlflow-artifacts:/7" })
        {
            var answer = await server.PostAsync("experiments/create", new JsonObject { ["name"] = "e", ["artifact_location"] = place });
            answer.Status.ShouldBe(HttpStatusCode.BadRequest);
            answer.Error.ShouldBe("INVALID_PARAMETER_VALUE");
        }
    }

    [Fact]
    public async Task The_registrys_copies_never_change()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{run}/artifacts/model/a.txt", new StringContent("first"))).Ok;
        _ = (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "m" })).Ok;
        _ = (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "m", ["run_id"] = run, ["source"] = $"runs:/{run}/model" })).Ok;
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{run}/artifacts/model/a.txt", new StringContent("second"))).Ok;

        var uri = (await server.GetAsync("model-versions/get-download-uri?name=m&version=1")).Ok["artifact_uri"]!.GetValue<string>();
        var place = TestServer.Artifacts + uri["mlflow-artifacts:/".Length..] + "/a.txt";

        (await server.GetAsync(place)).Text.ShouldBe("first");
        (await server.SendAsync(HttpMethod.Put, place, new StringContent("third"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.SendAsync(HttpMethod.Delete, place, null)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.GetAsync("/model-versions/get-artifact?name=m&version=1&path=a.txt")).Text.ShouldBe("first");
        using var tracker = Tracker.OpenReadOnly(server.Store);
        var version = tracker.Models.Find("m/1")!;
        File.ReadAllText(Path.Combine(version.Location, "a.txt")).ShouldBe("first");
        version.Bytes.ShouldBe(5);
    }

    private static async Task<string> LoggedModelAsync(TestServer server, string run) =>
        (await server.PostAsync("logged-models", new JsonObject { ["experiment_id"] = "0", ["name"] = "lm", ["source_run_id"] = run })).Ok["model"]!["info"]!["model_id"]!.GetValue<string>();

    private static void Harmless((int Status, string Text) answer, string what)
    {
        answer.Text.ShouldNotContain(Secret, customMessage: what);
        answer.Text.ShouldNotContain("root:", customMessage: what);
        answer.Status.ShouldNotBe(500, what + ": " + answer.Text);
    }

    private static List<string> Snapshot(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })];

    /// <summary>Sends a request target as it is: a client library would tidy it.</summary>
    private static async Task<(int Status, string Text)> RawAsync(TestServer server, string method, string target, string body)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        var request = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync();
        return (text.Length == 0 ? 0 : int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text);
    }
}
