using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The registry: versions, cards, gates, approvals, promotion.</summary>
[Collection(BrowserTests.Name)]
public sealed class ModelsTests(Browser browser)
{
    private const string Rules = """{"applies_to": {"stages": ["Production"]}, "rules": [{"rule": "metric", "metric": "macro_f1", "at_least": 0.8, "name": "good enough"}, {"rule": "size", "at_most": "1 MB"}]}""";

    [Fact]
    public async Task A_version_is_promoted_only_after_its_gates_have_said_yes()
    {
        await using var site = await Site.StartAsync(Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/models/classifier");
        await tab.Page.Locator("tr", new() { HasText = "v1" }).GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        var promote = dialog.GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true });
        await Assertions.Expect(dialog).ToContainTextAsync("have not been run for this version");
        await Assertions.Expect(promote).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run the gates" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("it would be refused");
        await Assertions.Expect(dialog.Locator(".verdicts li", new() { HasText = "good enough" })).ToContainTextAsync("fail");
        await Assertions.Expect(promote).ToBeDisabledAsync();
        (await Looks.ProblemsAsync(tab.Page, "promote-refused")).ShouldBeEmpty();

        // Where the rules do not hold it may go.
        await dialog.GetByLabel("Stage").SelectOptionAsync("Staging");
        await Assertions.Expect(dialog).ToContainTextAsync("they do not hold here");
        await promote.ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Versions" }).Locator("tr", new() { HasText = "v1" })).ToContainTextAsync("Staging");

        await tab.Page.Locator("tr", new() { HasText = "v2" }).First.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run the gates" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("All rules pass");
        await dialog.GetByLabel("Alias (optional)").FillAsync("champion");
        await promote.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("header .badge.accent")).ToContainTextAsync("champion → v2");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("Production");
        using var tracker = Tracker.OpenReadOnly(site.Store);
        tracker.Models.Find("classifier@champion")!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Two_versions_are_compared_and_the_view_stands_in_the_address()
    {
        await using var site = await Site.StartAsync(Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/models/classifier");
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare version 1" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare version 2" }).CheckAsync();
        var compared = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Versions compared" });
        await Assertions.Expect(compared.Locator("tr", new() { HasText = "macro_f1" }).Locator("td.best")).ToHaveTextAsync("0.9");
        tab.Page.Url.ShouldContain("compare=1%2C2");
        await compared.GetByRole(AriaRole.Link, new() { Name = "All that differs" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Side by side" })).ToContainTextAsync("macro_f1");
    }

    [Fact]
    public async Task A_card_is_written_in_Markdown_and_hostile_ones_are_text()
    {
        await using var site = await Site.StartAsync(Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/models");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "classifier" }).ClickAsync();
        var card = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Model card", Exact = true });
        await card.GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();
        await card.GetByLabel("Model card in Markdown").FillAsync("## For whom\n\n**Editors** <script>alert(1)</script>");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(card.Locator("h2").Nth(1)).ToHaveTextAsync("For whom");
        (await card.Locator("script").CountAsync()).ShouldBe(0);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("For whom");
    }

    [Theory]
    [InlineData("/models", "models")]
    [InlineData("/models/classifier?compare=1,2", "model")]
    public async Task The_pages_fit_and_are_accessible(string path, string name)
    {
        await using var site = await Site.StartAsync(Fill);
        foreach (var (width, dark) in Looks.Windows)
        {
            await using var tab = await browser.OpenAsync(site.Address, width, width == 390 ? 844 : 900, dark);
            await tab.GoAsync(path);
            (await Looks.ProblemsAsync(tab.Page, name, whole: true)).ShouldBeEmpty();
        }
    }

    private static void Fill(Tracker tracker)
    {
        foreach (var score in new[] { 0.7, 0.9 })
        {
            using var run = tracker.Experiment("registry").StartRun($"run-{score}");
            run.Log("seed", (int)(score * 10));
            run.LogMetric("macro_f1", score);
            run.LogText("model/model.txt", $"a model of {score}");
            run.Finish();
            tracker.Models.Register("classifier", run.Id, "model");
        }

        tracker.Models.Gates.Set("classifier", GateRules.Parse(Rules));
    }
}
