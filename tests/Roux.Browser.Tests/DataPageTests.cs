using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Data sets: the list, a data set with its versions and what changed between them.</summary>
[Collection(BrowserTests.Name)]
public sealed class DataPageTests(Browser browser, DataPageTests.Demo demo) : IClassFixture<DataPageTests.Demo>
{
    private static readonly string? Kept = Environment.GetEnvironmentVariable("ROUX_PICTURES");

    public static TheoryData<string, string> Pages => new()
    {
        { "data", "/data" },
        { "dataset", "/data/films.csv?column=budget" },
        { "dataset-foreign", "/data/iris" },
    };

    [Fact]
    public async Task Data_sets_are_listed_with_their_versions_runs_and_models_and_found_by_name()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync("/data");
        var row = tab.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("^films.csv") });
        await Assertions.Expect(row.GetByRole(AriaRole.Cell)).ToContainTextAsync(["films.csv", "3", "5,200", "", "25", "2"]);
        await Assertions.Expect(tab.Page.GetByText(DataStore.Hostile)).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Find a data set").FillAsync("IRIS");
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        tab.Page.Url.ShouldContain("q=IRIS");
        await tab.Page.GetByLabel("Find a data set").FillAsync("no such thing");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "No such data set" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Two_versions_are_compared_column_by_column()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync("/data/films.csv");
        var changes = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Differences" });
        await Assertions.Expect(changes).ToContainTextAsync("1 removed, 1 added, 1 shifted");
        await Assertions.Expect(changes).ToContainTextAsync("Rows: 4,600 → 5,200.");
        await Assertions.Expect(changes.GetByRole(AriaRole.Row, new() { NameRegex = new("^budget") })).ToContainTextAsync("shifted");
        await Assertions.Expect(changes.GetByRole(AriaRole.Row, new() { NameRegex = new("^runtime") })).ToContainTextAsync("stable");
        await changes.GetByRole(AriaRole.Link, new() { Name = "budget" }).ClickAsync();
        await Assertions.Expect(changes.GetByRole(AriaRole.Img, new() { Name = "budget", Exact = true })).ToBeVisibleAsync();

        await tab.Page.GetByRole(AriaRole.Region, new() { Name = "Versions" }).GetByRole(AriaRole.Row).Nth(3).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Profile" })).ToContainTextAsync("votes");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Runs", Exact = true })).ToContainTextAsync("training");
    }

    [Fact]
    public async Task A_version_names_its_runs_and_models_and_hostile_names_are_text()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync("/data/films.csv");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Models" })).ToContainTextAsync("film-rater v2");
        await tab.GoAsync("/data/" + Uri.EscapeDataString(DataStore.Hostile));
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(DataStore.Hostile);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Runs", Exact = true })).ToContainTextAsync("onerror");
        await tab.GoAsync("/data/iris");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Profile" })).ToContainTextAsync("sepal length");
        await tab.GoAsync("/data/nothing");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("no data set 'nothing'");
    }

    [Fact]
    public async Task An_empty_store_says_how_data_gets_there()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/data");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "No data sets" })).ToBeVisibleAsync();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_fits_its_window_and_is_accessible(string name, string path)
    {
        (int Width, bool Dark)[] windows = Kept is null ? [(1440, false), (390, true)] : [(1440, false), (390, true), (1440, true), (390, false)];
        foreach (var (width, dark) in windows)
        {
            await using var tab = await browser.OpenAsync(demo.Site.Address, width, width == 390 ? 844 : 900, dark);
            await tab.GoAsync(path.Replace("{run}", demo.Run, StringComparison.Ordinal));
            if (Kept is not null)
            {
                Directory.CreateDirectory(Kept);
                await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Kept, $"{name}-{width}-{(dark ? "dark" : "light")}.png"), FullPage = true });
            }

            (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, $"{name} is wider than {width}");
            var found = (await tab.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").ToList();
            found.ShouldBeEmpty(string.Join('\n', found.Select(violation => $"{name} {width} dark={dark} {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}")));
        }
    }

    /// <summary>One store for all pages: they only look at it.</summary>
    public sealed class Demo : IAsyncLifetime
    {
        internal Site Site { get; private set; } = null!;

        /// <summary>Id of a run with parts and a model.</summary>
        internal string Run { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Site = await Site.StartAsync(DataStore.Fill);
            using var tracker = Tracker.OpenReadOnly(Site.Store);
            Run = tracker.FindRun("train-23")!.Id;
        }

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
