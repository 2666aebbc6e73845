using System.Globalization;
using Roux.Learning.Data.Reading;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.Data;

/// <summary>Builds targets of several labels per row.</summary>
internal static class MultilabelTarget
{
    public static (Target, int[], IReadOnlyList<string>) Build(TextColumn column, int[] rows, string? separator, List<string> notes)
    {
        separator ??= ListFinder.Find(column) ?? ListFinder.Find(column, lenient: true)
            ?? throw new DataException($"--target '{column.Name}': no separator of labels is found in its values; give one, such as \"{column.Name}=list:|\", or use --task multiclass");
        var cells = new string[column.Levels.Length][];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var items = cells[column.Codes[row]] ??= [.. ListFinder.Items(column.Levels[column.Codes[row]], separator).Distinct(StringComparer.Ordinal)];
            foreach (var item in items)
            {
                counts[item] = counts.GetValueOrDefault(item) + 1;
            }
        }

        if (counts.Count > 2 && counts.Count * 2 > rows.Length)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"--target '{column.Name}': {counts.Count:N0} labels in {rows.Length:N0} rows: it looks like free text; choose another column or another separator than '{separator}'"));
        }

        var left = counts.Where(pair => pair.Value == 1 || pair.Value == rows.Length).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray();
        if (left.Length > 0)
        {
            notes.Add($"{ColumnFinisher.Count(left.Length, "label")} left out, being on one row only or on all: {string.Join(", ", left.Take(5).Select(label => $"'{ColumnFinisher.Short(label)}'"))}{(left.Length > 5 ? ", …" : "")}");
        }

        var names = counts.Keys.Except(left, StringComparer.Ordinal).ToArray();
        var order = TargetBuilder.Sorted(names, Array.ConvertAll(names, _ => 1));
        var classes = Array.ConvertAll(order, index => names[index]);
        if (classes.Length < 2)
        {
            throw new DataException($"--target '{column.Name}': fewer than two labels are on some rows and not on others; there is nothing to tell apart with the separator '{separator}'");
        }

        var indicators = new bool[rows.Length * classes.Length];
        var places = classes.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var item in cells[column.Codes[rows[i]]])
            {
                if (places.TryGetValue(item, out var place))
                {
                    indicators[i * classes.Length + place] = true;
                }
            }
        }

        return (Target.Multilabel(indicators, classes), rows, notes);
    }
}
