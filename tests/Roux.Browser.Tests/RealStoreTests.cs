using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>What the commands left is what the pages show.</summary>
[Collection(BrowserTests.Name)]
[Trait("Speed", "slow")]
public sealed class RealStoreTests(Browser browser, RealStore real)
{
    [Fact]
    public async Task A_development_leads_to_its_winner_report_and_model()
    {
        var site = await real.SiteAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/models/penguins");
        await tab.Page.Locator("a[href^='/runs/']").First.ClickAsync();
        var outcome = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Outcome" });
        await Assertions.Expect(outcome).ToContainTextAsync("test_macro_f1");
        await Assertions.Expect(outcome).ToContainTextAsync("is best");
        await Assertions.Expect(outcome.GetByRole(AriaRole.Link, new() { Name = "penguins/1" })).ToBeVisibleAsync();
        await outcome.GetByRole(AriaRole.Link, new() { Name = "Report" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("iframe")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_foreign_training_has_its_curve()
    {
        var site = await real.SiteAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/runs/{await real.RunAsync("foreign-training")}/charts");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "loss", Exact = true }).Locator("path.line")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_development_tells_single_values_apart_from_curves()
    {
        var site = await real.SiteAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        using var tracker = Tracking.Tracker.OpenReadOnly(site.Store);
        var run = tracker.SearchRuns(new Tracking.RunQuery { Filter = "tags.`roux.winner` != '' AND params.target = 'species'" })[0];
        await tab.GoAsync($"/runs/{run.Id}/charts");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Single values" })).ToContainTextAsync("test_accuracy");
        (await tab.Page.GetByRole(AriaRole.Region, new() { Name = "test_accuracy", Exact = true }).CountAsync()).ShouldBe(0, "a single value is no curve");
    }
}
