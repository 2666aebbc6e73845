using System.Net;
using Microsoft.Playwright;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Pages where people log in.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessTests(Browser browser)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Without_a_login_nothing_is_seen()
    {
        await using var site = await StartAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(site.Address) };
        foreach (var path in new[] { "/", "/runs", "/experiments/1", "/models", "/compare?runs=x" })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
            answer.Headers.Location!.ToString().ShouldStartWith("/login?return=");
            (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", site.Address);
        using var connection = await client.SendAsync(request);
        connection.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_viewer_looks_and_an_editor_changes()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "vi");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("46 runs");
        await tab.Page.Locator("table.grid tbody .check").First.CheckAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).Last).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToHaveCountAsync(0);

        await using var other = await LogInAsync(site, "ed");
        await other.Page.Locator("table.grid tbody .check").First.CheckAsync();
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Somebody_of_another_project_sees_none_of_it()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "stranger");
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("No runs yet");
        string run;
        using (var tracker = Tracker.OpenReadOnly(site.Store))
        {
            run = tracker.FindRun("mlp-03")!.Id;
        }

        await tab.GoAsync($"/runs/{run}");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not found");
        (await tab.Page.ContentAsync()).ShouldNotContain("mlp-03");
    }

    [Fact]
    public async Task A_session_that_ends_ends_the_open_page()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "vi");
        tab.Forgives = true;
        using (var tracker = Tracker.Open(site.Store))
        {
            await new Accounts(tracker).SetPasswordAsync("vi", "another horse battery");

            // Within the second that servers keep accounts for, the next change leads to the login.
            for (var change = 0; change < 40 && !tab.Page.Url.Contains("/login", StringComparison.Ordinal); change++)
            {
                using var run = tracker.Experiment("movie-genres").StartRun("later");
                await Task.Delay(250, TestContext.Current.CancellationToken);
            }
        }

        await tab.Page.WaitForURLAsync("**/login**");
    }

    private static Task<Site> StartAsync() => Site.StartAsync(tracker =>
    {
        DemoStore.Fill(tracker);
        var accounts = new Accounts(tracker);
        foreach (var (name, role, project) in new[] { ("root", Role.Admin, (string?)null), ("vi", Role.Viewer, null), ("ed", Role.Editor, null), ("stranger", Role.Editor, "books") })
        {
            accounts.AddUserAsync(name, Password, role, project).GetAwaiter().GetResult();
        }
    });

    private async Task<Tab> LogInAsync(Site site, string user)
    {
        var tab = await browser.OpenAsync(site.Address);
        await tab.Page.GotoAsync("/runs");
        await tab.Page.GetByLabel("User").FillAsync(user);
        await tab.Page.GetByLabel("Password").FillAsync(Password);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await tab.ReadyAsync();
        return tab;
    }
}
