using System.Net;
using Microsoft.Playwright;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests.Debugging;

/// <summary>The pages of debugging: findings across runs, the recipe, weak slices, doubted labels.</summary>
[Collection(BrowserTests.Name)]
public sealed class DebugTests(Browser browser)
{
    private const string Password = "correct horse battery";
    [Fact]
    public async Task Findings_are_counted_filtered_and_told_what_became_of_them()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/debug");
        var found = tab.Page.Locator("ul.found > li");
        await Assertions.Expect(found).ToHaveCountAsync(4); // those of the latest run about each of the two tables
        await Assertions.Expect(tab.Page.Locator(".head .sub")).ToContainTextAsync("1 of high severity");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { Name = "Found in 3 of the last 3 runs, also in the latest" }).First).ToBeVisibleAsync();

        await tab.Page.GetByRole(AriaRole.Region, new() { Name = "State" }).GetByText("Gone since").ClickAsync();
        await Assertions.Expect(found).ToHaveCountAsync(3);
        tab.Page.Url.ShouldContain("state=gone");
        await tab.Page.GetByRole(AriaRole.Region, new() { Name = "Check" }).GetByText("column-drift").ClickAsync();
        await Assertions.Expect(found).ToHaveCountAsync(2);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "All checks and experiments" }).ClickAsync();
        await Assertions.Expect(found).ToHaveCountAsync(3);

        await tab.GoAsync("/debug?state=all");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Most severe" }).ClickAsync();
        await Assertions.Expect(found).ToHaveCountAsync(10);
        await Assertions.Expect(found.First).ToContainTextAsync("suspected-leak");
        (await tab.Page.Locator("main script").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_finding_is_accepted_with_a_reason_and_so_in_every_run_about_the_same()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        var runs = Runs(site);
        await tab.GoAsync($"/debug/{runs[2]}");
        await Assertions.Expect(tab.Page.Locator(".finding.high")).ToContainTextAsync("One column makes up 97%");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Accept suspected-leak" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Accept", Exact = true })).ToBeDisabledAsync();
        await tab.Page.GetByLabel("Why is it no trouble?").FillAsync("known before boarding");
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Accept", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".finding.accepted")).ToContainTextAsync("known before boarding");

        await tab.GoAsync($"/runs/{runs[0]}/findings");
        await Assertions.Expect(tab.Page.Locator(".finding.accepted")).ToContainTextAsync("Accepted by anonymous");
        await tab.GoAsync("/debug?state=accepted");
        await Assertions.Expect(tab.Page.Locator("ul.found > li")).ToHaveCountAsync(3);

        await tab.GoAsync($"/debug/{runs[2]}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Take the acceptance of suspected-leak back" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".finding.accepted")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_runs_are_compared_by_what_is_new_gone_and_still_there()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        var runs = Runs(site);
        await tab.GoAsync($"/debug/{runs[2]}/compare");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "New" })).ToContainTextAsync("outliers");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Gone" })).ToContainTextAsync("column-drift");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Still there" })).ToContainTextAsync("suspected-leak");
        await tab.Page.GetByLabel("Compared with").SelectOptionAsync(runs[0]);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "New" })).ToContainTextAsync("ticket");
        tab.Page.Url.ShouldContain("with=" + runs[0]);
    }

    [Fact]
    public async Task The_recipe_is_shown_step_by_step_with_its_curves()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/debug/{Runs(site)[2]}/recipe");
        await Assertions.Expect(tab.Page.Locator("ol.recipe > li")).ToHaveCountAsync(5);
        await Assertions.Expect(tab.Page.Locator("ol.recipe > li.failed")).ToContainTextAsync("vanishes on its way");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("learned by heart") })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".recipe-head")).ToContainTextAsync("Stopped at step 4");
    }

    [Fact]
    public async Task Weak_slices_are_chosen_and_show_their_rows()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/debug/{Runs(site)[2]}/slices");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "port is missing" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Where port is missing" })).ToBeVisibleAsync();
        tab.Page.Url.ShouldContain("slice=2");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rows of the slice" }).Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Weak slices" })).ToContainTextAsync("known to be hard");
    }

    [Fact]
    public async Task Doubted_labels_are_kept_or_corrected_and_exported()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/debug/{Runs(site)[2]}/labels");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Fix row 3 as yes" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("table.labels tr.decided")).ToContainTextAsync("→ yes");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Keep yes in row 4" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("table.labels tr.decided")).ToHaveCountAsync(2);
        await tab.Page.GetByLabel("Another label for row 5").SelectOptionAsync("unknown");
        await Assertions.Expect(tab.Page.Locator("table.labels tr.decided")).ToHaveCountAsync(3);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "To correct" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("table.labels tbody tr")).ToHaveCountAsync(2);
        tab.Page.Url.ShouldContain("rows=fix");

        await tab.Page.Locator("summary").Filter(new() { HasText = "Export" }).ClickAsync();
        var decisions = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Link, new() { Name = "Decisions as CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync((await decisions.PathAsync())!, TestContext.Current.CancellationToken)).Select(line => string.Join(',', line.Split(',').Take(4))).ShouldBe(["row,given,decided,decision", "3,no,yes,fix", "4,yes,yes,keep", "5,no,unknown,fix"]);
        var corrected = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Link, new() { Name = "Corrected data as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync((await corrected.PathAsync())!, TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(61);
        lines[3].ShouldBe("23,4.5,1,\"Passenger, no. 3\",yes");
        lines[5].ShouldEndWith(",unknown");

        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Take the decision about row 3 back" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("table.labels tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_viewer_decides_nothing_and_only_an_admin_has_files_of_the_server()
    {
        await using var site = await Site.StartAsync(tracker =>
        {
            DebugStore.Fill(tracker);
            var accounts = new Accounts(tracker);
            foreach (var (name, role) in new[] { ("root", Role.Admin), ("vi", Role.Viewer), ("ed", Role.Editor) })
            {
                accounts.AddUserAsync(name, Password, role, null).GetAwaiter().GetResult();
            }
        });
        var run = Runs(site)[2];
        foreach (var (user, buttons, status) in new[] { ("vi", 0, HttpStatusCode.Forbidden), ("ed", 1, HttpStatusCode.Forbidden), ("root", 1, HttpStatusCode.OK) })
        {
            await using var tab = await browser.OpenAsync(site.Address);
            await tab.Page.GotoAsync($"/debug/{run}");
            await tab.Page.GetByLabel("User").FillAsync(user);
            await tab.Page.GetByLabel("Password").FillAsync(Password);
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
            await tab.ReadyAsync();
            await Assertions.Expect(tab.Page.Locator(".finding.high")).ToBeVisibleAsync();
            (await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Accept suspected-leak" }).CountAsync()).ShouldBe(buttons, user);
            await tab.GoAsync($"/debug/{run}/labels");
            (await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Keep no in row 3" }).CountAsync()).ShouldBe(buttons, user);
            var answer = await tab.Page.APIRequest.GetAsync($"/api/roux/v1/runs/corrected-data?run_id={run}");
            ((HttpStatusCode)answer.Status).ShouldBe(status, user);
        }
    }

    public static TheoryData<string, string> Pages => new()
    {
        { "debug", "/debug" },
        { "debug-gone", "/debug?state=gone&sort=worst" },
        { "debug-run", "/debug/{run}" },
        { "debug-recipe", "/debug/{run}/recipe" },
        { "debug-slices", "/debug/{run}/slices" },
        { "debug-labels", "/debug/{run}/labels" },
        { "debug-compare", "/debug/{run}/compare" },
        { "debug-no-recipe", "/debug/{first}/recipe" },
        { "debug-no-labels", "/debug/{first}/labels" },
        { "debug-nobody", "/debug/0123456789abcdef0123456789abcdef" },
    };

    [Fact]
    public async Task Pages_fit_their_windows_and_are_accessible()
    {
        await using var site = await Site.StartAsync(DebugStore.Fill);
        var runs = Runs(site);
        await using var empty = await Site.StartAsync();
        var pages = Pages.Select(row => (row.Data.Item1, row.Data.Item2.Replace("{run}", runs[2], StringComparison.Ordinal).Replace("{first}", runs[0], StringComparison.Ordinal), site.Address)).Append(("debug-empty", "/debug", empty.Address));
        var wrong = new List<string>();
        foreach (var (width, dark) in Looks.Windows)
        {
            foreach (var (name, path, address) in pages)
            {
                await using var tab = await browser.OpenAsync(address, width, width == 390 ? 844 : 900, dark);
                await tab.GoAsync(path);
                wrong.AddRange(await Looks.ProblemsAsync(tab.Page, name));
            }
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>Ids of the three sessions about one table, the oldest first.</summary>
    private static string[] Runs(Site site)
    {
        using var tracker = Tracker.OpenReadOnly(site.Store);
        return [.. tracker.SearchRuns(new RunQuery { Filter = $"tags.\"{FindingDecisions.SubjectTag}\" = '{DebugStore.Subject}'" }).OrderBy(run => run.Started).ThenBy(run => run.Findings.Count(finding => finding.Check == "outliers")).ThenBy(run => run.Findings.Count(finding => finding.Columns.Contains("ticket"))).Select(run => run.Id)];
    }
}
