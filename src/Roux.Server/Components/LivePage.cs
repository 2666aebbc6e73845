using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Roux.Server.Components.Hosting;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components;

/// <summary>
/// A page over the store, or a part of one: reads when its parameters change and again soon after anything in the store has changed. What goes wrong while reading
/// becomes <see cref="Problem"/>, for the page to show in place of the rest.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(450);

    private readonly CancellationTokenSource gone = new();
    private IDisposable? subscription;
    private int reading;
    private bool busy;
    private bool waiting;
    private TimeSpan took;
    private long ended;

    [Inject]
    private protected Visitor Visitor { get; set; } = null!;

    [Inject]
    private protected TrackingService Service { get; set; } = null!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private StorePulse Pulse { get; set; } = null!;

    /// <summary>Why there is nothing to show.</summary>
    private protected string? Problem { get; private set; }

    /// <summary>Whether it has been read once.</summary>
    private protected bool IsLoaded { get; private set; }

    /// <summary>Whether changes of the store matter to what is shown.</summary>
    private protected virtual bool IsLive => true;

    /// <summary>Ends when the page is left.</summary>
    private protected CancellationToken Gone => gone.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        subscription?.Dispose();
        gone.Cancel();
        gone.Dispose();
        Leave();
    }

    /// <summary>Reads, away from the page's own thread; the answer puts what was read in its place, on it.</summary>
    private protected abstract Action Read();

    /// <summary>
    /// Whether what its parent gave it is other than before. A parent that is drawn again sets the parameters of its parts again, the same ones or not.
    /// </summary>
    private protected virtual bool HasNewParameters() => true;

    /// <summary>Called when the page is left.</summary>
    private protected virtual void Leave()
    {
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => HasNewParameters() ? ReloadAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            subscription = Pulse.Listen(() => _ = InvokeAsync(ChangedAsync));
        }
    }

    /// <summary>Reads again.</summary>
    private protected async Task ReloadAsync()
    {
        var number = ++reading;
        var started = Stopwatch.GetTimestamp();
        busy = true;
        try
        {
            var put = await Task.Run(Read);
            if (number == reading && !gone.IsCancellationRequested)
            {
                put();
                (Problem, IsLoaded) = (null, true);
            }
        }
        catch (TrackingException exception)
        {
            if (number == reading)
            {
                (Problem, IsLoaded) = (exception.Message, true);
                if (exception is ServiceException { Error: ServiceError.Unauthenticated } && !gone.IsCancellationRequested)
                {
                    Navigation.NavigateTo("/login?return=" + Uri.EscapeDataString(new Uri(Navigation.Uri).PathAndQuery), forceLoad: true);
                }
            }
        }
        catch (ObjectDisposedException) when (gone.IsCancellationRequested || Service.Tracker.IsDisposed)
        {
            // The server ends.
        }
        finally
        {
            busy = number != reading;
            (took, ended) = (Stopwatch.GetElapsedTime(started), Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Does something that changes the store; what goes wrong is told beside the page, not in place of it.</summary>
    private protected static async Task<string?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (TrackingException exception)
        {
            return exception.Message;
        }
    }

    // A change after a quiet time is shown at once. A store that changes all the time, or a page that is slow to read, takes at most an eighth of a processor.
    private async Task ChangedAsync()
    {
        if (!IsLive || waiting || gone.IsCancellationRequested)
        {
            return;
        }

        waiting = true;
        try
        {
            var pause = took * 8 > Shortest ? took * 8 : Shortest;
            var rest = busy ? pause : pause - Stopwatch.GetElapsedTime(ended);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, gone.Token);
            }

            waiting = false;
            await ReloadAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The page is left.
        }
        finally
        {
            waiting = false;
        }
    }
}
