using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The table of runs.</summary>
[Collection(BrowserTests.Name)]
public sealed class RunsTests(Browser browser)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 10_000 };

    [Fact]
    public async Task Experiments_lead_to_their_runs()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "movie-genres" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "movie-genres" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("40 runs");
    }

    [Fact]
    public async Task Ten_thousand_runs_are_scrolled_through_row_by_row_of_the_store()
    {
        await using var site = await Site.StartAsync(tracker =>
        {
            var experiment = tracker.Experiment("many");
            for (var index = 0; index < 3000; index++)
            {
                using var run = experiment.StartRun($"run-{index:00000}");
                run.Log("n", index);
            }
        });
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs?sort=run_name ASC");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("3,000 runs");
        await tab.Page.Locator(".grid-scroll").EvaluateAsync("box => { box.scrollTop = 1500 * 34 }");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "run-01505" })).ToBeVisibleAsync();
        (await tab.Page.Locator("table.grid tbody tr").CountAsync()).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_filter_narrows_and_stands_in_the_address()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs");
        var box = tab.Page.GetByRole(AriaRole.Combobox);
        await box.FillAsync("params.learner = 'mlp' AND metrics.macro_f1 > 0");
        await box.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("11 runs");
        tab.Page.Url.ShouldContain("q=params.learner");

        await tab.Page.ReloadAsync();
        await Assertions.Expect(box).ToHaveValueAsync("params.learner = 'mlp' AND metrics.macro_f1 > 0");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("11 runs");
    }

    [Fact]
    public async Task A_wrong_filter_is_shown_under_its_place()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs");
        var box = tab.Page.GetByRole(AriaRole.Combobox);
        await box.FillAsync("metrics.macro_f1 ~ 3");
        await box.PressAsync("Enter");
        var wrong = tab.Page.Locator("#filter-wrong");
        await Assertions.Expect(wrong).ToBeVisibleAsync(Patient);
        var lines = (await wrong.Locator("pre").TextContentAsync())!.TrimEnd().Split('\n');
        lines[^1].IndexOf('^', StringComparison.Ordinal).ShouldBe(lines[0].IndexOf('~', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_field_and_a_value_are_completed()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs");
        var box = tab.Page.GetByRole(AriaRole.Combobox);
        await box.PressSequentiallyAsync("learner");
        await tab.Page.GetByRole(AriaRole.Option, new() { Name = "params.learner" }).WaitForAsync();
        await box.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveValueAsync("params.learner ");
        await box.PressSequentiallyAsync("= 'fo");
        await tab.Page.GetByRole(AriaRole.Option, new() { Name = "'forest'" }).WaitForAsync();
        await box.PressAsync("ArrowDown");
        await box.PressAsync("Tab");
        await Assertions.Expect(box).ToHaveValueAsync("params.learner = 'forest' ");
    }

    [Fact]
    public async Task A_new_run_and_its_metrics_appear_by_themselves()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs");
        using var tracker = Tracker.Open(site.Store);
        using var run = tracker.Experiment("movie-genres").StartRun("newcomer");
        run.LogMetric("macro_f1", 0.4242);
        run.Flush();
        var row = tab.Page.Locator("tr", new() { HasText = "newcomer" });
        await Assertions.Expect(row).ToBeVisibleAsync(new() { Timeout = 5000 });
        await Assertions.Expect(row).ToContainTextAsync("0.4242", new() { Timeout = 5000 });
    }

    [Fact]
    public async Task Runs_are_sorted_grouped_and_shown_with_other_columns()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs?cols=params.depth,metrics.macro_f1");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "macro_f1" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("th[aria-sort=descending]")).ToContainTextAsync("macro_f1");
        var values = await tab.Page.Locator("table.grid tbody td:last-child").AllTextContentsAsync();
        values.Take(5).Select(double.Parse).ShouldBeInOrder(SortDirection.Descending);

        await tab.Page.Locator("summary[aria-label=Columns]").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "learner", Exact = true }).CheckAsync();
        await Assertions.Expect(tab.Page.Locator("table.grid thead")).ToContainTextAsync("learner");

        await tab.Page.Locator("summary[aria-label=Group]").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Radio, new() { Name = "learner param" }).CheckAsync();
        await Assertions.Expect(tab.Page.Locator("table.plain")).ToContainTextAsync("boosted-trees");
        await Assertions.Expect(tab.Page.Locator("table.plain")).ToContainTextAsync("±");
        await tab.Page.Locator("table.plain").GetByRole(AriaRole.Link, new() { Name = "forest" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("11 runs");
    }

    [Fact]
    public async Task Chosen_runs_are_tagged_deleted_and_restored()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/runs?q=run_name LIKE 'forest-0%25'");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("2 runs");
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Choose all runs in view" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await tab.Page.GetByLabel("Key").FillAsync("verdict");
        await tab.Page.GetByLabel("Value").FillAsync("keep");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set the tag" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        using (var tracker = Tracker.OpenReadOnly(site.Store))
        {
            tracker.SearchRuns(new RunQuery { Filter = "tags.verdict = 'keep'" }).Count.ShouldBe(2);
        }

        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Choose all runs in view" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(tab.Text("No run fits the filter")).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Deleted" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("2 runs");
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Choose all runs in view" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await Assertions.Expect(tab.Text("No run fits the filter")).ToBeVisibleAsync();
    }
}
