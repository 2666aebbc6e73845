using Microsoft.Playwright;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Runs beside each other: trade-offs, whether a difference is real, the errors of two models.</summary>
[Collection(BrowserTests.Name)]
public sealed class CompareTests(Browser browser, PicturesTests.Demo demo) : IClassFixture<PicturesTests.Demo>
{
    [Fact]
    public async Task Two_results_are_related_with_their_front_and_the_view_stands_in_the_address()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/compare?runs={demo.Runs}&view=relations&across=params.depth&up=metrics.macro_f1&xd=low");
        var chart = tab.Page.GetByRole(AriaRole.Region, new() { Name = "macro_f1 against depth" });
        await Assertions.Expect(chart.Locator("circle[data-tip]")).ToHaveCountAsync(4);
        await Assertions.Expect(chart.Locator("path.front")).ToHaveCountAsync(1);
        var front = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Pareto front" }).Locator("tbody tr");
        var before = await front.CountAsync();
        before.ShouldBeInRange(1, 4);
        await tab.Page.Locator("label", new() { HasText = "colour" }).Locator("select").SelectOptionAsync("params.learner");
        await Assertions.Expect(chart.Locator(".legend li")).ToHaveCountAsync(4);
        tab.Page.Url.ShouldContain("colour=params.learner");

        await tab.Page.Locator("label", new() { HasText = "x is better" }).Locator("select").SelectOptionAsync("high");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("xd=high"));

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Parallel" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("path.strand")).ToHaveCountAsync(4);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Groups" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Groups" }).Locator("tbody tr")).ToHaveCountAsync(4);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Contour" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("section.chart svg").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Runs_without_folds_are_told_how_to_get_them()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/compare?runs={demo.Runs}&view=difference");
        await Assertions.Expect(tab.Text("No folds recorded")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".empty pre")).ToContainTextAsync("cv_accuracy");
    }

    [Fact]
    public async Task Scores_of_folds_tell_whether_a_difference_is_real()
    {
        var ids = new List<string>();
        await using var site = await Site.StartAsync(tracker =>
        {
            var experiment = tracker.Experiment("folds");
            double[][] scores = [[0.91, 0.92, 0.90, 0.93, 0.91], [0.80, 0.83, 0.79, 0.81, 0.82], [0.78, 0.86, 0.77, 0.84, 0.79]];
            foreach (var (name, index) in new[] { "<b>best</b>", "plain", "shaky" }.Select((name, index) => (name, index)))
            {
                using var run = experiment.StartRun(name);
                run.Tag("roux.folds", "same");
                run.LogMetrics("accuracy", scores[index]);
                run.LogMetric("cv_accuracy", scores[index].Average());
                ids.Add(run.Id);
            }

            // Folds as child runs.
            using var parent = experiment.StartRun("children");
            for (var fold = 0; fold < 5; fold++)
            {
                using var child = parent.StartChild($"fold {fold}");
                child.LogMetric("accuracy", 0.7 + (fold * 0.01));
            }

            ids.Add(parent.Id);
        });
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/compare?runs={string.Join(',', ids)}&view=difference");
        var words = tab.Page.GetByRole(AriaRole.Region, new() { Name = "In words" });
        await Assertions.Expect(words).ToContainTextAsync("<b>best</b> is better than plain by 0.104");
        await Assertions.Expect(words).ToContainTextAsync("the difference may be chance");
        await Assertions.Expect(words).ToContainTextAsync("taken for granted");
        await Assertions.Expect(tab.Page.Locator("table.pairs td.gain")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("table.pairs tbody tr")).ToHaveCountAsync(4);
        (await Looks.ProblemsAsync(tab.Page, "difference")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Errors_of_two_models_are_sorted_into_fixed_and_broken()
    {
        var ids = new List<string>();
        await using var site = await Site.StartAsync(tracker =>
        {
            foreach (var name in new[] { "old", "new" })
            {
                using var run = tracker.Experiment("errors").StartRun(name);
                run.LogDataset(new Dataset("d.csv", "sha256:1", "d.csv"), "testing");
                run.LogText("evaluation/predictions.csv", "row,actual,prediction,p_cat,p_dog\n" + string.Concat(Enumerable.Range(1, 60).Select(row => Line(row, name == "old" ? row % 4 == 0 : row % 10 == 0))));
                run.LogText("evaluation/predictions_examples.csv", "row,text\n" + string.Concat(Enumerable.Range(1, 60).Select(row => $"{row},\"row <i>{row}</i>\"\n")));
                ids.Add(run.Id);
            }
        });
        await using var tab = await browser.OpenAsync(site.Address);
        await tab.GoAsync($"/compare?runs={string.Join(',', ids)}&view=errors");
        await Assertions.Expect(tab.Page.Locator(".facts.changes")).ToContainTextAsync("Fixed");
        await Assertions.Expect(tab.Page.GetByText("fixed 12 and broke 3 of old")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rows" }).Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Difference, after − before" })).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Fixed" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rows" }).Locator("tbody tr")).ToHaveCountAsync(12);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rows" })).ToContainTextAsync("row <i>4</i>");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Exchange the two" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByText("fixed 3 and broke 12 of new")).ToBeVisibleAsync();
        (await Looks.ProblemsAsync(tab.Page, "errors")).ShouldBeEmpty();

        // The same file on the page of a run: a click on a cell lists its rows.
        await tab.GoAsync($"/runs/{ids[0]}/evaluation");
        var matrix = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Confusion matrix" });
        await matrix.GetByRole(AriaRole.Link, new() { NameRegex = new("^cat, predicted dog") }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("cat, predicted dog") })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "ROC curve" })).ToContainTextAsync("AUC");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Region, new() { Name = "Calibration" }).Locator("circle")).Not.ToHaveCountAsync(0);
        (await Looks.ProblemsAsync(tab.Page, "evaluation")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chart_gives_code_that_fetches_its_numbers()
    {
        await using var tab = await browser.OpenAsync(demo.Site.Address);
        await tab.GoAsync($"/runs/{demo.Run}/charts");
        var chart = tab.Page.GetByRole(AriaRole.Region, new() { Name = "train/loss" });
        await chart.Locator("summary").ClickAsync();
        await chart.GetByRole(AriaRole.Button, new() { Name = "Copy as code" }).ClickAsync();
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.Locator("pre")).ToContainTextAsync($"tracker.GetMetric(run, \"train/loss\")");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "curl" }).ClickAsync();
        await Assertions.Expect(dialog.Locator("pre")).ToContainTextAsync($"{demo.Site.Address}/api/roux/v1/metrics/table.csv");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        (await Looks.ProblemsAsync(tab.Page, "code")).ShouldBeEmpty();
    }

    private static string Line(int row, bool isWrong)
    {
        var cat = row % 2 == 0;
        return $"{row},{(cat ? "cat" : "dog")},{(cat != isWrong ? "cat" : "dog")},{(cat != isWrong ? "0.8,0.2" : "0.3,0.7")}\n";
    }
}
