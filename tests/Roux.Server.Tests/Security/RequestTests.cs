using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>How requests come: compressed, slowly, over TLS, through proxies, on addresses that others reach.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Compressed_bodies_are_read_up_to_what_a_body_may_be()
    {
        await using var server = await TestServer.StartAsync(options: options => options with { MaxRequestBytes = 4 << 20 });
        var run = await server.CreateRunAsync();
        (await SendAsync("runs/log-batch", Zip(LoggingTests.Batch(run, Enumerable.Range(0, 500), "loss").ToJsonString()), "gzip")).Ok.ShouldNotBeNull();
        (await LoggingTests.StepsAsync(server, run, "loss")).Count().ShouldBe(500);
        (await SendAsync("runs/set-tag", Zip(new JsonObject { ["run_id"] = run, ["key"] = "k", ["value"] = "v" }.ToJsonString()), "gzip")).Ok.ShouldNotBeNull();

        var bomb = Zip("{\"run_id\": \"" + new string('x', 64 << 20) + "\"}");
        bomb.Length.ShouldBeLessThan(1 << 20);
        (await SendAsync("runs/log-batch", bomb, "gzip")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SendAsync("runs/set-tag", bomb, "gzip")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SendAsync("runs/set-tag", Zip("{\"run_id\": \"" + new string('x', 3 << 20) + "\"}"), "gzip")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, "small enough, and yet too good to be true");
        (await SendAsync("runs/set-tag", Encoding.UTF8.GetBytes("no gzip"), "gzip")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("runs/set-tag", bomb, "br")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await SendAsync("runs/set-tag", bomb, "gzip, gzip")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);

        Task<TestServer.Answer> SendAsync(string path, byte[] body, string encoding)
        {
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            return server.SendAsync(HttpMethod.Post, path, content);
        }
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up()
    {
        await using var server = await TestServer.StartAsync(options: options => options with { BodyPatience = TimeSpan.FromSeconds(1.5) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {TestServer.Api}experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{{\"f"));
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldContain("408");
    }

    [Fact]
    public async Task Heads_beyond_measure_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (name, value, times) in new[] { ("X-Long", new string('x', 40_000), 1), ("X-Many", "x", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
            for (var index = 0; index < times; index++)
            {
                request.Headers.Add(name + index, value);
            }

            using var response = await server.Client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        }

        (await server.GetAsync("/health?" + new string('x', 20_000))).Status.ShouldBe(HttpStatusCode.RequestUriTooLong);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TLS_with_a_certificate_of_ones_own(bool pfx)
    {
        var folder = Directory.CreateTempSubdirectory("roux-tls-");
        try
        {
            var (file, key) = MakeCertificate(folder.FullName, pfx);
            await using var team = await Team.StartAsync(options => options with { Security = new ServerSecurity { TlsCertificate = file, TlsKey = key, TlsPassword = pfx ? "secret" : null } });
            team.Server.Client.BaseAddress!.Scheme.ShouldBe("https");
            using var client = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == "CN=roux" } })
            {
                BaseAddress = team.Server.Client.BaseAddress,
            };
            using var response = await client.PostAsync("/login", new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "root", ["password"] = Team.Password }));
            response.RequestMessage!.RequestUri!.Scheme.ShouldBe("https");
            using var health = await client.GetAsync("/health");
            health.Headers.GetValues("Strict-Transport-Security").ShouldNotBeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Only_named_proxies_are_believed()
    {
        await using var believed = await Team.StartAsync(options => options with { Security = new ServerSecurity { TrustedProxies = ["127.0.0.0/8"] } });
        (await CookieOf(believed)).ShouldStartWith("__Host-roux-session");
        await using var unknown = await Team.StartAsync(options => options with { Security = new ServerSecurity { TrustedProxies = ["192.0.2.1"] } });
        (await CookieOf(unknown)).ShouldStartWith("roux-session");

        static async Task<string> CookieOf(Team team)
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = team.Server.Client.BaseAddress };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "root", ["password"] = Team.Password }) };
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            using var response = await client.SendAsync(request);
            return response.Headers.GetValues("Set-Cookie").Single();
        }
    }

    [Fact]
    public void A_public_address_takes_users_and_encryption()
    {
        var open = new ServerOptions { Store = "s", Host = "0.0.0.0" };
        var (everywhere, here) = (IPAddress.Any, IPAddress.Loopback);
        Refused(open, hasUsers: false).ShouldContain("roux users add NAME --role admin --store s");
        Refused(open, hasUsers: true).ShouldContain("--tls-cert");
        Refused(open with { Security = new() { Auth = AuthMode.Off } }, hasUsers: true).ShouldContain("--allow-unauthenticated-public");
        Refused(open with { Security = new() { Auth = AuthMode.On }, AllowUnauthenticatedPublic = true }, hasUsers: false).ShouldContain("roux users add");
        foreach (var safe in new ServerSecurity[] { new() { AllowPlainHttp = true }, new() { TlsCertificate = "x" }, new() { TrustedProxies = ["192.0.2.1"] } })
        {
            ListenAddress.Decide(open with { Security = safe }, everywhere, hasUsers: true).ShouldBe(AuthMode.On);
        }

        ListenAddress.Decide(open with { AllowUnauthenticatedPublic = true }, everywhere, hasUsers: false).ShouldBe(AuthMode.Auto, "users that are made later count");
        ListenAddress.Decide(open with { Host = "127.0.0.1" }, here, hasUsers: false).ShouldBe(AuthMode.Auto);
        ListenAddress.Decide(open with { Security = new() { Oidc = new OidcSettings { Authority = "https://id.example.org", ClientId = "roux" } } }, here, hasUsers: false).ShouldBe(AuthMode.On);
        Should.Throw<ServerException>(() => ListenAddress.Decide(open with { Security = new() { CorsOrigins = ["*"] } }, here, false)).Message.ShouldContain("--cors-origin");
        Should.Throw<ServerException>(() => ListenAddress.Decide(open with { Security = new() { Oidc = new OidcSettings { Authority = "http://id.example.org", ClientId = "roux" } } }, here, false)).Message.ShouldContain("https");

        string Refused(ServerOptions options, bool hasUsers) => Should.Throw<ServerException>(() => ListenAddress.Decide(options, everywhere, hasUsers)).Message;
    }

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    private static (string File, string? Key) MakeCertificate(string folder, bool pfx)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=roux", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(folder, pfx ? "roux.pfx" : "roux.pem");
        if (pfx)
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
            return (file, null);
        }

        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "roux.key"), key.ExportPkcs8PrivateKeyPem());
        return (file, Path.Combine(folder, "roux.key"));
    }
}
