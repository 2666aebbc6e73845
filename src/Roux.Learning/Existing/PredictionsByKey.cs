using Roux.Learning.Data;
using Roux.Learning.Data.Reading;

namespace Roux.Learning.Existing;

/// <summary>A table of predictions made elsewhere, joined to the rows by a key: a column of answers, or one <c>p_CLASS</c> column per class.</summary>
internal sealed class PredictionsByKey : ExistingSystem
{
    private const string AnswerName = "prediction";
    private const string ProbabilityPrefix = "p_";
    private readonly ExistingOptions options;
    private readonly string key;
    private Table? file;
    private Dictionary<string, int>? places;

    private PredictionsByKey(ExistingOptions options, string key) => (this.options, this.key) = (options, key);

    public override string Kind => "file";

    public override string Description => $"predictions in {Path.GetFileName(options.Source)}, joined by '{key}'";

    private string Source => $"--existing {options.Source}";

    public static PredictionsByKey Open(ExistingOptions options) => new(options, options.KeyColumn
        ?? throw new DataException($"--existing {options.Source}: a file of predictions is joined to the rows by a column that names each row; give it with --key COL"));

    public override bool Knows(Table table, CancellationToken cancellation)
    {
        var keys = Keys(table, cancellation);
        return Array.Exists(keys, name => name is not null && places!.ContainsKey(name));
    }

    public override ExistingAnswers Answer(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        var keys = Keys(table, cancellation);
        var read = Answers(task, classes);
        var raw = new RawAnswer[keys.Length];
        var used = 0;
        for (var row = 0; row < keys.Length; row++)
        {
            if (keys[row] is { } name && places!.TryGetValue(name, out var place))
            {
                raw[row] = read(place);
                used++;
            }
        }

        if (used == 0)
        {
            throw new DataException($"{Source}: none of its keys occurs in the data: '{key}' is {Examples(keys)} in the data and {Examples(places!.Keys)} in the file");
        }

        return new AnswerReading(Source, task, classes, options, row => $"{key} {keys[row] ?? "missing"}").Read(raw);
    }

    /// <summary>The rows' keys, each of which may name one row only; reads the file at the first call, its keys in the type of the data's.</summary>
    private string?[] Keys(Table table, CancellationToken cancellation)
    {
        var column = table.Find(key) ?? throw new DataException(NearestName.Message("--key", key, "column", [.. table.Columns.Select(other => other.Name)]));
        var keys = new string?[column.Length];
        for (var row = 0; row < keys.Length; row++)
        {
            keys[row] = column.Format(row);
        }

        RefuseRepeats(keys.OfType<string>(), "the data", "a key must name one row; choose a column without repeats, or make one");
        if (file is null)
        {
            file = TableReader.Read(options.Source, new ReadOptions { Types = new Dictionary<string, ColumnType> { [key] = column.Type } }, cancellation).Table;
            places = Places();
        }

        return keys;
    }

    private Dictionary<string, int> Places()
    {
        var column = file!.Find(key)
            ?? throw new DataException($"{Source}: {NearestName.Message("--key", key, "column", [.. file.Columns.Select(other => other.Name)])}");
        var names = Enumerable.Range(0, column.Length).Select(row => (Name: column.Format(row), Row: row)).Where(pair => pair.Name is not null).ToArray();
        RefuseRepeats(names.Select(pair => pair.Name!), "the file of predictions", "leave one prediction for each");
        return names.ToDictionary(pair => pair.Name!, pair => pair.Row, StringComparer.Ordinal);
    }

    private void RefuseRepeats(IEnumerable<string> names, string where, string remedy)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repeated = new HashSet<string>(names.Where(name => !seen.Add(name)), StringComparer.Ordinal);
        if (repeated.Count > 0)
        {
            throw new DataException($"{Source}: {repeated.Count:N0} {(repeated.Count == 1 ? "key occurs" : "keys occur")} more than once in {where} ({key} {string.Join(", ", repeated.Take(5))}{(repeated.Count > 5 ? ", …" : "")}); {remedy}");
        }
    }

    private Func<int, RawAnswer> Answers(TaskKind task, IReadOnlyList<string> classes)
    {
        if (options.Column is { } given)
        {
            return Single(file!.Find(given) is { } column && given != key ? column : throw new DataException($"{Source}: {NearestName.Message("--existing-column", given, "column", Others())}"), task);
        }

        if (task != TaskKind.Regression && Probabilities(classes) is { } probabilities)
        {
            return probabilities;
        }

        return file!.Find(AnswerName) is { } answers ? Single(answers, task)
            : Others() is [var only] ? Single(file[only], task)
            : throw new DataException($"{Source}: which column holds the predictions? There is no '{AnswerName}'; say it with --existing-column NAME. Columns: {string.Join(", ", Others().Take(30))}");
    }

    private string[] Others() => [.. file!.Columns.Select(column => column.Name).Where(name => name != key)];

    private static Func<int, RawAnswer> Single(Column column, TaskKind task)
    {
        if (task == TaskKind.Regression && column is TextColumn texts)
        {
            var numbers = (NumberColumn)TypeConversion.To(texts, ColumnType.Real, []);
            return row => numbers.IsMissing(row) ? RawAnswer.Of(texts[row]) : RawAnswer.Of(numbers.Values[row]);
        }

        return column is NumberColumn { Type: not ColumnType.Boolean } quantities ? row => RawAnswer.Of(quantities.Values[row]) : row => RawAnswer.Of(column.Format(row));
    }

    /// <summary>One column per class; for two classes one of them is enough. <c>null</c> where there is none at all.</summary>
    private Func<int, RawAnswer>? Probabilities(IReadOnlyList<string> classes)
    {
        var columns = new NumberColumn?[classes.Count];
        for (var k = 0; k < columns.Length; k++)
        {
            columns[k] = file!.Find(ProbabilityPrefix + classes[k]) is { } column ? (NumberColumn)TypeConversion.To(column, ColumnType.Real, []) : null;
        }

        var found = columns.Count(column => column is not null);
        if (found == 0)
        {
            return null;
        }

        if (classes.Count == 2 && found == 1)
        {
            var known = columns[0] is null ? 1 : 0;
            return row =>
            {
                var p = columns[known]!.Values[row];
                return RawAnswer.Of(known == 1 ? [1 - p, p] : [p, 1 - p]);
            };
        }

        if (found < columns.Length)
        {
            var absent = classes.Where((_, k) => columns[k] is null).Select(name => ProbabilityPrefix + name).ToArray();
            throw new DataException($"{Source}: there are columns of probabilities, but not for every class: {string.Join(", ", absent.Take(10))}{(absent.Length > 10 ? ", …" : "")} missing; add them (0 where a class is never answered), or use the labels with --existing-column NAME");
        }

        return row => RawAnswer.Of(Array.ConvertAll(columns, column => column!.Values[row]));
    }

    private static string Examples(IEnumerable<string?> names) =>
        names.OfType<string>().Take(3).ToArray() is { Length: > 0 } some ? string.Join(", ", some) + ", …" : "always missing";
}
