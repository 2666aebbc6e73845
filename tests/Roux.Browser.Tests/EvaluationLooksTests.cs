using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>Evaluations and comparisons of what <c>roux develop</c> left: each fits its window, axe finds nothing serious, and it shows what it should.</summary>
[Collection(BrowserTests.Name)]
[Trait("Speed", "slow")]
public sealed class EvaluationLooksTests(Browser browser, RealStore real)
{
    public static TheoryData<string, string, string> Pages => new()
    {
        { "evaluation-classes", "/runs/{species}/evaluation", "Confusion matrix" },
        { "evaluation-digits", "/runs/{digits}/evaluation", "Precision and recall" },
        { "evaluation-numbers", "/runs/{quality}/evaluation", "Residuals" },
        { "compare-real", "/compare?runs={parts}&view=difference", "Every pair" },
        { "compare-errors", "/compare?runs={pair}&view=errors", "Difference, after − before" },
        { "compare-pareto", "/compare?runs={parts}&view=relations&across=metrics.fit_seconds&up=metrics.cv_macro_f1&colour=params.family", "Pareto front" },
        { "compare-groups", "/compare?runs={parts}&view=relations&plot=group&by=params.family", "Groups" },
        { "compare-parallel", "/compare?runs={parts}&view=relations&plot=parallel", "Settings and results" },
        { "compare-contour", "/compare?runs={trials}&view=relations&plot=contour", "" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_shows_its_part_fits_and_is_accessible(string name, string path, string region)
    {
        var site = await real.SiteAsync();
        foreach (var (width, dark) in Looks.Windows)
        {
            await using var tab = await browser.OpenAsync(site.Address, width, width == 390 ? 844 : 900, dark);
            await tab.GoAsync(Filled(path, site.Store));
            var shown = region.Length == 0 ? tab.Page.Locator("section.chart svg").First : tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Region, new() { Name = region, Exact = true });
            await Microsoft.Playwright.Assertions.Expect(shown).ToBeVisibleAsync();
            (await Looks.ProblemsAsync(tab.Page, name, whole: true)).ShouldBeEmpty();
        }
    }

    private static string Filled(string path, string store)
    {
        using var tracker = Tracker.OpenReadOnly(store);
        string Develop(string target) => tracker.SearchRuns(new RunQuery { Filter = $"tags.`roux.winner` != '' AND params.target = '{target}'", MaxResults = 1 })[0].Id;
        string Parts(string target, int most) => string.Join(',', tracker.SearchRuns(new RunQuery { Filter = $"parent_run_id = '{Develop(target)}' AND attributes.status = 'FINISHED'", MaxResults = most, OrderBy = ["metrics.cv_macro_f1 DESC"] }).Select(run => run.Id));
        return path.Replace("{species}", Develop("species"), StringComparison.Ordinal).Replace("{digits}", Develop("target"), StringComparison.Ordinal).Replace("{quality}", Develop("quality"), StringComparison.Ordinal)
            .Replace("{parts}", Parts("species", 8), StringComparison.Ordinal).Replace("{pair}", Parts("target", 2), StringComparison.Ordinal)
            .Replace("{trials}", string.Join(',', tracker.SearchRuns(new RunQuery { Filter = "params.lr != '' AND params.width != ''", MaxResults = 40 }).Select(run => run.Id)), StringComparison.Ordinal);
    }
}
