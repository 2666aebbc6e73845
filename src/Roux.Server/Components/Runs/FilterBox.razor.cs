using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Runs;

/// <summary>Where a filter is typed: completes fields, comparisons and values, and shows what is not understood under its place.</summary>
public sealed partial class FilterBox
{
    private const int MostOptions = 12;

    private static readonly string[] Attributes = ["status", "run_name", "start_time", "end_time", "run_id", "parent_run_id", "experiment_name"];
    private static readonly string[] Numeric = [">", ">=", "<", "<=", "=", "!=", "IS NULL", "IS NOT NULL"];
    private static readonly string[] Textual = ["=", "!=", "LIKE", "ILIKE", "IN", "IS NULL", "IS NOT NULL"];
    private static readonly string[] Statuses = ["RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED"];

    private ElementReference input;

    // What is being typed is the browser's: a value written back from here would overtake fast fingers.
    private string text = "";
    private string applied = "";
    private List<Option> options = [];
    private FilterCompletion? completion;
    private int at = -1;
    private int asked;

    /// <summary>The filter in force.</summary>
    [Parameter, EditorRequired]
    public string Filter { get; set; } = "";

    /// <summary>Another is to be in force.</summary>
    [Parameter]
    public EventCallback<string> FilterChanged { get; set; }

    /// <summary>Experiment whose runs' fields are offered.</summary>
    [Parameter]
    public string? Experiment { get; set; }

    /// <summary>Whether values that runs have may be offered: not to somebody who sees only some projects.</summary>
    [Parameter]
    public bool OffersValues { get; set; }

    [CascadingParameter(Name = "fields")]
    private Func<IReadOnlyList<Field>> Known { get; set; } = static () => [];

    private (int? At, string Message)? Wrong { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Filter != applied)
        {
            text = applied = Filter;
        }

        Wrong = Check(Filter);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Js.InvokeVoidAsync("roux.keys", input, new[] { "ArrowDown", "ArrowUp", "Enter", "Tab" });
        }
    }

    private static (int? At, string Message)? Check(string filter)
    {
        try
        {
            FilterParser.ParseFilter(filter);
            return null;
        }
        catch (FilterException exception)
        {
            return (exception.At, exception.Message);
        }
        catch (TrackingException exception)
        {
            return (null, exception.Message);
        }
    }

    private Task TypeAsync(ChangeEventArgs change)
    {
        text = change.Value as string ?? "";
        at = -1; // the offers of before stay in sight until the next ones come, but none is taken by a hasty Enter
        return SuggestAsync();
    }

    private async Task SuggestAsync()
    {
        var number = ++asked;
        var now = FilterCompletion.At(text, await Js.InvokeAsync<int>("roux.caret", input));
        var offered = await Task.Run(() => Offer(now));

        // What was asked for before the latest key, or before the filter was applied, is no offer any more.
        if (number == asked)
        {
            (completion, options, at) = (now, offered, offered.Count > 0 && now.Typed.Length > 0 ? 0 : -1);
        }
    }

    private List<Option> Offer(FilterCompletion now) => now.Part switch
    {
        FilterPart.Field => [.. Known().Concat(Attributes.Select(name => new Field(FieldKind.Attribute, name)))
            .Where(field => field.Key.Contains(Bare(now.Typed), StringComparison.OrdinalIgnoreCase) && FilterCompletion.Write(field) != now.Typed)
            .OrderBy(field => field.Key.StartsWith(Bare(now.Typed), StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(field => UsualColumns.IsCaptured(field.Key))
            .Take(MostOptions).Select(field => new Option(FilterCompletion.Write(field), field.Kind.ToString().ToLowerInvariant()))],
        FilterPart.Comparator => [.. (now.Of.IsNumeric ? Numeric : Textual).Where(word => word.StartsWith(now.Typed, StringComparison.OrdinalIgnoreCase) && word != now.Typed).Select(word => new Option(word, ""))],
        FilterPart.Value when now.Of.Key == "status" => [.. Statuses.Where(word => word.StartsWith(now.Typed, StringComparison.OrdinalIgnoreCase)).Select(word => new Option(FilterCompletion.Quote(word), "status"))],
        FilterPart.Value when OffersValues && !now.Of.IsNumeric && now.Of.Key is not null => [.. Service.Table.Values(now.Of, now.Typed, MostOptions).Select(value => new Option(FilterCompletion.Quote(value), now.Of.Key))],
        FilterPart.Conjunction => "AND".StartsWith(now.Typed, StringComparison.OrdinalIgnoreCase) ? [new Option("AND", "")] : [],
        _ => [],
    };

    /// <summary>What was typed of a field without its kind, so that <c>acc</c> and <c>metrics.acc</c> both find it.</summary>
    private static string Bare(string typed)
    {
        var dot = typed.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && typed[..dot].ToUpperInvariant() is "METRICS" or "METRIC" or "PARAMS" or "PARAM" or "TAGS" or "TAG" or "ATTRIBUTES" ? typed[(dot + 1)..].Trim('`') : typed;
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when options.Count > 0:
                at = (at + 1) % options.Count;
                break;
            case "ArrowUp" when options.Count > 0:
                at = at <= 0 ? options.Count - 1 : at - 1;
                break;
            case "Tab" when at >= 0 && at < options.Count:
            case "Enter" when at >= 0 && at < options.Count && (completion?.Typed.Length ?? 0) > 0 && !IsComplete(text):
                await TakeAsync(options[at]);
                break;
            case "Enter":
                await ApplyAsync(text);
                break;
            case "Escape":
                Withdraw();
                break;
        }
    }

    private static bool IsComplete(string filter) => Check(filter) is null;

    private async Task TakeAsync(Option option)
    {
        if (completion is not { } now)
        {
            return;
        }

        var caret = await Js.InvokeAsync<int>("roux.caret", input);
        var rest = text[Math.Min(caret, text.Length)..];
        var start = text[..Math.Min(now.From, text.Length)] + option.Text + " ";
        text = start + rest.TrimStart();
        await Js.InvokeVoidAsync("roux.type", input, text, start.Length);
        await SuggestAsync();
    }

    private async Task ApplyAsync(string filter)
    {
        Withdraw();
        if (filter.Length == 0)
        {
            await Js.InvokeVoidAsync("roux.type", input, "", 0);
        }

        text = applied = filter;
        await FilterChanged.InvokeAsync(filter);
    }

    private async Task LeaveAsync()
    {
        Withdraw();
        if (text != applied)
        {
            await ApplyAsync(text);
        }
    }

    private void Withdraw()
    {
        asked++;
        (options, at) = ([], -1);
    }

    private sealed record Option(string Text, string Kind);
}
