using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>Passwords and keys: who gets in, what guessing comes to, and how fast a revoked key ends.</summary>
public sealed class LoginTests
{
    private const string Search = TestServer.Api + "experiments/search";

    [Fact]
    public async Task Passwords_and_keys_log_in_as_MLflow_clients_send_them()
    {
        await using var team = await Team.StartAsync();
        var key = team.Keys["ed"];
        (await Status(team, Basic("root", Team.Password))).ShouldBe(200);
        (await Status(team, Basic("ROOT", Team.Password))).ShouldBe(200, "capital letters make no difference in names");
        (await Status(team, "Bearer " + key)).ShouldBe(200);
        (await Status(team, "bearer " + key)).ShouldBe(200);
        (await Status(team, Basic("ed", key))).ShouldBe(200, "a key does for its user's password");
        foreach (var wrong in new[]
        {
            Basic("vi", key), Basic("root", "wrong"), Basic("nobody-here", Team.Password), Basic("", ""), Basic("ed", ""), "Bearer " + key[..^1], "Bearer " + key + "x", "Bearer roux_", "Bearer x.y.z", "Bearer",
            "Basic", "Basic !!!", "Basic " + Convert.ToBase64String([0xff, 0xfe, (byte)':', 0x80]), "Basic cm9vdA==", "Digest x", "Negotiate abc", key, "Basic " + new string('A', 10_000),
        })
        {
            (await Status(team, wrong)).ShouldBe(401, wrong);
        }
    }

    [Fact]
    public async Task Unknown_users_and_wrong_passwords_get_the_same_answer()
    {
        await using var team = await Team.StartAsync();
        var answers = new List<string>();
        foreach (var (name, password) in new[] { ("root", "a wrong password"), ("no-such-user", "a wrong password"), ("vi", "has only keys here"), ("", "x"), ("root", new string('x', 3000)) })
        {
            using var response = await SendAsync(team, Basic(name, password));
            answers.Add($"{(int)response.StatusCode} {response.Headers.WwwAuthenticate} {await response.Content.ReadAsStringAsync()}");
        }

        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("401 Basic");
    }

    [Fact]
    public async Task Unknown_users_cost_the_slow_hash_too()
    {
        // Not by the clock: the decoy is a hash of the same kind, and is what gets checked.
        var real = Passwords.Hash("some password");
        Passwords.Check(null, "anything").ShouldBe((false, null));
        Passwords.Check(real, "some password").ShouldBe((true, null));
        var iterations = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(real).AsSpan(5));
        iterations.ShouldBeGreaterThanOrEqualTo(210_000u);
        await Task.CompletedTask;
    }

    [Fact]
    public void Guessing_waits_longer_and_longer_for_users_that_are_there_or_not()
    {
        var clock = new Clock();
        var guard = new LoginGuard(clock);
        var (here, elsewhere) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        for (var attempt = 0; attempt < 6; attempt++)
        {
            guard.Wait("ann", here).ShouldBeNull();
            guard.Failed("ann", here);
        }

        guard.Wait("ann", here).ShouldBe(TimeSpan.FromSeconds(1));
        guard.Failed("ann", here);
        guard.Wait("ann", here).ShouldBe(TimeSpan.FromSeconds(2));
        guard.Wait("ann", elsewhere).ShouldBeNull("nobody can lock her out where she is");
        guard.Wait("bob", here).ShouldBeNull();
        clock.Now += TimeSpan.FromSeconds(2);
        guard.Wait("ann", here).ShouldBeNull();
        for (var attempt = 0; attempt < 40; attempt++)
        {
            guard.Failed("ann", here);
        }

        guard.Wait("ann", here).ShouldBe(TimeSpan.FromMinutes(15), "never longer");
        guard.Wait("ann", IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(TimeSpan.FromMinutes(15), "the same address in another dress");
        guard.Failed("x", here);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            guard.Failed($"user{attempt}", here);
        }

        guard.Wait("yet-another", here).ShouldNotBeNull("one password tried on many users");
        guard.Succeeded("ann", here);
        clock.Now += TimeSpan.FromHours(1);
        guard.Wait("ann", here).ShouldBeNull();
    }

    [Fact]
    public async Task Guessing_over_HTTP_ends_in_429_for_everybody_alike()
    {
        await using var team = await Team.StartAsync();
        foreach (var name in new[] { "root", "no-such-user" })
        {
            var last = 0;
            for (var attempt = 0; attempt < 12 && last != 429; attempt++)
            {
                last = await Status(team, Basic(name, "wrong " + attempt));
            }

            last.ShouldBe(429, name);
        }

        (await Status(team, "Bearer " + team.Keys["root"])).ShouldBe(200, "keys cannot be guessed and go on");
    }

    [Fact]
    public async Task Revoked_keys_and_changed_passwords_end_here_at_once_and_elsewhere_soon()
    {
        await using var team = await Team.StartAsync();
        await using var second = await RouxServer.StartAsync(new ServerOptions { Store = team.Server.Store, Port = 0 });
        using var other = new HttpClient { BaseAddress = new Uri(second.Address) };
        (await Status(other, "Bearer " + team.Keys["ed"])).ShouldBe(200);
        (await Status(team, Basic("root", Team.Password))).ShouldBe(200);
        var id = (await team.GetAsync("root", "/api/roux/v1/keys?user=ed")).Ok["keys"]!.AsArray().ShouldHaveSingleItem()!["key_id"]!.GetValue<string>();

        _ = (await team.SendAsync("root", HttpMethod.Delete, $"/api/roux/v1/keys/{id}")).Ok;
        _ = (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/users/root/password", new JsonObject { ["password"] = "another long password" })).Ok;

        (await Status(team, "Bearer " + team.Keys["ed"])).ShouldBe(401);
        (await Status(team, Basic("root", Team.Password))).ShouldBe(401, "verified a moment ago, and changed since");
        (await Status(team, Basic("root", "another long password"))).ShouldBe(200);
        for (var wait = 0; wait < 200 && await Status(other, "Bearer " + team.Keys["ed"]) == 200; wait++)
        {
            await Task.Delay(50);
        }

        (await Status(other, "Bearer " + team.Keys["ed"])).ShouldBe(401);
    }

    [Fact]
    public async Task A_key_gives_no_more_than_it_says()
    {
        await using var team = await Team.StartAsync();
        var things = await team.FillAsync("maker", "films-1");
        var readOnly = await KeyAsync(new JsonObject { ["name"] = "reader", ["role"] = "viewer" });
        var films = await KeyAsync(new JsonObject { ["name"] = "films", ["project"] = "films", ["role"] = "editor" });
        var run = new JsonObject { ["experiment_id"] = things.Experiment };
        (await Post(readOnly, "runs/create", run)).ShouldBe(403);
        (await Get(readOnly, "experiments/get?experiment_id=0")).ShouldBe(200);
        (await Post(films, "runs/create", run)).ShouldBe(200);
        (await Get(films, "experiments/get?experiment_id=0")).ShouldBe(404);
        (await Get(films, "/api/roux/v1/users")).ShouldBe(403, "its user is an admin, the key is not");

        // A key made with a key gives no more than that one.
        var made = await team.Server.SendAsync(HttpMethod.Post, "/api/roux/v1/me/keys", TestServer.Json(new JsonObject { ["name"] = "more", ["role"] = "admin" }.ToJsonString()), readOnly);
        (await Post(made.Ok["key"]!.GetValue<string>(), "runs/create", run)).ShouldBe(403);
        (await team.Server.SendAsync(HttpMethod.Post, "/api/roux/v1/me/keys", TestServer.Json(new JsonObject { ["name"] = "other", ["project"] = "books" }.ToJsonString()), films)).Status.ShouldBe(HttpStatusCode.BadRequest);

        async Task<string> KeyAsync(JsonObject body) => (await team.PostAsync("root", "/api/roux/v1/me/keys", body)).Ok["key"]!.GetValue<string>();
        async Task<int> Post(string key, string path, JsonObject body) => (int)(await team.Server.SendAsync(HttpMethod.Post, path, TestServer.Json(body.ToJsonString()), key)).Status;
        async Task<int> Get(string key, string path) => (int)(await team.Server.SendAsync(HttpMethod.Get, path, null, key)).Status;
    }

    [Fact]
    public async Task A_key_ends_when_it_says()
    {
        var clock = new Clock { Now = DateTimeOffset.UtcNow };
        await using var team = await Team.StartAsync(options => options with { Time = clock });
        var key = (await team.PostAsync("ed", "/api/roux/v1/me/keys", new JsonObject { ["name"] = "short", ["days"] = 1 })).Ok["key"]!.GetValue<string>();
        (await Status(team, "Bearer " + key)).ShouldBe(200);
        clock.Now += TimeSpan.FromDays(1.01);
        (await Status(team, "Bearer " + key)).ShouldBe(401);
    }

    [Fact]
    public async Task A_user_changes_the_own_password_with_the_old_one_and_the_last_admin_stays()
    {
        await using var team = await Team.StartAsync();
        (await Change("wrong old password", "a brand new password")).ShouldBe(403);
        (await Change(Team.Password, "short")).ShouldBe(400);
        (await Change(Team.Password, "a brand new password")).ShouldBe(200);
        (await Status(team, Basic("root", "a brand new password"))).ShouldBe(200);
        (await team.SendAsync("root", HttpMethod.Delete, "/api/roux/v1/users/root")).Text.ShouldContain("last admin");
        (await team.SendAsync("root", HttpMethod.Put, "/api/roux/v1/users/root/role", new JsonObject { ["role"] = "viewer" })).Text.ShouldContain("last admin");
        _ = (await team.SendAsync("root", HttpMethod.Delete, "/api/roux/v1/users/vi")).Ok;
        (await Status(team, "Bearer " + team.Keys["vi"])).ShouldBe(401, "keys go with their user");

        async Task<int> Change(string old, string password) =>
            (int)(await team.PostAsync("root", "/api/roux/v1/me/password", new JsonObject { ["old_password"] = old, ["password"] = password })).Status;
    }

    [Fact]
    public async Task The_first_user_is_an_admin()
    {
        var folder = Directory.CreateTempSubdirectory("roux-users-");
        try
        {
            using var tracker = Tracker.Open(folder.FullName);
            var accounts = new Accounts(tracker);
            (await Should.ThrowAsync<TrackingException>(() => accounts.AddUserAsync("ann", null, Role.Editor))).Message.ShouldContain("--role admin");
            accounts.Users().ShouldBeEmpty();
            foreach (var name in new[] { "", " ", "a b", "oidc/ann", "a:b", "-a", "ä", new string('a', 65), "a\n" + "b" })
            {
                (await Should.ThrowAsync<TrackingException>(() => accounts.AddUserAsync(name, null, Role.Admin))).Message.ShouldContain("no name for a user");
            }

            await accounts.AddUserAsync("Ann", null, Role.Admin);
            accounts.Users().ShouldHaveSingleItem().Name.ShouldBe("ann");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_user_who_asks_too_much_waits_and_others_do_not()
    {
        await using var team = await Team.StartAsync(options => options with { Security = new ServerSecurity { RequestsPerSecond = 5 } });
        var codes = new List<int>();
        for (var request = 0; request < 30; request++)
        {
            codes.Add(await Status(team, "Bearer " + team.Keys["vi"]));
        }

        codes[0].ShouldBe(200);
        codes.ShouldContain(429);
        (await Status(team, "Bearer " + team.Keys["ed"])).ShouldBe(200);
    }

    internal static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    private static Task<int> Status(Team team, string authorization) => Status(team.Server.Client, authorization);

    private static async Task<int> Status(HttpClient client, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Search);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(Team team, string authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Search);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        return team.Server.Client.SendAsync(request);
    }

    /// <summary>A clock that stands still until it is set.</summary>
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
