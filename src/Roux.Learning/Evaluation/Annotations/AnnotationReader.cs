using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Annotations;

/// <summary>Reads annotations from a table with one column per annotator, or a long one with a row per item and annotator.</summary>
public static class AnnotationReader
{
    private const int MostCodes = 20;
    private const long MostCells = 50_000_000;
    private static readonly string[] ItemNames = ["item", "item_id", "itemid", "id", "key", "row", "example", "unit", "task"];
    private static readonly string[] AnnotatorNames = ["annotator", "annotator_id", "annotatorid", "worker", "worker_id", "workerid", "rater", "coder", "user", "person"];
    private static readonly string[] LabelNames = ["label", "annotation", "rating", "class", "answer", "value", "score"];

    /// <summary>Reads the annotations; items that nobody labelled are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Where they stand.</param>
    /// <exception cref="DataException">A column is absent, a label is not allowed, somebody labels an item twice, there are fewer than two annotators, or no item has two labels.</exception>
    public static AnnotationSet Read(Table table, AnnotationColumns columns)
    {
        var ratings = columns.Annotators.Count > 0 ? FromColumns(table, columns) : FromLongTable(table, columns);
        var numeric = columns.Numeric ?? (columns.Labels.Count == 0 && LookLikeNumbers(ratings));
        var classes = numeric ? [] : columns.Labels.Count > 0 ? [.. columns.Labels] : Sorted(ratings.Select(rating => rating.Label));
        var set = Build(table, ratings, classes, columns.Annotators, numeric);
        if (set.Annotators.Count < 2)
        {
            throw new DataException($"annotations in {table.Name}: {(set.Annotators.Count == 0 ? "there are none" : $"only '{set.Annotators[0]}' labels anything")}; agreement needs at least two annotators");
        }

        if (!Enumerable.Range(0, set.Items.Count).Any(item => set.Of(item).ToArray().Count(rating => !double.IsNaN(rating)) >= 2))
        {
            throw new DataException($"annotations in {table.Name}: no item is labelled by two annotators, so nothing can be compared; have some items labelled twice{(columns.Annotators.Count == 0 ? ", or check the item column (--item)" : "")}");
        }

        return set;
    }

    /// <summary>The column of a long table that names items, as <see cref="Read"/> finds it.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static string ItemColumn(Table table, AnnotationColumns columns) => Find(table, "--item", columns.Item, ItemNames, 0).Name;

    private static List<Rating> FromColumns(Table table, AnnotationColumns columns)
    {
        var names = table.Columns.Select(column => column.Name).ToList();
        if (columns.Annotators.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new DataException($"--annotators: '{twice.Key}' is named twice");
        }

        var given = columns.Annotators.Select(name => table.Find(name) ?? throw new DataException(NearestName.Message("--annotators", name, "column", names))).ToList();
        var key = columns.Item is { } item ? table.Find(item) ?? throw new DataException(NearestName.Message("--item", item, "column", names)) : null;
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var ratings = new List<Rating>();
        for (var row = 0; row < table.RowCount; row++)
        {
            var name = key is null ? (row + 1).ToString(CultureInfo.InvariantCulture) : key.Format(row);
            if (name is null)
            {
                continue;
            }

            if (!known.TryAdd(name, row))
            {
                throw new DataException($"annotations in {table.Name}: item '{name}' stands in rows {known[name] + 1} and {row + 1}; with one column per annotator an item has one row");
            }

            foreach (var column in given)
            {
                if (column.Format(row) is { } label)
                {
                    ratings.Add(new Rating(row, name, column.Name, label.Trim()));
                }
            }
        }

        return ratings;
    }

    private static List<Rating> FromLongTable(Table table, AnnotationColumns columns)
    {
        var item = Find(table, "--item", columns.Item, ItemNames, 0);
        var annotator = Find(table, "--annotator", columns.Annotator, AnnotatorNames, 1);
        var label = Find(table, "--label", columns.Label, LabelNames, 2);
        var seen = new Dictionary<(string, string), int>();
        var ratings = new List<Rating>();
        for (var row = 0; row < table.RowCount; row++)
        {
            if (item.Format(row) is not { } name || annotator.Format(row) is not { } person || label.Format(row) is not { } text)
            {
                continue;
            }

            if (!seen.TryAdd((name, person), row))
            {
                var first = seen[(name, person)];
                throw new DataException($"annotations in {table.Name}: '{person}' labels item '{name}' twice, in row {first + 1} ('{label.Format(first)}') and row {row + 1} ('{text}'); keep one of the two");
            }

            ratings.Add(new Rating(row, name, person, text.Trim()));
        }

        return ratings;
    }

    private static Column Find(Table table, string option, string? given, string[] usual, int place)
    {
        if (given is not null)
        {
            return table.Find(given) ?? throw new DataException(NearestName.Message(option, given, "column", [.. table.Columns.Select(column => column.Name)]));
        }

        return table.Columns.FirstOrDefault(column => usual.Contains(column.Name.ToLowerInvariant().Replace(' ', '_')))
            ?? (table.Columns.Count == 3 ? table.Columns[place] : throw new DataException(
                $"annotations in {table.Name}: no column is called {string.Join(", ", usual.Take(3))} or the like; call it so, or in roux agreement name it with {option} (columns: {string.Join(", ", table.Columns.Take(30).Select(column => column.Name))}), or give one column per annotator with --annotators a,b,c"));
    }

    private static bool LookLikeNumbers(List<Rating> ratings)
    {
        var distinct = new HashSet<double>();
        foreach (var rating in ratings)
        {
            if (!Number(rating.Label, out var value))
            {
                return false;
            }

            distinct.Add(value);
        }

        return distinct.Count > MostCodes || distinct.Any(value => value != Math.Floor(value));
    }

    private static string[] Sorted(IEnumerable<string> labels)
    {
        var names = labels.Distinct(StringComparer.Ordinal).ToArray();
        return Array.ConvertAll(TargetBuilder.Sorted(names, Array.ConvertAll(names, _ => 1)), place => names[place]);
    }

    private static AnnotationSet Build(Table table, List<Rating> ratings, string[] classes, IReadOnlyList<string> columns, bool numeric)
    {
        var annotators = columns.Count > 0 ? [.. columns.Where(column => ratings.Any(rating => rating.Annotator == column))] : Sorted(ratings.Select(rating => rating.Annotator));
        var annotatorPlace = Places(annotators);
        var classPlace = Places(classes);
        var items = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<int>();
        foreach (var rating in ratings)
        {
            if (items.TryAdd(rating.Item, items.Count))
            {
                rows.Add(rating.Row);
            }
        }

        if ((long)items.Count * annotators.Length > MostCells)
        {
            throw new DataException($"annotations in {table.Name}: {items.Count:N0} items times {annotators.Length:N0} annotators are more than {MostCells:N0}; give a part of them, or check that the annotator column (--annotator) names people");
        }

        var values = new double[items.Count * annotators.Length];
        Array.Fill(values, double.NaN);
        foreach (var rating in ratings)
        {
            var where = $"annotations in {table.Name}, row {(rating.Row + 1).ToString(CultureInfo.InvariantCulture)}, annotator '{rating.Annotator}': label";
            double value;
            if (numeric)
            {
                value = Number(rating.Label, out var number) ? number : throw new DataException($"{where} '{rating.Label}' is not a number, and numbers are annotated here");
            }
            else
            {
                value = classPlace.TryGetValue(rating.Label, out var place) ? place : throw new DataException(NearestName.Message(where, rating.Label, "label", classes));
            }

            values[items[rating.Item] * annotators.Length + annotatorPlace[rating.Annotator]] = value;
        }

        return annotators.Length == 0
            ? throw new DataException($"annotations in {table.Name}: there are none; agreement needs at least two annotators")
            : new AnnotationSet([.. items.Keys], annotators, classes, values, [.. rows]);
    }

    private static Dictionary<string, int> Places(string[] names) =>
        names.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);

    private static bool Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private sealed record Rating(int Row, string Item, string Annotator, string Label);
}
