using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Runs;

/// <summary>A table of runs of any length. Only the rows in view, and a few around them, are read and sent.</summary>
public sealed partial class RunGrid
{
    private const int RowHeight = 34;
    private const int Around = 14;
    private const int OutlinePoints = 44;

    private IReadOnlyList<RunRow> rows = [];
    private IReadOnlyList<Field> fields = [];
    private IReadOnlyList<IReadOnlyDictionary<string, double[]>?> outlines = [];
    private List<GridHead> heads = [];
    private ElementReference box;
    private DotNetObjectReference<RunGrid>? self;
    private IJSObjectReference? script;
    private RunsView? asked;
    private RunsView? counted;
    private string? told;
    private long total;
    private int offset;
    private int seen;
    private int inView = 30;
    private bool scrolled;
    private DateTimeOffset now = DateTimeOffset.UtcNow;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public RunsView View { get; set; } = null!;

    /// <summary>Ids of the runs that are ticked.</summary>
    [Parameter, EditorRequired]
    public HashSet<string> Chosen { get; set; } = null!;

    /// <summary>Other runs are ticked.</summary>
    [Parameter]
    public EventCallback ChosenChanged { get; set; }

    /// <summary>Another order or another width is asked for.</summary>
    [Parameter]
    public EventCallback<RunsView> ViewChanged { get; set; }

    /// <summary>What is wrong with the view, or nothing.</summary>
    [Parameter]
    public EventCallback<string?> Told { get; set; }

    private List<GridHead> Heads => heads;

    private bool AllChosen => rows.Count > 0 && rows.All(row => Chosen.Contains(row.Id));

    /// <summary>The rows that the browser shows now.</summary>
    [JSInvokable]
    public async Task Show(int first, int count)
    {
        var (low, high) = (Math.Max(0, first), first + Math.Clamp(count, 1, 200));
        (seen, inView) = (low, high - low);
        if (low >= offset && Math.Min(high, total) <= offset + rows.Count)
        {
            StateHasChanged();
            return;
        }

        scrolled = true;
        await ReloadAsync();
        StateHasChanged();
    }

    /// <summary>A column has been dragged to another width.</summary>
    [JSInvokable]
    public Task Resize(int column, int width)
    {
        var widths = Enumerable.Range(0, Math.Max(View.Widths.Count, column + 1)).Select(index => index == column ? width : index < View.Widths.Count ? View.Widths[index] : 0).ToList();
        return ViewChanged.InvokeAsync(View with { Widths = widths });
    }

    private protected override Action Read()
    {
        var (view, isScroll, first) = (View, scrolled, Math.Max(0, seen - Around));
        var selection = view.Selection(Visitor.Reach);
        if (view.Experiment is { } experiment)
        {
            Visitor.Require(Tracking.Role.Viewer, Security.SubjectKind.Experiment, experiment);
        }

        var count = isScroll && counted == view ? total : Service.Table.Count(selection);
        if (first > Math.Max(0, count - inView))
        {
            first = (int)Math.Max(0, count - inView - Around);
        }

        var columns = view.Columns ?? UsualColumns.Of(Service.Table.Fields(selection));
        var found = count == 0 ? [] : Service.Table.Rows(selection, columns, first, inView + (2 * Around));
        var drawn = view.Sparks ? columns.Select(column => column.Kind == FieldKind.Metric ? Service.Metrics.Outlines([.. found.Select(row => row.Id)], column.Key, OutlinePoints) : null).ToList() : [];
        return () =>
        {
            (rows, fields, outlines, total, offset, counted, scrolled, now) = (found, columns, drawn, count, first, view, false, DateTimeOffset.UtcNow);
            heads = GridHead.Of(view.Experiment is null, view.Sparks, columns);
        };
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View == asked)
        {
            return;
        }

        asked = View;
        if (counted is not null && counted != View && (counted.Filter != View.Filter || counted.Sort != View.Sort || counted.Experiment != View.Experiment))
        {
            seen = 0;
            if (script is not null)
            {
                await script.InvokeVoidAsync("top");
            }
        }

        await ReloadAsync();
        if (Problem != told)
        {
            told = Problem;
            await Told.InvokeAsync(Problem);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            self = DotNetObjectReference.Create(this);
        }

        if (script is null && Problem is null && self is not null)
        {
            script = await Script.InvokeAsync<IJSObjectReference>("roux.grid", box, self, RowHeight);
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

    private int WidthOf(int column) => column < View.Widths.Count && View.Widths[column] > 0 ? View.Widths[column] : heads[column].Width;

    private string? SortOf(GridHead head)
    {
        var sort = View.Sort ?? new OrderKey(new Field(FieldKind.Attribute, "start_time"), true);
        return head.Field is { } field && field == sort.Field ? sort.Descending ? "descending" : "ascending" : null;
    }

    /// <summary>First the direction that people want of such a column, then the other, then none.</summary>
    private Task SortBy(GridHead head)
    {
        if (head.Field is not { } field)
        {
            return Task.CompletedTask;
        }

        var first = new OrderKey(field, head.IsNumber);
        var next = View.Sort?.Field != field ? first : View.Sort == first ? first with { Descending = !first.Descending } : null;
        return ViewChanged.InvokeAsync(View with { Sort = next });
    }

    private Task Choose(string id)
    {
        if (!Chosen.Remove(id))
        {
            Chosen.Add(id);
        }

        return ChosenChanged.InvokeAsync();
    }

    private Task ChooseAll()
    {
        if (AllChosen)
        {
            Chosen.ExceptWith(rows.Select(row => row.Id));
        }
        else
        {
            Chosen.UnionWith(rows.Select(row => row.Id));
        }

        return ChosenChanged.InvokeAsync();
    }
}
