using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>The pages of studies, over studies that <c>roux tune</c> ran.</summary>
[Collection(BrowserTests.Name)]
[Trait("Speed", "slow")]
public sealed class StudyPageTests(Browser browser, StudyStore studies) : IClassFixture<StudyStore>
{
    public static TheoryData<string, string> Pages => new()
    {
        { "studies", "/studies" },
        { "study", "/studies/{one}" },
        { "study-settings", "/studies/{one}/settings" },
        { "study-selected", "/studies/{one}/settings?sel=lr~0.001~0.05" },
        { "study-training", "/studies/{rungs}/training" },
        { "study-timeline", "/studies/{rungs}/timeline" },
        { "study-trials", "/studies/{one}/trials" },
        { "study-front", "/studies/{two}" },
        { "study-foreign", "/studies/{foreign}?metric=auc" },
    };

    [Fact]
    public async Task Studies_are_listed_with_their_trials_and_their_best()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync("/studies");
        var row = tab.Page.Locator("table.studies tbody tr").Filter(new() { HasText = "rate-and-width" });
        await Assertions.Expect(row).ToContainTextAsync("of 60");
        await Assertions.Expect(row.Locator(".spark")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("table.studies tbody tr").Filter(new() { HasText = "fast-and-good" })).ToContainTextAsync("on the front");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Other searches" })).ToContainTextAsync("grid <b>search</b>");
        await row.GetByRole(AriaRole.Link, new() { Name = "rate-and-width" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "rate-and-width" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_study_shows_its_way_what_matters_and_its_best_trial()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync($"/studies/{studies.One}");
        var history = tab.Page.GetByRole(AriaRole.Region, new() { Name = "loss over trials" });
        (await history.Locator("circle").CountAsync()).ShouldBeGreaterThan(30);
        await Assertions.Expect(history.Locator("path.bold")).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("What matters for loss: (lr|width)") })).ToBeVisibleAsync();
        var best = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Best trial" });
        await Assertions.Expect(best).ToContainTextAsync("optimizer");
        await tab.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await best.GetByRole(AriaRole.Button, new() { Name = "Command" }).ClickAsync();
        await Assertions.Expect(best.GetByRole(AriaRole.Status)).ToHaveTextAsync("command copied");
        (await tab.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).ShouldStartWith("awk -f train.awk -- --lr");

        // A click on a point leads to the trial's run.
        var point = history.Locator("circle.best");
        await point.HoverAsync();
        await Assertions.Expect(tab.Page.Locator(".tip.hint")).ToContainTextAsync("Trial");
        await point.ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/runs/[0-9a-f]{32}"));
    }

    [Fact]
    public async Task Dragging_along_an_axis_lists_the_trials_and_stands_in_the_address()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync($"/studies/{studies.One}/settings");
        var chart = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Settings side by side" });
        var axis = chart.Locator(".axis-hit").Last;
        await axis.ScrollIntoViewIfNeededAsync();
        await tab.Page.WaitForTimeoutAsync(300);
        var box = (await axis.BoundingBoxAsync())!;
        await tab.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + box.Height - 8);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height * 0.6f), new() { Steps = 4 });
        await tab.Page.Mouse.UpAsync();
        var selected = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Selected trials" });
        await Assertions.Expect(selected).ToBeVisibleAsync();
        tab.Page.Url.ShouldContain("sel=loss~");
        var all = await chart.Locator("path.strand").CountAsync();
        (await selected.Locator("tbody tr").CountAsync()).ShouldBeInRange(1, all - 1);
        (await chart.Locator("path.strand.out").CountAsync()).ShouldBe(all - await selected.Locator("tbody tr").CountAsync());

        // The same by keyboard.
        await chart.GetByText("Drag along an axis to select").ClickAsync();
        await chart.GetByLabel("optimizer is").SelectOptionAsync("adam");
        await Assertions.Expect(selected.Locator("tbody tr").Filter(new() { HasText = "sgd" })).ToHaveCountAsync(0);
        await chart.GetByRole(AriaRole.Button, new() { Name = "Clear selection" }).ClickAsync();
        await Assertions.Expect(selected).ToHaveCountAsync(0);

        var contour = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Two settings together" });
        (await contour.Locator("path.band-area").CountAsync()).ShouldBeGreaterThan(3);
        await contour.Locator("select").First.SelectOptionAsync("dropout");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("x=dropout"));
        await contour.Locator("summary").ClickAsync();
        var saved = await tab.Page.RunAndWaitForDownloadAsync(() => contour.GetByRole(AriaRole.Button, new() { Name = "Data as CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync((await saved.PathAsync())!)).ShouldContain(line => line.StartsWith("dropout,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rungs_curves_and_turns_of_processes_are_shown()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync($"/studies/{studies.Rungs}/training");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rungs" }).Locator("tbody tr")).ToHaveCountAsync(4);
        (await tab.Page.GetByRole(AriaRole.Region, new() { Name = "loss on the way" }).Locator("svg path").CountAsync()).ShouldBeGreaterThan(5);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Timeline" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("rect.turn").First).ToBeVisibleAsync();
        (await tab.Page.Locator("rect.turn").CountAsync()).ShouldBeGreaterThan(24, "trials that paused have several turns");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Who ran what when" })).ToContainTextAsync("process");
    }

    [Fact]
    public async Task Trials_are_sorted_and_filtered_and_lead_to_their_runs()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync($"/studies/{studies.One}/trials");
        var rows = tab.Page.Locator("table.trials tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(60);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "loss" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("table.trials th[aria-sort='ascending']")).ToHaveTextAsync("loss ↑");
        await tab.Page.Locator("select.small").SelectOptionAsync("failed");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("state=failed"));
        await Assertions.Expect(rows.Filter(new() { HasText = "complete" })).ToHaveCountAsync(0);
        await Assertions.Expect(rows.First.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("/runs/"));
    }

    [Fact]
    public async Task Parts_of_another_clients_run_are_read_as_trials_for_a_goal_of_ones_choice()
    {
        await using var tab = await browser.OpenAsync(studies.Site.Address);
        await tab.GoAsync($"/studies/{studies.Foreign}");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "grid <b>search</b>" })).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Goal", new() { Exact = true }).SelectOptionAsync("rmse");
        await Assertions.Expect(tab.Page.Locator("dl.facts")).ToContainTextAsync("rmse");
        await tab.Page.GetByLabel("Which way is better").SelectOptionAsync("minimize");
        await Assertions.Expect(tab.Page.Locator("dl.facts")).ToContainTextAsync("1.2");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "max_depth", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "fixed", Exact = true })).ToHaveCountAsync(0);
        (await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Enqueue" }).CountAsync()).ShouldBe(0, "nobody would hear it");
    }

    [Fact]
    public async Task A_running_study_is_followed_added_to_and_stopped_from_its_page()
    {
        var work = Directory.CreateTempSubdirectory("roux-live-");
        try
        {
            await using var site = await Site.StartAsync();
            File.WriteAllText(Path.Combine(work.FullName, "space.json"), """{"x": {"type": "float", "low": 0, "high": 1}, "kind": {"type": "categorical", "choices": ["a", "b"]}, "n": {"type": "int", "low": 1, "high": 9, "when": {"kind": ["b"]}}}""");
            File.WriteAllText(Path.Combine(work.FullName, "go-0"), "");
            using var tune = StudyStore.Start(work.FullName, site.Store, "tune", "--name", "live", "--space", "space.json", "--metric", "loss", "--trials", "3", "--seed", "1", "--", "sh", "-c", "echo step=0 loss={x}; while [ ! -e go-$ROUX_TRIAL ]; do sleep 0.05; done; echo step=1 loss={x}");
            _ = tune.StandardError.ReadToEndAsync();
            await using var tab = await browser.OpenAsync(site.Address);
            await tab.GoAsync("/studies");
            await tab.Page.GetByRole(AriaRole.Link, new() { Name = "live" }).ClickAsync();
            await Assertions.Expect(tab.Page.Locator("dl.facts")).ToContainTextAsync("1 of 3", new() { Timeout = 30_000 });

            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Enqueue" }).ClickAsync();
            var form = tab.Page.GetByRole(AriaRole.Dialog);
            await form.GetByLabel("x", new() { Exact = true }).FillAsync("7");
            await form.GetByRole(AriaRole.Button, new() { Name = "Enqueue" }).ClickAsync();
            await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("not in [0, 1]");
            await form.GetByLabel("x", new() { Exact = true }).FillAsync("0.125");
            await form.GetByLabel("kind", new() { Exact = true }).SelectOptionAsync("b");
            await form.GetByLabel("n", new() { Exact = true }).FillAsync("4");
            await form.GetByRole(AriaRole.Button, new() { Name = "Enqueue" }).ClickAsync();
            var asked = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Asked of the study" });
            await Assertions.Expect(asked.GetByText("done")).ToHaveCountAsync(1);

            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add trials" }).ClickAsync();
            await tab.Page.GetByLabel("How many").FillAsync("2");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
            await Assertions.Expect(asked.GetByText("done")).ToHaveCountAsync(2);
            await Assertions.Expect(tab.Page.Locator("dl.facts")).ToContainTextAsync("of 6");

            await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Trials" }).ClickAsync();
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Stop trial 1" }).ClickAsync();
            var rows = tab.Page.Locator("table.trials tbody tr");
            await Assertions.Expect(rows.Filter(new() { HasText = "pruned" })).ToHaveCountAsync(1);
            await Assertions.Expect(rows.Filter(new() { HasText = "0.125" })).ToContainTextAsync("running");

            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).First.ClickAsync();
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Stop the study" }).ClickAsync();
            await tune.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
            tune.ExitCode.ShouldBe(130);
            await Assertions.Expect(tab.Page.Locator("header .badge")).ToHaveTextAsync("Killed");

            // What is asked of a study that has ended waits, and the page says what takes it up.
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add trials" }).ClickAsync();
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
            await Assertions.Expect(asked).ToContainTextAsync("1 waiting");
            await Assertions.Expect(asked.Locator("code")).ToContainTextAsync("roux tune --resume --name live");
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_empty_store_says_how_a_study_is_begun()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync("/studies");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "No studies yet" })).ToBeVisibleAsync();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_fits_its_window_and_is_accessible(string name, string path)
    {
        foreach (var (width, dark) in Looks.Windows)
        {
            await using var tab = await browser.OpenAsync(studies.Site.Address, width, width == 390 ? 844 : 900, dark);
            await tab.GoAsync(path.Replace("{one}", studies.One, StringComparison.Ordinal).Replace("{two}", studies.Two, StringComparison.Ordinal).Replace("{rungs}", studies.Rungs, StringComparison.Ordinal).Replace("{foreign}", studies.Foreign, StringComparison.Ordinal));
            (await Looks.ProblemsAsync(tab.Page, name, whole: true)).ShouldBeEmpty();
        }
    }
}
