using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The page of a run, and the comparison of several.</summary>
[Collection(BrowserTests.Name)]
public sealed class RunPageTests(Browser browser, PicturesTests.Demo demo) : IClassFixture<PicturesTests.Demo>
{
    [Fact]
    public async Task A_run_shows_what_was_logged_and_captured()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/runs/{demo.Run}");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "mlp-03" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Params" })).ToContainTextAsync("learning_rate");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Data" })).ToContainTextAsync("movies.csv");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Code and environment" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("pre.diff .add")).ToContainTextAsync("rate = 0.03");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Findings" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".finding.high")).ToContainTextAsync("computed after the target");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { Name = "Accuracy of one column alone" })).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Logs" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("pre.block")).ToContainTextAsync("epoch 59");
    }

    [Fact]
    public async Task Curves_are_zoomed_smoothed_and_saved()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/runs/{demo.Run}/charts");
        var chart = tab.Page.GetByRole(AriaRole.Region, new() { Name = "train/loss" });
        await Assertions.Expect(chart.Locator("path.line")).ToHaveCountAsync(1);
        await tab.Page.GetByRole(AriaRole.Slider).EvaluateAsync("slider => { slider.value = 0.6; slider.dispatchEvent(new Event('change', { bubbles: true })) }");
        await Assertions.Expect(chart.Locator("path.raw")).ToHaveCountAsync(1);
        tab.Page.Url.ShouldContain("smooth=0.6");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log y" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log y" })).ToHaveAttributeAsync("aria-pressed", "true");

        var box = (await chart.Locator(".plot").BoundingBoxAsync())!;
        await tab.Page.Mouse.MoveAsync(box.X + 120, box.Y + 60);
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("step");
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + 240, box.Y + 60);
        await tab.Page.Mouse.UpAsync();
        await Assertions.Expect(chart.GetByRole(AriaRole.Button, new() { Name = "Show all" })).ToBeVisibleAsync();

        await chart.Locator("summary").ClickAsync();
        foreach (var (button, ending) in new[] { ("Picture as PNG", ".png"), ("Picture as SVG", ".svg") })
        {
            var saved = await tab.Page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync());
            saved.SuggestedFilename.ShouldEndWith(ending);
            new FileInfo((await saved.PathAsync())!).Length.ShouldBeGreaterThan(500);
        }

        var table = await tab.Page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Link, new() { Name = "Data as CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync((await table.PathAsync())!, TestContext.Current.CancellationToken)).Length.ShouldBe(121);
    }

    [Fact]
    public async Task Artifacts_are_shown_by_their_kind_and_a_hostile_page_can_do_nothing()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        tab.Forgives = true; // the frame's own script is refused, and the console says so
        await tab.GoAsync($"/runs/{demo.Run}/artifacts");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "predictions.csv" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Cell, new() { Name = "Up, up" })).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "config.json" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("pre.block")).ToContainTextAsync("\"trees\": 200");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "report.html" }).ClickAsync();
        var frame = tab.Page.FrameLocator("iframe");
        await Assertions.Expect(frame.GetByRole(AriaRole.Heading, new() { Name = "Report" })).ToBeVisibleAsync();
        (await tab.Page.TitleAsync()).ShouldNotContain("broken out");
    }

    [Fact]
    public async Task Notes_are_written_in_Markdown_and_hostile_ones_are_text()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        string run;
        using (var tracker = Tracker.OpenReadOnly(site.Store))
        {
            run = tracker.FindRun("mlp-03")!.Id;
        }

        await tab.GoAsync($"/runs/{run}/notes");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await tab.Page.GetByLabel("Notes in Markdown").FillAsync("## Verdict\n\n**good** <script>alert(1)</script> [x](javascript:alert(2))\n");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".prose h2")).ToHaveTextAsync("Verdict");
        (await tab.Page.Locator(".prose script").CountAsync()).ShouldBe(0);
        (await tab.Page.Locator(".prose a").GetAttributeAsync("href")).ShouldBe("#");
    }

    [Fact]
    public async Task Runs_are_compared_side_by_side_with_their_curves()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/compare?runs={demo.Runs}");
        await Assertions.Expect(tab.Page.Locator("table.compare thead")).ToContainTextAsync("forest-02");
        await Assertions.Expect(tab.Page.Locator("td.differs").First).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Curves" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "val/accuracy" }).Locator("path.line")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task A_curve_grows_while_the_run_goes_on()
    {
        await using var site = await Site.StartAsync();
        using var tracker = Tracker.Open(site.Store);
        using var run = tracker.Experiment("live").StartRun("training");
        run.LogMetrics("loss", [3, 2]);
        run.Flush();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/runs/{run.Id}/charts");
        var picture = tab.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("2 points") });
        await Assertions.Expect(picture).ToBeVisibleAsync();
        run.LogMetrics("loss", [1.5, 1.2], 2);
        run.Flush();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("4 points") })).ToBeVisibleAsync();
    }
}
