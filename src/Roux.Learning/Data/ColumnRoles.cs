using System.Globalization;
using Roux.Learning.Data.Reading;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.Data;

/// <summary>Decides what each column of a table means to a model.</summary>
public static class ColumnRoles
{
    private static readonly Dictionary<string, ColumnRole> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["numeric"] = ColumnRole.Numeric,
        ["number"] = ColumnRole.Numeric,
        ["categorical"] = ColumnRole.Categorical,
        ["category"] = ColumnRole.Categorical,
        ["text"] = ColumnRole.Text,
        ["date"] = ColumnRole.Date,
        ["boolean"] = ColumnRole.Boolean,
        ["bool"] = ColumnRole.Boolean,
        ["list"] = ColumnRole.List,
        ["id"] = ColumnRole.Id,
        ["constant"] = ColumnRole.Constant,
        ["ignore"] = ColumnRole.Ignore,
        ["drop"] = ColumnRole.Ignore,
    };

    /// <summary>
    /// One spec a column, in the table's order. What is not overridden is told from the values; see <see cref="ColumnHeuristics"/> for the rules.
    /// An override may ask for another type than the table has (<c>price=numeric</c> where prices are text): pass the specs to
    /// <see cref="TableSchema.Conform"/> to get a table in which every column has the type of its spec.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="target">Name of the column to predict; <c>null</c>: none.</param>
    /// <param name="overrides">By column name a role: <c>numeric</c>, <c>categorical</c>, <c>text</c>, <c>date</c>, <c>boolean</c>,
    /// <c>list</c> or <c>list:SEPARATOR</c>, <c>id</c>, <c>ignore</c> (also <c>drop</c>).</param>
    /// <exception cref="DataException">A name is no column, or a role is none of these.</exception>
    public static IReadOnlyList<ColumnSpec> Infer(Table table, string? target, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var names = table.Columns.Select(column => column.Name).ToArray();
        if (target is not null && table.Find(target) is null)
        {
            throw new DataException(NearestName.Message("--target", target, "column", names));
        }

        foreach (var name in overrides?.Keys ?? [])
        {
            if (table.Find(name) is null)
            {
                throw new DataException(NearestName.Message("--column", name, "column", names));
            }
        }

        var specs = new ColumnSpec[names.Length];
        for (var i = 0; i < specs.Length; i++)
        {
            var column = table.Columns[i];
            specs[i] = column.Name == target ? new ColumnSpec(column.Name, column.Type, ColumnRole.Target)
                : overrides is not null && overrides.TryGetValue(column.Name, out var role) ? Override(column, role)
                : ColumnHeuristics.Infer(column);
        }

        return KeepAnOnlyFeature(table, specs, overrides);
    }

    /// <summary>Parses <c>name=role</c> as given to <c>--column</c>. The name may itself hold equals signs.</summary>
    /// <exception cref="DataException">It is not of that form, or the role is unknown.</exception>
    public static KeyValuePair<string, string> ParseOverride(string text)
    {
        var split = text.LastIndexOf('=');
        if (split > 0 && text.LastIndexOf("=list:", StringComparison.OrdinalIgnoreCase) is > 0 and var list)
        {
            split = list;
        }

        if (split <= 0)
        {
            throw new DataException($"--column '{text}': NAME=ROLE is wanted, such as \"zip=categorical\" or \"cast=list:|\"");
        }

        var role = text[(split + 1)..];
        ParseRole(text[..split], role);
        return new KeyValuePair<string, string>(text[..split], role);
    }

    private static (ColumnRole Role, string? Separator) ParseRole(string column, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var word = (colon < 0 ? text : text[..colon]).Trim();
        if (!Names.TryGetValue(word, out var role))
        {
            var close = NearestName.Suggest(word, Names.Keys, 1);
            throw new DataException($"--column '{column}={text}': no such role{(close.Count > 0 ? $"; did you mean '{close[0]}'?" : ".")} Roles: numeric, categorical, text, date, boolean, list:SEPARATOR, id, ignore");
        }

        var separator = colon < 0 || colon == text.Length - 1 ? null : text[(colon + 1)..];
        if (separator is not null && role != ColumnRole.List)
        {
            throw new DataException($"--column '{column}={text}': only a list has a separator; write '{word}' alone, or 'list:{separator}'");
        }

        return (role, separator);
    }

    private static ColumnSpec Override(Column column, string text)
    {
        var (role, separator) = ParseRole(column.Name, text);
        switch (role)
        {
            case ColumnRole.Numeric:
                return new ColumnSpec(column.Name, column.Type is ColumnType.Integer or ColumnType.Real ? column.Type : ColumnType.Real, role);
            case ColumnRole.Boolean:
                return new ColumnSpec(column.Name, ColumnType.Boolean, role);
            case ColumnRole.Date:
                return new ColumnSpec(column.Name, ColumnType.Date, role);
            case ColumnRole.Categorical or ColumnRole.Text:
                return new ColumnSpec(column.Name, ColumnType.Text, role);
            case ColumnRole.List:
                separator ??= column is TextColumn texts ? ListFinder.Find(texts, lenient: true) : null;
                return new ColumnSpec(column.Name, ColumnType.Text, role, separator
                    ?? throw new DataException($"--column '{column.Name}={text}': no separator is found in its values; give one, such as \"{column.Name}=list:|\""));
            default:
                return new ColumnSpec(column.Name, column.Type, role);
        }
    }

    /// <summary>A table whose only possible feature looks like an id keeps it: there is nothing else to learn from.</summary>
    private static ColumnSpec[] KeepAnOnlyFeature(Table table, ColumnSpec[] specs, IReadOnlyDictionary<string, string>? overrides)
    {
        if (specs.Any(spec => spec.Role is not (ColumnRole.Id or ColumnRole.Constant or ColumnRole.Ignore or ColumnRole.Target)))
        {
            return specs;
        }

        for (var i = 0; i < specs.Length; i++)
        {
            if (specs[i].Role == ColumnRole.Id && overrides?.ContainsKey(specs[i].Name) != true)
            {
                specs[i] = specs[i] with { Role = table.Columns[i] is TextColumn ? ColumnRole.Text : ColumnRole.Numeric };
            }
        }

        return specs;
    }
}
