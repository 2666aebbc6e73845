using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Runs;

/// <summary>What a table of runs shows and how: all of it stands in the page's address, so that a link, a bookmark or a restart brings the same view.</summary>
public sealed record RunsView
{
    /// <summary>Id of the experiment; <c>null</c>: all.</summary>
    internal string? Experiment { get; init; }

    internal string Filter { get; init; } = "";

    /// <summary>The column to sort by; <c>null</c>: the newest first.</summary>
    internal OrderKey? Sort { get; init; }

    /// <summary>Columns beside the usual ones; <c>null</c>: chosen from what the newest runs have.</summary>
    internal IReadOnlyList<Field>? Columns { get; init; }

    /// <summary>Widths of columns in pixels by their place, 0 for the usual one.</summary>
    internal IReadOnlyList<int> Widths { get; init; } = [];

    internal Field? Group { get; init; }

    internal bool Deleted { get; init; }

    /// <summary>Whether metrics are drawn beside their numbers.</summary>
    internal bool Sparks { get; init; }

    internal static RunsView Parse(string? experiment, string? filter, string? sort, string? columns, string? widths, string? group, string? show) => new()
    {
        Experiment = experiment,
        Filter = filter ?? "",
        Sort = Try(sort),
        Columns = columns is null ? null : [.. Split(columns).Select(Try).OfType<OrderKey>().Select(key => key.Field).Distinct().Take(60)],
        Widths = [.. (widths ?? "").Split(',').Select(text => int.TryParse(text, out var width) ? Math.Clamp(width, 0, 900) : 0)],
        Group = Try(group)?.Field,
        Deleted = (show ?? "").Contains("deleted", StringComparison.Ordinal),
        Sparks = (show ?? "").Contains("sparks", StringComparison.Ordinal),
    };

    /// <summary>The address of the view.</summary>
    internal string Address()
    {
        var show = string.Join(',', new[] { Deleted ? "deleted" : null, Sparks ? "sparks" : null }.OfType<string>());
        var parts = new (string Name, string? Value)[]
        {
            ("q", Filter), ("sort", Sort is null ? null : $"{FilterCompletion.Write(Sort.Field)} {(Sort.Descending ? "DESC" : "ASC")}"),
            ("cols", Columns is null ? null : string.Join(',', Columns.Select(FilterCompletion.Write))), ("w", string.Join(',', Widths).Trim('0', ',').Length == 0 ? null : string.Join(',', Widths)),
            ("group", Group is { } group ? FilterCompletion.Write(group) : null), ("show", show),
        };
        var query = string.Join('&', parts.Where(part => !string.IsNullOrEmpty(part.Value) || (part.Name == "cols" && part.Value is not null)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return (Experiment is null ? "/runs" : $"/experiments/{Uri.EscapeDataString(Experiment)}") + (query.Length == 0 ? "" : "?" + query);
    }

    internal RunSelection Selection(Reach reach) => new()
    {
        Reach = reach,
        Experiments = Experiment is null ? null : [Experiment],
        Filter = Filter,
        Order = Sort is null ? [] : [Sort.ToString()],
        View = Deleted ? View.DeletedOnly : View.ActiveOnly,
    };

    /// <summary>Narrows the filter to runs of a group.</summary>
    internal RunsView Within(Field field, string? value)
    {
        var condition = $"{FilterCompletion.Write(field)} {(value is null ? "IS NULL" : "= " + FilterCompletion.Quote(value))}";
        return this with { Group = null, Filter = Filter.Trim().Length == 0 ? condition : $"{Filter.Trim()} AND {condition}" };
    }

    private static OrderKey? Try(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return FilterParser.ParseOrder(text);
        }
        catch (TrackingException)
        {
            return null;
        }
    }

    /// <summary>Parts between commas that are not in quotes.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (start, quoted) = (0, false);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (text[at] == ',' && !quoted))
            {
                yield return text[start..at];
                start = at + 1;
            }
            else if (text[at] == '`')
            {
                quoted = !quoted;
            }
        }
    }
}
