using System.Globalization;
using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>What clients may log, and pages must bear.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileTests(Browser browser)
{
    private const string Script = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";

    [Fact]
    public async Task Markup_in_names_and_values_is_text()
    {
        var id = "";
        await using var site = await Site.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("<b>e</b>" + Script).StartRun(Script);
            run.Log("p", Script);
            run.Tag("t", Script);
            run.LogFinding(new Finding("check", Severity.High, Script) { Cause = Script, Columns = [Script] });
            run.Warn(Script);
            id = run.Id;
        });
        await using var tab = await browser.OpenAsync(site.Address);
        foreach (var path in new[] { "/", "/runs?cols=params.p,tags.t", "/runs?group=params.p", $"/runs/{id}", $"/runs/{id}/findings", $"/compare?runs={id}" })
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("<script>document.title='owned'");
            (await tab.Page.TitleAsync()).ShouldNotBe("owned");
            (await tab.Page.Locator("main script, main img[src=x]").CountAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_long_tag_is_cut_and_shown_in_full_when_asked()
    {
        var id = "";
        await using var site = await Site.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("e").StartRun("r");
            run.Tag("long", new string('x', 9_999) + "!");
            id = run.Id;
        });
        await using var tab = await browser.OpenAsync(site.Address, 390, 844);
        await tab.GoAsync($"/runs/{id}");
        (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "All 10,000 characters" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Tags" })).ToContainTextAsync("x!");
        (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390);
    }

    [Fact]
    public async Task A_metric_of_nothing_but_NaN_says_so()
    {
        var id = "";
        await using var site = await Site.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("e").StartRun("r");
            run.LogMetrics("bad", [double.NaN, double.NaN, double.NaN]);
            run.LogMetrics("half", [1, double.NaN, double.PositiveInfinity, 2, 3]);
            id = run.Id;
        });
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/runs/{id}/charts");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "bad" })).ToContainTextAsync("All values are NaN");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "half" }).Locator("path.line")).ToHaveCountAsync(1);
        await tab.GoAsync("/runs?cols=metrics.bad&sort=metrics.bad DESC&show=sparks");
        await Assertions.Expect(tab.Page.Locator("table.grid")).ToContainTextAsync("NaN");
    }

    [Fact]
    public async Task A_run_of_ten_thousand_params_is_searched()
    {
        var id = "";
        await using var site = await Site.StartAsync(tracker =>
        {
            using var run = tracker.Experiment("e").StartRun("r");
            run.LogParams(Enumerable.Range(0, 10_000).Select(index => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"p{index:00000}"), (object)index)));
            id = run.Id;
        });
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/runs/{id}");
        var card = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Params" });
        (await card.Locator("tr").CountAsync()).ShouldBeLessThan(200);
        await card.GetByRole(AriaRole.Searchbox).FillAsync("p09999");
        await Assertions.Expect(card.Locator("tr")).ToHaveCountAsync(1);
        await tab.GoAsync("/runs");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("1 run");
    }
}
