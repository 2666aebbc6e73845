using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Roux.Server.Components.Widgets;
using Roux.Tracking;

namespace Roux.Server.Components.Charts;

/// <summary>
/// A chart of metrics over steps or time. The server draws it for the pixels that the browser has: of a million points some thousand are sent, and none that would be
/// seen is missing. Dragging zooms into a stretch, which is then drawn in full.
/// </summary>
public sealed partial class LineChart
{
    private readonly string clip = "c" + Guid.NewGuid().ToString("N")[..8];
    private LineDrawing? drawing;
    private IReadOnlyList<(Curve Curve, ChartSeries Of)> curves = [];
    private IReadOnlyList<ChartSeries>? askedSeries;
    private ChartOptions? askedOptions;
    private Tip? tip;
    private string? note;
    private (double Low, double High)? zoom;
    private int width = 420;
    private int height = 220;
    private ElementReference box;
    private DotNetObjectReference<LineChart>? self;
    private IJSObjectReference? script;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private SeriesCache Cache { get; set; } = null!;

    /// <summary>What it shows.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The lines.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    /// <summary>How to draw them.</summary>
    [Parameter]
    public ChartOptions Options { get; set; } = new();

    /// <summary>Whether it is the only one on a page.</summary>
    [Parameter]
    public bool Tall { get; set; }

    /// <summary>Whether more points may come.</summary>
    [Parameter]
    public bool Live { get; set; } = true;

    /// <summary>Whether it may be pinned to a report.</summary>
    [Parameter]
    public bool CanPin { get; set; } = true;

    private protected override bool IsLive => Live;

    private string Csv => $"/api/roux/v1/metrics/table.csv?run_ids={string.Join(',', Series.Select(one => one.RunId).Distinct())}&metric_key={Uri.EscapeDataString(Series.Count == 0 ? "" : Series[0].Key)}";

    private string Summary => $"{Title}: {string.Join("; ", curves.Take(5).Select(one => one.Curve.Y.Length == 0 ? "no points" : string.Create(CultureInfo.InvariantCulture, $"{Format.Cut(one.Of.Name, 40)}, {one.Curve.Y.Length} points, last {Format.Number(one.Curve.Y[^1])}")))}";

    /// <summary>The browser's room for it.</summary>
    [JSInvokable]
    public Task Fit(int wide, int high)
    {
        if (wide < 40 || high < 40 || (wide == width && high == height))
        {
            return Task.CompletedTask;
        }

        (width, height) = (Math.Min(wide, 4000), Math.Min(high, 3000));
        return RedrawAsync();
    }

    /// <summary>The pointer is over a place; below zero: it has gone.</summary>
    [JSInvokable]
    public void Point(double x)
    {
        var next = drawing is { } drawn && x >= drawn.X.From && x <= drawn.X.To ? TipAt(drawn, x) : null;
        if (next != tip)
        {
            tip = next;
            StateHasChanged();
        }
    }

    /// <summary>A stretch was chosen; one that ends before it begins shows all again.</summary>
    [JSInvokable]
    public Task Zoom(double from, double to)
    {
        if (drawing is not { } drawn)
        {
            return Task.CompletedTask;
        }

        zoom = to < from ? null : (drawn.X.Value(Math.Max(from, drawn.X.From)), drawn.X.Value(Math.Min(to, drawn.X.To)));
        tip = null;
        return RedrawAsync();
    }

    private protected override bool HasNewParameters()
    {
        if (Options == askedOptions && askedSeries is not null && Series.SequenceEqual(askedSeries))
        {
            return false;
        }

        if (askedOptions is not null && askedOptions.Axis != Options.Axis)
        {
            zoom = null;
        }

        (askedSeries, askedOptions) = (Series, Options);
        return true;
    }

    private protected override Action Read()
    {
        var (series, options, part, wide, high) = (Series, Options, zoom, width, height);
        foreach (var run in series.Select(one => one.RunId).Distinct())
        {
            Visitor.Require(Role.Viewer, Security.SubjectKind.Run, run);
        }

        var read = series.Select(one => (Curve.Of(Cache.Get(one.RunId, one.Key), options.Axis), one)).ToList();
        var drawn = LineDrawing.Of([.. read.Select(one => (one.Item1, one.one.Colour))], options, part, wide, high);
        var empty = drawn.Lines.All(line => line.Path.Length == 0);
        return () =>
        {
            (curves, drawing) = (read, drawn);
            note = !empty ? null : read.All(one => one.Item1.Y.Length == 0) ? "No points yet" : read.All(one => Array.TrueForAll(one.Item1.Y, double.IsNaN)) ? "All values are NaN" : "No value can be drawn here";
        };
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            self = DotNetObjectReference.Create(this);
            script = await Script.InvokeAsync<IJSObjectReference>("roux.plot", box, self);
        }
    }

    private protected override void Leave()
    {
        self?.Dispose();
        _ = ForgetAsync();
    }

    private async Task ForgetAsync()
    {
        try
        {
            if (script is not null)
            {
                await script.InvokeVoidAsync("dispose");
                await script.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone: nothing is left to forget.
        }
    }

    private async Task RedrawAsync()
    {
        await ReloadAsync();
        StateHasChanged();
    }

    private async Task PictureAsync(string kind) => await Script.InvokeVoidAsync("roux.picture", box, Format.Cut(string.Concat(Title.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')), 60), kind);

    private Tip? TipAt(LineDrawing drawn, double x)
    {
        var place = drawn.X.Value(x);
        var items = new List<TipItem>();
        double? at = null;
        foreach (var (curve, of) in curves)
        {
            if (curve.Nearest(place) is >= 0 and var index)
            {
                at ??= curve.X[index];
                items.Add(new TipItem(of.Name, of.Colour, Format.Number(curve.Y[index])));
            }
        }

        if (at is not { } found)
        {
            return null;
        }

        var head = Options.Axis switch
        {
            ChartAxis.Step => "step " + Format.Count((long)found),
            ChartAxis.Time => Format.Moment(DateTimeOffset.FromUnixTimeMilliseconds((long)found)),
            _ => Format.Span(TimeSpan.FromSeconds(found)),
        };
        return new Tip(curves.Count == 1 ? drawn.X.Place(found) : x, head, items);
    }

    private static string Px(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private sealed record Tip(double X, string Head, IReadOnlyList<TipItem> Items);

    private sealed record TipItem(string Name, int Colour, string Value);
}
