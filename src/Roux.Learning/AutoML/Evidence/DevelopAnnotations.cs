using Roux.Learning.Data;
using Roux.Learning.Data.Reading;
using Roux.Learning.Evaluation.Annotations;

namespace Roux.Learning.AutoML;

/// <summary>Finds what people said of the rows of a development: in a long table joined by a key column, or in columns of the data.</summary>
internal sealed class DevelopAnnotations
{
    private readonly AnnotationColumns columns;
    private readonly string? key;
    private readonly AnnotationSet? joined;
    private readonly Target target;

    private DevelopAnnotations(AnnotationColumns columns, string? key, AnnotationSet? joined, Target target) =>
        (this.columns, this.key, this.joined, this.target) = (columns, key, joined, target);

    /// <summary>Columns of the data that hold annotations or name items: no model may learn from them.</summary>
    public static IEnumerable<(string Option, string Column)> Columns(DevelopOptions options) =>
        options.Annotators.Where(_ => options.AnnotationsPath is null).Select(name => ("--annotators", name))
            .Concat(options.ItemColumn is { } item ? [("--item", item)] : []);

    /// <summary>Reads and checks the annotations; <c>null</c> when none are named.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="data">The data as read.</param>
    /// <param name="test">The rows for the final score, where they have a file of their own.</param>
    /// <param name="target">The answers of the labelled rows.</param>
    /// <param name="ct">Asks to stop.</param>
    /// <exception cref="DataException">They cannot be used; the message says why.</exception>
    public static DevelopAnnotations? Read(DevelopOptions options, Table data, Table? test, Target target, CancellationToken ct)
    {
        if (options.AnnotationsPath is null && options.Annotators.Count == 0)
        {
            return options.ItemColumn is null ? null : throw new DataException("--item names the key of annotations; give --annotations FILE or --annotators A,B,C with it");
        }

        if (target.Task == TaskKind.Multilabel)
        {
            throw new DataException("annotations: people are compared on one class or number per row, and this target holds several labels per row; leave the annotations out, or use --task multiclass");
        }

        var columns = new AnnotationColumns
        {
            Item = options.ItemColumn,
            Numeric = target.Task == TaskKind.Regression,
            Labels = target.Task == TaskKind.Regression ? [] : Allowed(data[options.Target], target.Classes),
        };
        if (options.AnnotationsPath is null)
        {
            columns = columns with { Annotators = options.Annotators };
            AnnotationReader.Read(data, columns);
            return new DevelopAnnotations(columns, options.ItemColumn, null, target);
        }

        var file = TableReader.Read(options.AnnotationsPath, null, ct).Table;
        columns = columns with { Annotators = options.Annotators };
        if (options.ItemColumn is { } named && file.Find(named) is null)
        {
            columns = columns with { Item = null }; // the key may be called otherwise in the file
        }

        var item = options.Annotators.Count > 0 && columns.Item is null ? FileKey(file, data) : columns.Annotators.Count > 0 ? columns.Item! : AnnotationReader.ItemColumn(file, columns);
        var key = options.ItemColumn ?? (data.Find(item) is not null ? item : throw new DataException(
            $"--annotations: its items are named by '{item}', and the data have no such column; name the data's key column with --item (columns: {string.Join(", ", data.Columns.Take(30).Select(column => column.Name))})"));
        var set = AnnotationReader.Read(file, columns with { Item = item });
        Check(set, key, data, test);
        return new DevelopAnnotations(columns, key, set, target);
    }

    /// <summary>The annotations of the rows of a table, which stands for the rows of the set; <c>null</c> where it has none that can be compared.</summary>
    public AnnotationSet? Of(Table table)
    {
        var set = joined is null ? FromColumns(table) : Join(table, joined);
        if (set is null || set.Items.Count == 0)
        {
            return null;
        }

        // Labels that occur in the data and were left out as classes stand for no answer.
        var known = set.IsNumeric ? set.Ratings : Array.ConvertAll(set.Ratings, rating => rating >= target.Classes.Length ? double.NaN : rating);
        return new AnnotationSet(set.Items, set.Annotators, set.IsNumeric ? [] : target.Classes, known, set.Rows);
    }

    private AnnotationSet? FromColumns(Table table)
    {
        if (columns.Annotators.Any(name => table.Find(name) is null))
        {
            return null; // a test file without them
        }

        try
        {
            return AnnotationReader.Read(table, columns with { Item = columns.Item is { } item && table.Find(item) is not null ? item : null });
        }
        catch (DataException)
        {
            return null; // what was right for all rows is too little on these
        }
    }

    private AnnotationSet? Join(Table table, AnnotationSet set)
    {
        if (table.Find(key!) is not { } names)
        {
            return null;
        }

        var places = Places(set);
        var (items, rows) = (new List<int>(), new List<int>());
        for (var row = 0; row < table.RowCount; row++)
        {
            if (names.Format(row) is { } name && places.TryGetValue(name, out var place))
            {
                items.Add(place);
                rows.Add(row);
            }
        }

        return set.Take([.. items], [.. rows]);
    }

    private static string FileKey(Table file, Table data) => file.Columns.FirstOrDefault(column => data.Find(column.Name) is not null)?.Name
        ?? throw new DataException($"--annotations: no column of it is in the data, too, so its rows cannot be joined; name the key with --item (columns of the file: {string.Join(", ", file.Columns.Take(30).Select(column => column.Name))})");

    private static string[] Allowed(Column column, string[] classes) =>
        [.. classes, .. TypeConversion.ToText(column).Levels.Except(classes, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static Dictionary<string, int> Places(AnnotationSet set) =>
        set.Items.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);

    /// <summary>Every item must be one row of the data or of the test file.</summary>
    private static void Check(AnnotationSet set, string key, Table data, Table? test)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = Places(set);
        foreach (var table in new[] { data, test }.OfType<Table>())
        {
            if (table.Find(key) is not { } names)
            {
                continue;
            }

            for (var row = 0; row < table.RowCount; row++)
            {
                if (names.Format(row) is { } name && places.ContainsKey(name) && !found.TryAdd(name, $"row {row + 1} of {table.Name}"))
                {
                    throw new DataException($"--item '{key}': '{name}' names {found[name]} and row {row + 1} of {table.Name}; the key of annotated rows must name one row each");
                }
            }
        }

        var absent = set.Items.Where(name => !found.ContainsKey(name)).ToArray();
        if (absent.Length > 0)
        {
            var close = NearestName.Suggest(absent[0], data.Find(key) is { } column ? Enumerable.Range(0, Math.Min(20_000, column.Length)).Select(column.Format).OfType<string>().Distinct() : [], 1);
            throw new DataException($"--annotations: {(absent.Length == set.Items.Count ? "none of its items is" : $"{absent.Length:N0} of {set.Items.Count:N0} items are not")} in column '{key}' of the data: {string.Join(", ", absent.Take(5).Select(name => $"'{name}'"))}{(absent.Length > 5 ? ", …" : "")}{(close.Count > 0 ? $" (is '{close[0]}' meant?)" : "")}; check --item");
        }
    }
}
