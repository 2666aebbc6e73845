using System.Globalization;

namespace Roux.Learning.Reports;

/// <summary>A table with a caption and proper headers. On a narrow screen it becomes a list of cards or scrolls within its own frame; never does it widen the page.</summary>
internal sealed class HtmlTable
{
    private readonly string caption;
    private readonly IReadOnlyList<TableColumn> columns;
    private readonly List<Markup> rows = [];

    /// <param name="caption">What the table holds.</param>
    /// <param name="columns">Its columns; the first names the row.</param>
    public HtmlTable(string caption, params IReadOnlyList<TableColumn> columns) => (this.caption, this.columns) = (caption, columns);

    /// <summary>Whether each row becomes a card on a narrow screen; else the table scrolls in its frame.</summary>
    public bool Cards { get; init; }

    /// <summary>Whether a reader with scripts on may sort it by a column.</summary>
    public bool Sortable { get; init; }

    /// <summary>Further classes of the style sheet.</summary>
    public string Style { get; init; } = "";

    /// <summary>Whether the caption is there for screen readers alone, because a heading says the same.</summary>
    public bool HideCaption { get; init; }

    /// <summary>Number of rows.</summary>
    public int RowCount => rows.Count;

    /// <summary>Adds a row, one cell per column.</summary>
    public void Add(IReadOnlyList<Cell> cells, string style = "")
    {
        if (cells.Count != columns.Count)
        {
            throw new ArgumentException($"{cells.Count} cells for {columns.Count} columns", nameof(cells));
        }

        var html = cells.Select((cell, i) => Write(cell, columns[i], first: i == 0));
        rows.Add(Markup.Of($"<tr{Role("row")}{Class(style)}>{html}</tr>\n"));
    }

    /// <summary>The whole table.</summary>
    public Markup Finish()
    {
        var head = columns.Select(column => Markup.Of($"<th scope=\"col\"{Role("columnheader")}{Class(Styles(column, ""))}>{column.Title}{(column.Hint is null ? Markup.Empty : Markup.Of($"<small>{column.Hint}</small>"))}</th>"));
        var style = $"{(Cards ? "cards" : "wide")}{(Sortable ? " sortable" : "")}{(Style.Length > 0 ? " " : "")}{Style}";
        var shown = HideCaption ? Markup.Empty : Markup.Of($"<p class=\"caption\" aria-hidden=\"true\">{caption}</p>\n");
        return Markup.Of($"""
            {shown}<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table{Role("table")} class="{style}"><caption class="quiet">{caption}</caption>
            <thead{Role("rowgroup")}><tr{Role("row")}>{head}</tr></thead>
            <tbody{Role("rowgroup")}>
            {rows}</tbody></table></div>

            """);
    }

    private Markup Write(Cell cell, TableColumn column, bool first)
    {
        var sort = Sortable && cell.Sort is { } key && !double.IsNaN(key) ? Markup.Of($" data-sort=\"{key.ToString("R", CultureInfo.InvariantCulture)}\"") : Markup.Empty;
        var label = Cards && !first ? Markup.Of($" data-label=\"{column.Label ?? column.Title}\"") : Markup.Empty;
        var style = Class(Styles(column, cell.Style));
        return first
            ? Markup.Of($"<th scope=\"row\"{Role("rowheader")}{style}{sort}>{cell.Content}</th>")
            : Markup.Of($"<td{Role("cell")}{style}{label}{sort}>{cell.Content}</td>");
    }

    /// <summary>Cards take the table's own layout away, and with it its meaning to some screen readers, unless it is said again.</summary>
    private Markup Role(string role) => Cards ? Markup.Of($" role=\"{role}\"") : Markup.Empty;

    private static string Styles(TableColumn column, string own) => string.Join(' ', new[] { column.Numeric ? "num" : "", column.Style, own }.Where(name => name.Length > 0));

    private static Markup Class(string style) => style.Length == 0 ? Markup.Empty : Markup.Of($" class=\"{style}\"");
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Numeric">Whether its cells are numbers, aligned at the right.</param>
/// <param name="Hint">A second line of the heading.</param>
internal sealed record TableColumn(string Title, bool Numeric = false, string? Hint = null)
{
    /// <summary>Its name on a card, where there is no room for the hint but perhaps for a unit; <c>null</c> for the heading.</summary>
    public string? Label { get; init; }

    /// <summary>Class of its cells in the style sheet.</summary>
    public string Style { get; init; } = "";
}

/// <summary>A cell of a table.</summary>
/// <param name="Content">What it shows.</param>
/// <param name="Sort">What it is sorted by, where that is a number.</param>
/// <param name="Style">Class in the style sheet.</param>
internal readonly record struct Cell(Markup Content, double? Sort = null, string Style = "")
{
    /// <summary>A cell of text.</summary>
    public static implicit operator Cell(string text) => new(Markup.Text(text));

    /// <summary>A cell of HTML.</summary>
    public static implicit operator Cell(Markup content) => new(content);
}
