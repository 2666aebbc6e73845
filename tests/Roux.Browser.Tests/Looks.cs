using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Roux.Browser.Tests;

/// <summary>How a page looks: that it fits its window, that axe finds nothing serious, and, with ROUX_PICTURES=FOLDER, a picture to judge.</summary>
internal static class Looks
{
    private static readonly string? Kept = Environment.GetEnvironmentVariable("ROUX_PICTURES");

    /// <summary>Windows to look through: all four with pictures, else two.</summary>
    public static (int Width, bool Dark)[] Windows => Kept is null ? [(1440, false), (390, true)] : [(1440, false), (390, true), (1440, true), (390, false)];

    /// <summary>What is wrong with a page; nothing where all is well.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IPage page, string name, bool whole = false)
    {
        await page.WaitForTimeoutAsync(400);
        var width = page.ViewportSize!.Width;
        if (Kept is not null)
        {
            Directory.CreateDirectory(Kept);
            var isDark = await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme") == "dark";
            await page.ScreenshotAsync(new() { Path = Path.Combine(Kept, $"{name}-{width}-{(isDark ? "dark" : "light")}.png"), FullPage = whole });
        }

        var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        var found = (await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical");
        return
        [
            .. found.Select(violation => $"{name} {width}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"),
            .. wide > width ? [$"{name} is {wide} wide in a window of {width}"] : Array.Empty<string>(),
        ];
    }
}
