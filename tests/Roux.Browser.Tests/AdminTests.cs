using Microsoft.Playwright;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The pages of admins.</summary>
[Collection(BrowserTests.Name)]
public sealed class AdminTests(Browser browser)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Only_admins_get_in()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "ed");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Admin" })).ToHaveCountAsync(0);
        foreach (var path in new[] { "/admin", "/admin/users", "/admin/keys", "/admin/storage", "/admin/webhooks", "/admin/audit", "/admin/settings" })
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("This takes the role admin");
            (await tab.Page.ContentAsync()).ShouldNotContain("viewer-of-books");
        }
    }

    [Fact]
    public async Task Users_are_added_given_roles_disabled_and_removed()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "root");
        await tab.GoAsync("/admin/users");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a user" }).ClickAsync();
        await tab.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("nina");
        await tab.Page.GetByLabel("Password, 12").FillAsync("short");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("dialog").GetByRole(AriaRole.Alert)).ToContainTextAsync("12");
        await tab.Page.GetByLabel("Password, 12").FillAsync("a long enough one");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        var row = tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "nina" });
        await Assertions.Expect(row).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Role of nina").SelectOptionAsync("Editor");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Give nina a role in a project" }).ClickAsync();
        await tab.Page.GetByLabel("Project", new() { Exact = true }).FillAsync("books");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Give it" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("books: viewer");

        await using (var hers = await LogInAsync(site, "nina", "a long enough one"))
        {
            hers.Forgives = true;
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Disable nina" }).ClickAsync();
            await Assertions.Expect(row).ToContainTextAsync("disabled");
            await hers.Page.GotoAsync("/runs");
            await Assertions.Expect(hers.Page.GetByLabel("Password")).ToBeVisibleAsync();
        }

        // The last admin stays, and is told so.
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Disable root" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("last admin");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove nina" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_key_is_made_shown_once_used_and_revoked()
    {
        await using var site = await StartAsync();
        await using var tab = await LogInAsync(site, "root");
        await tab.GoAsync("/admin/keys");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        await tab.Page.Locator("dialog select").First.SelectOptionAsync("ed");
        await tab.Page.GetByLabel("What it is for").FillAsync("laptop");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        var key = await tab.Page.GetByLabel("Not shown again").InputValueAsync();
        key.ShouldStartWith("roux_");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        (await tab.Page.ContentAsync()).ShouldNotContain(key);
        using var client = new HttpClient { BaseAddress = new Uri(site.Address) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (await client.GetStringAsync("/api/roux/v1/me")).ShouldContain("\"ed\"");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke laptop of ed" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("No keys");
        using var refused = await client.GetAsync("/api/roux/v1/me");
        ((int)refused.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Space_is_freed_after_a_look()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        using (var tracker = Tracker.Open(site.Store))
        {
            tracker.DeleteRun(tracker.FindRun("mlp-03")!.Id);
        }

        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/admin/storage");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Storage by experiment" })).ToContainTextAsync("movie-genres");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Measure the artifacts" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".facts")).ToContainTextAsync("KB");
        await tab.Page.GetByLabel("Deleted days ago").FillAsync("0");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look what would go" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove 1 run" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("caption")).ToContainTextAsync("Removed");
        await tab.GoAsync("/admin/audit?what=runs.*");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("runs.removed");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Check the chain" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("as written");
    }

    [Fact]
    public async Task A_webhook_is_added_tested_disabled_and_removed()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/admin/webhooks");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a webhook" }).ClickAsync();
        await tab.Page.GetByLabel("Address").FillAsync("http://127.0.0.1:9/hook");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("dialog").GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Address").FillAsync("https://hook.invalid/roux");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        var secret = await tab.Page.GetByLabel("Signs what is sent").InputValueAsync();
        secret.ShouldStartWith("whsec_");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        (await tab.Page.ContentAsync()).ShouldNotContain(secret);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Test https://hook.invalid/roux" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Deliveries" })).ToContainTextAsync("given up", new() { Timeout = 30_000 });
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Disable https://hook.invalid/roux" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Webhooks" })).ToContainTextAsync("disabled");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove https://hook.invalid/roux" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("No webhooks");
    }

    [Fact]
    public async Task Health_shows_that_the_server_works()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/admin");
        await Assertions.Expect(tab.Page.Locator(".facts .badge.good")).ToHaveTextAsync("yes");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Versions" })).ToContainTextAsync("SQLite");
    }

    private static Task<Site> StartAsync() => Site.StartAsync(tracker =>
    {
        var accounts = new Accounts(tracker);
        foreach (var (name, role, project) in new[] { ("root", Role.Admin, (string?)null), ("ed", Role.Editor, null), ("viewer-of-books", Role.Viewer, "books") })
        {
            accounts.AddUserAsync(name, Password, role, project).GetAwaiter().GetResult();
        }
    });

    private async Task<Tab> LogInAsync(Site site, string user, string password = Password)
    {
        var tab = await browser.OpenAsync(site.Address);
        await tab.Page.GotoAsync("/reports");
        await tab.Page.GetByLabel("User").FillAsync(user);
        await tab.Page.GetByLabel("Password").FillAsync(password);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await tab.ReadyAsync();
        return tab;
    }
}
