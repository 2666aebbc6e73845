using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>Browsers: the login page, the cookie, and what other sites' pages can do with it.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_browser_logs_in_and_out()
    {
        await using var team = await Team.StartAsync();
        using var browser = Browser(team);
        var page = await browser.GetStringAsync("/login?return=/somewhere");
        page.ShouldContain("name=\"return\" value=\"/somewhere\"");
        using var response = await LoginAsync(browser, Team.Password, "/somewhere");
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        response.Headers.Location!.ToString().ShouldBe("/somewhere");
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        (await Get(browser)).ShouldBe(200);

        using var logout = await browser.PostAsync("/logout", null);
        (await Get(browser)).ShouldBe(401);
        using var replay = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = browser.BaseAddress };
        replay.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        (await Get(replay)).ShouldBe(401, "the session is over, not just forgotten by the browser");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "none", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData(null, "", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Origin", "OWN", 200)]
    public async Task A_cookie_changes_something_only_from_a_page_of_the_server(string? header, string value, int status)
    {
        await using var team = await Team.StartAsync();
        using var browser = Browser(team);
        using var response = await LoginAsync(browser, Team.Password, "/");
        using var request = new HttpRequestMessage(HttpMethod.Post, TestServer.Api + "experiments/create") { Content = TestServer.Json(new JsonObject { ["name"] = "e" }.ToJsonString()) };
        if (header is not null)
        {
            request.Headers.Add(header, value.Replace("OWN", browser.BaseAddress!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        }

        using var answer = await browser.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    [InlineData("/\t/evil.example")]
    public async Task A_login_leads_nowhere_else(string target)
    {
        await using var team = await Team.StartAsync();
        using var browser = Browser(team);
        (await browser.GetStringAsync("/login?return=" + Uri.EscapeDataString(target))).ShouldNotContain("evil.example");
        using var response = await LoginAsync(browser, Team.Password, target);
        response.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task The_login_page_says_nothing_about_users_and_runs_nothing_foreign()
    {
        await using var team = await Team.StartAsync();
        using var browser = Browser(team);
        using var wrong = await LoginAsync(browser, "wrong", "/");
        wrong.Headers.Location!.ToString().ShouldBe("/login?failed=1");
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var page = await browser.GetAsync("/login?failed=1&return=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
        var text = await page.Content.ReadAsStringAsync();
        text.Split("<script").Length.ShouldBe(2, "the server's own, for the colours of the page");
        text.ShouldContain("<script src=\"/_assets/");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self';");
    }

    [Fact]
    public async Task Pages_of_named_origins_may_call_without_cookies_and_no_others()
    {
        await using var team = await Team.StartAsync(options => options with { Security = new() { CorsOrigins = ["https://ui.example.org"] } });
        using var browser = Browser(team);
        using var login = await LoginAsync(browser, Team.Password, "/");
        using var preflight = await Call(HttpMethod.Options, "https://ui.example.org", null);
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://ui.example.org"]);
        preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        using var keyed = await Call(HttpMethod.Get, "https://ui.example.org", team.Keys["vi"]);
        keyed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var byCookie = await Call(HttpMethod.Get, "https://ui.example.org", null);
        byCookie.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var foreign = await Call(HttpMethod.Get, "https://ui.example.org.evil.example", team.Keys["vi"]);
        foreign.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();

        Task<HttpResponseMessage> Call(HttpMethod method, string origin, string? key)
        {
            var request = new HttpRequestMessage(method, TestServer.Api + "experiments/search");
            request.Headers.Add("Origin", origin);
            if (key is not null)
            {
                request.Headers.Add("Authorization", "Bearer " + key);
            }

            return browser.SendAsync(request);
        }
    }

    private static HttpClient Browser(Team team) => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = team.Server.Client.BaseAddress };

    private static Task<HttpResponseMessage> LoginAsync(HttpClient browser, string password, string target) => browser.PostAsync("/login", new FormUrlEncodedContent(
        new Dictionary<string, string> { ["username"] = "root", ["password"] = password, ["return"] = target }));

    private static async Task<int> Get(HttpClient browser)
    {
        using var response = await browser.GetAsync(TestServer.Api + "experiments/search");
        return (int)response.StatusCode;
    }
}
