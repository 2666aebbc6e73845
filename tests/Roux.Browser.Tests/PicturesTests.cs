using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>
/// Every page, wide and narrow, light and dark: fits its window, and axe finds nothing serious. With ROUX_PICTURES=FOLDER each is kept there as a picture.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class PicturesTests(Browser browser, PicturesTests.Demo demo) : IClassFixture<PicturesTests.Demo>
{
    public static TheoryData<string, string> Pages => new()
    {
        { "experiments", "/" },
        { "runs", "/experiments/1?show=sparks" },
        { "groups", "/experiments/1?group=params.learner" },
        { "nothing", "/runs?q=metrics.macro_f1 > 2" },
        { "wrong-filter", "/runs?q=metrics.macro_f1 ~ 2" },
        { "no-page", "/nowhere" },
        { "run", "/runs/{run}" },
        { "run-charts", "/runs/{run}/charts" },
        { "run-logs", "/runs/{run}/logs" },
        { "run-artifacts", "/runs/{run}/artifacts?path=predictions.csv" },
        { "run-code", "/runs/{run}/code" },
        { "run-findings", "/runs/{run}/findings" },
        { "run-notes", "/runs/{run}/notes" },
        { "login", "/login" },
        { "reports", "/reports" },
        { "report", "/reports/{report}" },
        { "report-versions", "/reports/{report}?panel=versions&version=1" },
        { "admin-health", "/admin" },
        { "admin-users", "/admin/users" },
        { "admin-keys", "/admin/keys" },
        { "admin-storage", "/admin/storage" },
        { "admin-webhooks", "/admin/webhooks" },
        { "admin-audit", "/admin/audit" },
        { "admin-settings", "/admin/settings" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_fits_its_window_and_is_accessible(string name, string path)
    {
        foreach (var (width, dark) in Looks.Windows)
        {
            await using var tab = await browser.OpenAsync(demo.Site.Address, width, width == 390 ? 844 : 900, dark);
            tab.Forgives = name == "no-page";
            await tab.Page.GotoAsync(path.Replace("{runs}", demo.Runs, StringComparison.Ordinal).Replace("{report}", demo.Report, StringComparison.Ordinal).Replace("{run}", demo.Run, StringComparison.Ordinal));
            if (name != "login")
            {
                await tab.ReadyAsync();
            }

            (await Looks.ProblemsAsync(tab.Page, name)).ShouldBeEmpty();
        }
    }

    /// <summary>One store for all pages: they only look at it.</summary>
    public sealed class Demo : IAsyncLifetime
    {
        internal Site Site { get; private set; } = null!;

        /// <summary>Id of a run with findings.</summary>
        internal string Run { get; private set; } = "";

        /// <summary>Ids of a few runs.</summary>
        internal string Runs { get; private set; } = "";

        /// <summary>Id of a report.</summary>
        internal string Report { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Site = await Site.StartAsync(DemoStore.Fill);
            using var tracker = Tracker.OpenReadOnly(Site.Store);
            Run = tracker.FindRun("mlp-03")!.Id;
            Runs = string.Join(',', new[] { "linear-00", "boosted-trees-01", "forest-02", "mlp-03" }.Select(name => tracker.FindRun(name)!.Id));
            Report = await DemoReport.CreateAsync(Site.Address, Runs.Split(','));
        }

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
