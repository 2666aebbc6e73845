using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Reports.Sections;

/// <summary>What is in the data: columns, what was left out and why, correlations. As long for twenty thousand columns as for fifty.</summary>
internal static class DataSection
{
    private const int MaxColumns = 50;
    private const int MaxLeftOut = 30;
    private const int MaxMatrix = 16;

    public static ReportSection Make(ReportContext context)
    {
        return new("data", "Data", "The data", Markup.Of($"""
            <p class="lead">{Summary(context)}</p>
            {Columns(context)}
            {LeftOut(context)}
            {Correlations(context)}
            """));
    }

    private static string Summary(ReportContext context)
    {
        var (result, profile) = (context.Result, context.Result.Profile);
        var roles = result.Columns.Where(column => column.Role != ColumnRole.Target).GroupBy(column => column.Role).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => $"{Figures.Count(group.Count())} {Role(group.Key)}");
        var duplicates = profile.DuplicateRows > 0 ? $" {Words.Many(profile.DuplicateRows, "row repeats", "rows repeat")} an earlier one in full." : "";
        return $"{context.DataName} has {Words.Many(result.Rows.Total, "row")} and {Words.Many(result.Columns.Count, "column")}, the target included: {string.Join(", ", roles)}.{duplicates} The profile below is of the {Words.Many(profile.Rows, "development row")}{(profile.SampledRows < profile.Rows ? $", its histograms and quantiles of {Figures.Count(profile.SampledRows)} of them" : "")}.";
    }

    private static Markup Columns(ReportContext context)
    {
        var order = Relevance(context);
        var profile = context.Result.Profile;
        var all = profile.Columns;
        ColumnProfile[] shown = [.. all.OrderBy(column => order.GetValueOrDefault(column.Name, int.MaxValue)).ThenByDescending(column => column.Target?.Skill ?? -1).Take(MaxColumns)];
        var caption = shown.Length < all.Count
            ? $"The {shown.Length} most relevant of {Figures.Count(all.Count)} columns: the target, then by importance to the winner, then by what they tell of the target alone"
            : "Columns";
        var table = new HtmlTable(caption,
            new TableColumn("Column"), new TableColumn("Missing", true), new TableColumn("Distinct", true), new TableColumn("Values"), new TableColumn("Least", true), new TableColumn("Median", true), new TableColumn("Most", true), new TableColumn("Alone", true, "tells of target") { Label = "Alone tells" })
        {
            Cards = true, Sortable = true, HideCaption = shown.Length == all.Count, Style = "profile",
        };
        foreach (var column in shown)
        {
            table.Add(
                [Markup.Of($"{Words.Name(column.Name)}<small>{Role(column.Role)}</small>"), .. ColumnFacts.Cells(column, profile.Rows, profile.SampledRows)],
                column.Role == ColumnRole.Target ? "best" : column.Role is ColumnRole.Id or ColumnRole.Constant or ColumnRole.Ignore ? "base" : "");
        }

        return table.Finish();
    }

    /// <summary>Rank of the columns that matter: the target, then by importance to the winner.</summary>
    private static Dictionary<string, int> Relevance(ReportContext context)
    {
        var result = context.Result;
        var order = new Dictionary<string, int>(StringComparer.Ordinal) { [result.Options.Target] = 0 };
        foreach (var name in context.Shuffled.Select(importance => importance.Column).Concat(result.Importance.Select(pair => pair.Column)))
        {
            order.TryAdd(name, order.Count);
        }

        return order;
    }

    private static Markup LeftOut(ReportContext context)
    {
        var result = context.Result;
        var columns = result.Columns.Where(column => column.Role is ColumnRole.Id or ColumnRole.Constant or ColumnRole.Ignore).ToArray();
        if (columns.Length == 0)
        {
            return Markup.Empty;
        }

        var items = columns.GroupBy(column => Reason(column, result.Options)).Select(group =>
            Markup.Of($"<li>{Markup.Join(", ", group.Take(MaxLeftOut).Select(column => Words.Name(column.Name)))}{(group.Count() > MaxLeftOut ? $" and {Figures.Count(group.Count() - MaxLeftOut)} more" : "")}: {group.Key}</li>\n"));
        return Markup.Of($"<h3>Left out</h3><ul>{items}</ul>\n");
    }

    private static string Reason(ColumnSpec column, AutoML.DevelopOptions options) =>
        options.Drop.Contains(column.Name) ? "left out on request (--drop)"
        : column.Name == options.GroupColumn ? "used to keep rows that belong together on one side of every split, not to learn from"
        : column.Role switch
        {
            ColumnRole.Id => "names the row and tells nothing about others (use it with --column NAME=ROLE)",
            ColumnRole.Constant => "has one value, or none, throughout",
            _ => "left out by its role (--column)",
        };

    private static Markup Correlations(ReportContext context)
    {
        if (context.Result.Profile.Correlations is not { Names.Length: > 1 } facts)
        {
            return Markup.Empty;
        }

        var order = Relevance(context);
        int[] shown = [.. Enumerable.Range(0, facts.Names.Length).OrderBy(i => order.GetValueOrDefault(facts.Names[i], int.MaxValue)).Take(MaxMatrix)];
        var head = shown.Select(i => Markup.Of($"<th scope=\"col\"><span>{Words.Name(Figures.Cut(facts.Names[i], 22))}</span></th>"));
        var rows = shown.Select(i => Markup.Of($"<tr><th scope=\"row\">{Words.Name(Figures.Cut(facts.Names[i], 40))}</th>{shown.Select(j => Correlation(i == j ? double.NaN : facts.Spearman[i][j]))}</tr>\n"));
        var caption = $"Spearman's rank correlation of numeric columns{(shown.Length < facts.Names.Length ? $", the {shown.Length} most relevant of {Figures.Count(facts.Names.Length)} columns" : "")}. +1 rises together, −1 rises as the other falls.";
        return Markup.Of($"""
            <h3>Which columns go together</h3>
            <p class="caption">{caption}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Correlations"><table class="matrix"><caption class="quiet">Correlations</caption>
            <thead><tr><td></td>{head}</tr></thead>
            <tbody>
            {rows}</tbody></table></div>

            """);
    }

    private static Markup Correlation(double value) => double.IsNaN(value)
        ? Markup.Of($"<td class=\"zero\">·</td>")
        : Markup.Of($"<td{(value < 0 ? Markup.Of($" class=\"neg\"") : Markup.Empty)} style=\"--v:{Math.Min(1, Math.Abs(value)).ToString("0.00", CultureInfo.InvariantCulture)}\">{Figures.Sign(value.ToString("0.00", CultureInfo.InvariantCulture).Replace("-0.00", "0.00", StringComparison.Ordinal))}</td>");

    private static string Role(ColumnRole role) => role switch
    {
        ColumnRole.Id => "identifier",
        ColumnRole.Ignore => "ignored",
        _ => role.ToString().ToLowerInvariant(),
    };
}
