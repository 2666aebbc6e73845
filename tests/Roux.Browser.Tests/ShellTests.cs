using System.Net;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>What all pages share.</summary>
[Collection(BrowserTests.Name)]
public sealed class ShellTests(Browser browser)
{
    [Fact]
    public async Task The_server_ends_and_comes_back_and_the_page_goes_on()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs?q=params.learner = 'mlp'");
        tab.Forgives = true;
        await site.StopAsync();
        await Assertions.Expect(tab.Page.Locator("#reconnect")).ToBeVisibleAsync();
        await site.StartAgainAsync();
        await Assertions.Expect(tab.Page.Locator("#reconnect")).ToBeHiddenAsync();
        await tab.ReadyAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Combobox)).ToHaveValueAsync("params.learner = 'mlp'");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("46 runs");
    }

    [Fact]
    public async Task A_theme_is_chosen_and_kept()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await tab.Page.ReloadAsync();
        (await tab.Page.Locator("html").GetAttributeAsync("data-theme")).ShouldBe("dark");
    }

    [Fact]
    public async Task Pages_run_no_script_but_the_servers_and_nothing_comes_from_elsewhere()
    {
        await using var site = await Site.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(site.Address) };
        using var page = await client.GetAsync("/");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe-eval");

        await using var tab = await browser.OpenAsync(site.Address);
        var asked = new List<string>();
        tab.Page.Request += (_, request) => asked.Add(request.Url);
        await tab.GoAsync("/runs");
        asked.ShouldAllBe(url => url.StartsWith(site.Address, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData(null)]
    public async Task No_other_page_opens_the_connection(string? origin)
    {
        await using var site = await Site.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(site.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var socket = new System.Net.WebSockets.ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => socket.ConnectAsync(new Uri(site.Address.Replace("http", "ws", StringComparison.Ordinal) + "/_blazor"), TestContext.Current.CancellationToken));
    }
}
