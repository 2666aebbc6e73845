using System.Text;
using Microsoft.AspNetCore.Http;
using Roux.Tracking;
using Roux.Tracking.Remote;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Remote;

/// <summary>What the client does with servers that are busy, elsewhere, not what they seem, or want a login: against a double of them.</summary>
public sealed class ConnectionTests
{
    private const string Secret = "s3cret-passw0rd";

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task The_time_that_a_busy_server_asks_for_is_waited(int status)
    {
        await using var server = await ServerDouble.StartAsync(http =>
        {
            http.Response.Headers.RetryAfter = "7";
            return ServerDouble.Json(http, status, """{"error_code":"X","message":"too many"}""");
        });
        var failure = await FailureAsync(server.Address);
        failure.Failure.ShouldBe(RemoteFailure.Busy);
        failure.IsPassing.ShouldBeTrue();
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        new Backoff(new Random(1)).Next(failure.RetryAfter).ShouldBeGreaterThan(TimeSpan.FromSeconds(7));
        new Backoff(new Random(1)).Next(TimeSpan.FromDays(30)).ShouldBeLessThan(TimeSpan.FromMinutes(11), "nobody waits for a month");
    }

    [Fact]
    public async Task A_time_of_day_is_understood_too()
    {
        await using var server = await ServerDouble.StartAsync(http =>
        {
            http.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddMinutes(2).ToString("R");
            return ServerDouble.Json(http, 503, "{}");
        });
        (await FailureAsync(server.Address)).RetryAfter!.Value.TotalSeconds.ShouldBeInRange(60, 121);
    }

    [Fact]
    public async Task The_login_never_goes_along_to_another_server()
    {
        await using var other = await ServerDouble.StartAsync(http => ServerDouble.Json(http, 200, "{}"));
        foreach (var status in new[] { 301, 302, 307, 308 })
        {
            await using var server = await ServerDouble.StartAsync(http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = other.Address + "/login?from=here";
                return Task.CompletedTask;
            });
            var failure = await FailureAsync(server.Address, ("MLFLOW_TRACKING_TOKEN", Secret));
            failure.Failure.ShouldBe(RemoteFailure.Foreign);
            failure.Message.ShouldContain("redirect");
            failure.ToString().ShouldNotContain(Secret);
            server.Requests.ShouldHaveSingleItem().Login.ShouldBe("Bearer " + Secret);
        }

        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_within_the_server_is_followed_but_not_for_ever()
    {
        await using var server = await ServerDouble.StartAsync(http =>
        {
            if (http.Request.Path.StartsWithSegments("/moved"))
            {
                return ServerDouble.Json(http, 200, """{"ok":true}""");
            }

            http.Response.StatusCode = 302;
            http.Response.Headers.Location = http.Request.Path.Value!.Contains("loop", StringComparison.Ordinal) ? http.Request.Path.Value : "/moved/there";
            return Task.CompletedTask;
        });
        using var connection = Connect(server.Address, ("MLFLOW_TRACKING_TOKEN", Secret));
        (await connection.GetAsync("experiments/get", default)).GetProperty("ok").GetBoolean().ShouldBeTrue();
        server.Requests.Last().Login.ShouldBe("Bearer " + Secret);
        (await Should.ThrowAsync<RemoteException>(connection.GetAsync("loop", default))).Failure.ShouldBe(RemoteFailure.Foreign);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_explained()
    {
        await using var server = await ServerDouble.StartAsync(http => ServerDouble.Json(http, 200, "{}"), tls: true);
        var address = server.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var failure = await FailureAsync(address, ("MLFLOW_TRACKING_TOKEN", Secret));
        failure.Failure.ShouldBe(RemoteFailure.Unreachable);
        failure.Message.ShouldContain("certificate is not trusted");
        failure.Message.ShouldContain("SSL_CERT_FILE");
        server.Requests.ShouldBeEmpty("the login is not sent to whoever answers");

        using var trusting = Connect(address, ("MLFLOW_TRACKING_INSECURE_TLS", "true"));
        await trusting.GetAsync("experiments/get", default);
    }

    [Fact]
    public async Task Logins_of_all_kinds_arrive()
    {
        await using var server = await ServerDouble.StartAsync(http => ServerDouble.Json(http, 200, "{}"));
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:" + Secret));
        await LoginAsync(server, server.Address.Replace("://", $"://ann:{Secret}@", StringComparison.Ordinal), basic);
        await LoginAsync(server, server.Address, basic, ("MLFLOW_TRACKING_USERNAME", "ann"), ("MLFLOW_TRACKING_PASSWORD", Secret));
        await LoginAsync(server, server.Address, "Bearer " + Secret, ("MLFLOW_TRACKING_TOKEN", Secret));
        await LoginAsync(server, server.Address, "Bearer " + Secret, ("ROUX_API_KEY", Secret), ("MLFLOW_TRACKING_TOKEN", "other"));
        await LoginAsync(server, "databricks", "Bearer " + Secret, ("DATABRICKS_HOST", server.Address), ("DATABRICKS_TOKEN", Secret));

        var profiles = Path.GetTempFileName();
        try
        {
            File.WriteAllText(profiles, $"[DEFAULT]\nhost = https://nowhere.example\ntoken = x\n[work]\nhost = {server.Address}/\ntoken = {Secret}\n");
            await LoginAsync(server, "databricks://work", "Bearer " + Secret, ("DATABRICKS_CONFIG_FILE", profiles));
        }
        finally
        {
            File.Delete(profiles);
        }

        server.Requests.ShouldAllBe(request => request.Path == "/api/2.0/mlflow/experiments/get");
    }

    [Fact]
    public async Task A_login_that_is_refused_is_told_without_it()
    {
        await using var server = await ServerDouble.StartAsync(http => ServerDouble.Json(http, 401, """{"message":"no such token"}"""));
        var failure = await FailureAsync(server.Address, ("MLFLOW_TRACKING_TOKEN", Secret));
        failure.Failure.ShouldBe(RemoteFailure.Denied);
        failure.Message.ShouldContain("401");
        failure.ToString().ShouldNotContain(Secret);
        (await FailureAsync(server.Address)).Message.ShouldContain("MLFLOW_TRACKING_TOKEN");
    }

    [Fact]
    public async Task A_page_that_is_no_answer_is_told()
    {
        await using var server = await ServerDouble.StartAsync(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<html>Please log in</html>");
        });
        (await FailureAsync(server.Address)).Message.ShouldContain("login page");
    }

    private static async Task LoginAsync(ServerDouble server, string address, string expected, params (string Name, string Value)[] variables)
    {
        using var connection = Connect(address, variables);
        connection.Address.ToString().ShouldNotContain(Secret);
        await connection.GetAsync("experiments/get", default);
        server.Requests.Last().Login.ShouldBe(expected);
    }

    private static async Task<RemoteException> FailureAsync(string address, params (string Name, string Value)[] variables)
    {
        using var connection = Connect(address, variables);
        return await Should.ThrowAsync<RemoteException>(connection.GetAsync("experiments/get", default));
    }

    private static MlflowConnection Connect(string address, params (string Name, string Value)[] variables) =>
        new MlflowConnection(ServerAddress.Parse(address, name => variables.FirstOrDefault(variable => variable.Name == name).Value));
}
