using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Data sets: the list, a data set with its versions and what changed between them.</summary>
[Collection(BrowserTests.Name)]
public sealed class DataPageTests(Browser browser, DataPageTests.Demo demo) : IClassFixture<DataPageTests.Demo>
{
    public static TheoryData<string, string> Pages => new()
    {
        { "data", "/data" },
        { "dataset", "/data/films.csv?column=budget" },
        { "dataset-foreign", "/data/iris" },
        { "lineage", "/runs/{run}/lineage" },
        { "lineage-model", "/models/film-rater?version=2" },
        { "notebook", "/runs/{notebook}/artifacts?path=notebook/films.ipynb" },
        { "notebook-diff", "/runs/{notebook}/code" },
        { "parquet", "/runs/{notebook}/artifacts?path=tables/films.parquet" },
        { "parquet-profile", "/runs/{notebook}/artifacts?path=tables/films.parquet&show=profile" },
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
    public async Task A_lineage_is_walked_from_data_to_run_to_model_by_mouse_and_keyboard()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync("/data/films.csv");
        var lineage = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Lineage" });
        await Assertions.Expect(lineage.GetByRole(AriaRole.Link, new() { NameRegex = new("^run clean-films") })).ToBeVisibleAsync();
        await Assertions.Expect(lineage.GetByRole(AriaRole.Link, new() { NameRegex = new("^data films-raw.json") })).ToBeVisibleAsync();
        await lineage.GetByRole(AriaRole.Link, new() { NameRegex = new("^run train-23") }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("train-23");
        await Assertions.Expect(lineage.Locator("a.node.start")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("train-23"));
        await lineage.GetByText("As a list").ClickAsync();
        await Assertions.Expect(lineage.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "boosted-trees" }).Last).ToContainTextAsync("film-rater v2 (registered)");
        await lineage.GetByRole(AriaRole.Link, new() { NameRegex = new("^model version film-rater") }).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("film-rater");
        await Assertions.Expect(lineage.GetByRole(AriaRole.Link, new() { NameRegex = new("^data films-test.csv") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Tables_are_leafed_through_and_profiled_whatever_their_format()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/runs/{demo.Notebook}/artifacts?path=tables/rows.csv");
        var preview = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Preview" });
        await Assertions.Expect(preview).ToContainTextAsync("250 rows × 3 columns · 1–100");
        await Assertions.Expect(preview.GetByRole(AriaRole.Cell, new() { Name = "word 7, quoted", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Cell, new() { Name = "007", Exact = true })).ToBeVisibleAsync();
        await preview.GetByRole(AriaRole.Link, new() { Name = "Rows after" }).ClickAsync();
        await Assertions.Expect(preview).ToContainTextAsync("101–200");
        tab.Page.Url.ShouldContain("from=100");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "films.parquet" }).ClickAsync();
        await Assertions.Expect(preview).ToContainTextAsync("5,000 rows × 4 columns");
        await Assertions.Expect(preview).ToContainTextAsync("2020-01-02");
        await preview.GetByRole(AriaRole.Link, new() { Name = "Profile" }).ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Row, new() { NameRegex = new("^rating") })).ToContainTextAsync("3,749.3");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "lines.jsonl" }).ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Cell, new() { Name = "[1, 2]" }).First).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "broken.parquet" }).ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be read as parquet");
        await Assertions.Expect(preview.GetByRole(AriaRole.Alert)).Not.ToContainTextAsync("roux-peek");
    }

    [Fact]
    public async Task A_notebook_is_shown_with_its_results_and_compared_cell_by_cell()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/runs/{demo.Notebook}/artifacts?path=notebook/films.ipynb");
        var notebook = tab.Page.GetByRole(AriaRole.Group, new() { Name = "Notebook" });
        await Assertions.Expect(notebook.GetByRole(AriaRole.Heading, new() { Name = "Films" })).ToBeVisibleAsync();
        await Assertions.Expect(notebook).ToContainTextAsync("<script>alert('note')</script>");
        await Assertions.Expect(notebook).ToContainTextAsync("count  5200");
        await Assertions.Expect(notebook.GetByRole(AriaRole.Img)).ToHaveCountAsync(1);
        await Assertions.Expect(notebook.Locator(".result.bad")).ToHaveTextAsync("AttributeError: no oops");
        (await notebook.Locator("script").CountAsync()).ShouldBe(0);

        await tab.GoAsync($"/runs/{demo.Notebook}/code");
        var commit = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Cells changed since the commit" });
        await Assertions.Expect(commit).ToContainTextAsync("1 added, 1 changed");
        var run = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Cells changed since the run" });
        await Assertions.Expect(run.Locator(".add").First).ToContainTextAsync("dropna()");
        await Assertions.Expect(run.GetByRole(AriaRole.Link, new() { Name = "analysis-1" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Changes not committed" })).Not.ToContainTextAsync("iVBOR");
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
        foreach (var (width, dark) in Looks.Windows)
        {
            await using var tab = await browser.OpenAsync(demo.Site.Address, width, width == 390 ? 844 : 900, dark);
            await tab.GoAsync(path.Replace("{run}", demo.Run, StringComparison.Ordinal).Replace("{notebook}", demo.Notebook, StringComparison.Ordinal));
            await Assertions.Expect(tab.Page.GetByText("Reading …")).ToHaveCountAsync(0);
            (await Looks.ProblemsAsync(tab.Page, name, whole: true)).ShouldBeEmpty();
        }
    }

    /// <summary>One store for all pages: they only look at it.</summary>
    public sealed class Demo : IAsyncLifetime
    {
        internal Site Site { get; private set; } = null!;

        /// <summary>Id of a run with parts and a model.</summary>
        internal string Run { get; private set; } = "";

        /// <summary>Id of a run of a notebook with tables.</summary>
        internal string Notebook { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Site = await Site.StartAsync(DataStore.Fill);
            using var tracker = Tracker.OpenReadOnly(Site.Store);
            Run = tracker.FindRun("train-23")!.Id;
            Notebook = tracker.FindRun("analysis-2")!.Id;
        }

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
