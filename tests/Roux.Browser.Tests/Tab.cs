using System.Collections.Concurrent;
using Microsoft.Playwright;
using Shouldly;

namespace Roux.Browser.Tests;

/// <summary>A page in a browser of its own.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    public Tab(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !Forgives)
            {
                complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Whether errors in the console are expected, as they are when the server goes away.</summary>
    public bool Forgives { get; set; }

    /// <summary>Goes to a page and waits until it answers to clicks.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        await Page.Locator("html[data-ready='1']").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        // What was drawn before the connection stood hears no clicks, and is replaced a moment after.
        await Page.WaitForFunctionAsync("() => !document.querySelector('main#content') || document.querySelector('main#content').dataset.live === '1'");

        // The first rows of the table come a moment later still.
        await Page.WaitForFunctionAsync("() => !document.querySelector('.grid-scroll') || document.querySelector('.grid-scroll').dataset.live === '1' || !document.querySelector('.grid-scroll table.grid')");
    }

    public ILocator Text(string text) => Page.GetByText(text, new() { Exact = true });

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}
