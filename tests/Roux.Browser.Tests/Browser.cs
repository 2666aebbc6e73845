using Microsoft.Playwright;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>All tests, one after the other: a browser and a server take all of a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>, ICollectionFixture<RealStore>
{
    public const string Name = "browser";
}

/// <summary>One Chromium for all tests: Debian's, since none is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Program))
        {
            playwright = await Playwright.CreateAsync();
            chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
        {
            await chromium.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A page of a browser that knows nothing of any other. What goes wrong in its console fails the test at <see cref="Tab.DisposeAsync"/>.</summary>
    internal async Task<Tab> OpenAsync(string address, int width = 1440, int height = 900, bool dark = false)
    {
        if (chromium is null)
        {
            Assert.Skip("[needs] Chromium: apt-get install chromium");
        }

        var context = await chromium.NewContextAsync(new()
        {
            BaseURL = address,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        return new Tab(context, await context.NewPageAsync());
    }
}
