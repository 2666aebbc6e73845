using Microsoft.Playwright;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Reports: pinned, written, put in order, frozen, undone, shared, exported.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReportTests(Browser browser)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_chart_a_table_and_a_plot_are_pinned_and_a_note_is_written()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        var run = RunId(site, "mlp-03");
        await tab.GoAsync($"/runs/{run}/charts");
        await PinAsync(tab, tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pin val/loss to a report" }), "Genres, week 4");
        await tab.GoAsync($"/runs/{run}/findings");
        await PinAsync(tab, tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pin Accuracy of one column alone to a report" }), null);
        await tab.GoAsync("/experiments/1?group=params.learner");
        await PinAsync(tab, tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pin this table to a report" }), null);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Open the report" }).ClickAsync();

        var blocks = tab.Page.Locator("article.block");
        await Assertions.Expect(blocks).ToHaveCountAsync(3);
        await Assertions.Expect(blocks.Nth(0).Locator("path.line")).ToHaveCountAsync(1);
        await Assertions.Expect(blocks.Nth(1).Locator("rect")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(blocks.Nth(2)).ToContainTextAsync("boosted-trees");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Text", Exact = true }).ClickAsync();
        await tab.Page.GetByLabel("Text in Markdown").FillAsync("# Result\n\nThe **forest** wins. <script>document.title='owned'</script>");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(blocks).ToHaveCountAsync(4);
        await Assertions.Expect(blocks.Nth(3).Locator("strong")).ToHaveTextAsync("forest");
        (await tab.Page.TitleAsync()).ShouldNotBe("owned");

        await ToolAsync(blocks.Nth(3), "Move up");
        await Assertions.Expect(blocks.Nth(2)).ToContainTextAsync("forest");
        await ToolAsync(blocks.Nth(0), "Freeze");
        await Assertions.Expect(blocks.Nth(0)).ToContainTextAsync("As of ");
        await Assertions.Expect(blocks.Nth(0).Locator("svg path.line")).ToHaveCountAsync(1);
        await ToolAsync(blocks.Nth(1), "Take out");
        await Assertions.Expect(blocks).ToHaveCountAsync(3);

        // Undone from the versions.
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "version 8" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Row, new() { Name = "7 Genres" }).GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await Assertions.Expect(blocks).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Two_who_edit_the_same_block_lose_nothing()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var first = await browser.OpenAsync(site.Address);
        await first.GoAsync("/reports");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "New report" }).ClickAsync();
        await first.Page.GetByLabel("Title").FillAsync("Shared");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await WriteAsync(first, first.Page.Locator(".empty").GetByRole(AriaRole.Button, new() { Name = "Text" }), "one");
        await using var second = await browser.OpenAsync(site.Address);
        await second.GoAsync(new Uri(first.Page.Url).AbsolutePath);

        foreach (var tab in new[] { first, second })
        {
            await ToolAsync(tab.Page.Locator("article.block").First, "Edit");
        }

        await first.Page.GetByLabel("Text in Markdown").FillAsync("one, by the first");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(first.Page.Locator("article.block .prose")).ToHaveTextAsync("one, by the first");
        await second.Page.GetByLabel("Text in Markdown").FillAsync("one, by the second");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(second.Page.Locator(".notice.warn")).ToContainTextAsync("this block was changed while you wrote");
        await Assertions.Expect(second.Page.Locator(".notice.warn")).ToContainTextAsync("one, by the first");
        await Assertions.Expect(second.Page.GetByLabel("Text in Markdown")).ToHaveValueAsync("one, by the second");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Write mine over it" }).ClickAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(first.Page.Locator("article.block .prose")).ToHaveTextAsync("one, by the second");
    }

    [Fact]
    public async Task A_viewer_reads_and_a_stranger_finds_nothing()
    {
        await using var site = await Site.StartAsync(tracker =>
        {
            DemoStore.Fill(tracker);
            var accounts = new Accounts(tracker);
            foreach (var (name, role, project) in new[] { ("root", Role.Admin, (string?)null), ("ed", Role.Editor, "default"), ("vi", Role.Viewer, "default"), ("stranger", Role.Editor, "books") })
            {
                accounts.AddUserAsync(name, Password, role, project).GetAwaiter().GetResult();
            }
        });
        await using var editor = await LogInAsync(site, "ed");
        await editor.GoAsync($"/runs/{RunId(site, "mlp-03")}/charts");
        await PinAsync(editor, editor.Page.GetByRole(AriaRole.Button, new() { Name = "Pin val/loss to a report" }), "Not for strangers");
        await editor.Page.GetByRole(AriaRole.Link, new() { Name = "Open the report" }).ClickAsync();
        await editor.Page.WaitForURLAsync("**/reports/rp-*");
        var path = new Uri(editor.Page.Url).AbsolutePath;
        await editor.Page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        await Assertions.Expect(editor.Page.Locator("dialog")).ToContainTextAsync("without a login, are off");

        await using var viewer = await LogInAsync(site, "vi");
        await viewer.GoAsync(path);
        await Assertions.Expect(viewer.Page.Locator("article.block path.line")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.Page.Locator(".block-tools")).ToHaveCountAsync(0);
        await Assertions.Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the report" })).ToHaveCountAsync(0);
        await viewer.GoAsync($"/runs/{RunId(site, "mlp-03")}/charts");
        await Assertions.Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Pin val/loss to a report" })).ToHaveCountAsync(0);

        await using var stranger = await LogInAsync(site, "stranger");
        await stranger.GoAsync(path);
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No report with id");
        await stranger.GoAsync("/reports");
        await Assertions.Expect(stranger.Page.Locator("main")).ToContainTextAsync("No reports yet");
        (await stranger.Page.ContentAsync()).ShouldNotContain("Not for strangers");

        // An admin allows links, an editor makes one, anybody sees what it shows.
        await using var admin = await LogInAsync(site, "root");
        await admin.GoAsync("/admin/settings");
        await admin.Page.GetByLabel("Reports may be shown by a public link").CheckAsync();
        await editor.GoAsync(path);
        await editor.Page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        await editor.Page.GetByRole(AriaRole.Button, new() { Name = "Make a public link" }).ClickAsync();
        var link = await editor.Page.GetByLabel("Public link, not shown again").InputValueAsync();
        await using var anybody = await browser.OpenAsync(site.Address);
        await anybody.Page.GotoAsync(link);
        await Assertions.Expect(anybody.Page.Locator("h1")).ToHaveTextAsync("Not for strangers");
        await Assertions.Expect(anybody.Page.Locator("svg path.line")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_view_is_named_found_again_and_opens_its_experiment()
    {
        await using var site = await Site.StartAsync(DemoStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/experiments/1?q=params.learner = 'mlp'&cols=metrics.macro_f1");
        await OpenViewsAsync(tab);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save this view" }).ClickAsync();
        await tab.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Only MLPs");
        await tab.Page.GetByLabel("Share it with the project").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("summary[aria-label='Views']")).ToContainTextAsync("Only MLPs");
        await OpenViewsAsync(tab);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Open with Only MLPs" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".views .badge.accent")).ToBeVisibleAsync();

        await tab.GoAsync("/");
        await tab.GoAsync("/experiments/1");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter runs" })).ToHaveValueAsync("params.learner = 'mlp'");
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("10 runs");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("40 runs");
        await OpenViewsAsync(tab);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Only MLPs" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".grid-foot")).ToContainTextAsync("10 runs");
        await OpenViewsAsync(tab);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Delete Only MLPs" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".views")).ToContainTextAsync("No views have a name yet");
    }

    private static async Task OpenViewsAsync(Tab tab)
    {
        if (!await tab.Page.Locator(".pop.views").IsVisibleAsync())
        {
            await tab.Page.Locator("summary[aria-label='Views']").ClickAsync();
        }
    }

    private static string RunId(Site site, string name)
    {
        using var tracker = Tracker.OpenReadOnly(site.Store);
        return tracker.FindRun(name)!.Id;
    }

    private static async Task PinAsync(Tab tab, ILocator button, string? title)
    {
        await button.ClickAsync();
        if (title is not null)
        {
            await tab.Page.GetByLabel("Its title").FillAsync(title);
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true }).Last.ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Open the report" })).ToBeVisibleAsync();
    }

    private static async Task ToolAsync(ILocator block, string name)
    {
        await block.HoverAsync();
        await block.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
    }

    private static async Task WriteAsync(Tab tab, ILocator button, string text)
    {
        await button.ClickAsync();
        await tab.Page.GetByLabel("Text in Markdown").FillAsync(text);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("article.block .prose")).ToHaveTextAsync(text);
    }

    private async Task<Tab> LogInAsync(Site site, string user)
    {
        var tab = await browser.OpenAsync(site.Address);
        await tab.Page.GotoAsync("/reports");
        await tab.Page.GetByLabel("User").FillAsync(user);
        await tab.Page.GetByLabel("Password").FillAsync(Password);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await tab.ReadyAsync();
        return tab;
    }
}
