using System.Globalization;
using Roux.Learning.Data.Reading;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.Data;

/// <summary>Turns the column to predict into a <see cref="Target"/>, and finds out which kind of task it asks.</summary>
public static class TargetBuilder
{
    /// <summary>Most distinct whole numbers from 0 up that are taken for classes.</summary>
    private const int MostNumberedClasses = 20;

    /// <summary>
    /// Builds the target.
    /// </summary>
    /// <remarks>
    /// Without a given task: text and booleans ask for classes, and for several at once where the cells are lists
    /// (<c>Action|Comedy</c>); numbers with two distinct values for two classes; whole numbers that are exactly 0, 1, …, k - 1 with k
    /// from 3 to 20 (codes) for k classes; all other numbers for regression (a wine's quality from 3 to 9 is a number).
    /// Rows without an answer are left out. So are the rows of a class that has only one: it could not be both learned and tested.
    /// Of several labels per row, one that is on one row only, or on all of them, is left out as a label; its rows stay.
    /// Classes are sorted by value if all are numbers, else ordinally; of two classes, the second is the positive one
    /// (so <c>true</c>, <c>yes</c>, 1 and <c>&gt;50K</c> are).
    /// </remarks>
    /// <param name="table">The table.</param>
    /// <param name="target">Name of the column to predict.</param>
    /// <param name="task">The kind of task; <c>null</c>: found out.</param>
    /// <param name="separator">For several labels per row: the text between them; <c>null</c>: found out.</param>
    /// <returns>The target, the rows of the table that it stands for (in order), and what was decided, one line each.</returns>
    /// <exception cref="DataException">There is no such column, no answer is known, there is only one class, or there are too many.</exception>
    public static (Target Target, int[] Rows, IReadOnlyList<string> Notes) Build(Table table, string target, TaskKind? task = null, string? separator = null)
    {
        var column = table.Find(target)
            ?? throw new DataException(NearestName.Message("--target", target, "column", [.. table.Columns.Select(other => other.Name)]));
        var rows = Enumerable.Range(0, column.Length).Where(row => !column.IsMissing(row)).ToArray();
        if (rows.Length == 0)
        {
            throw new DataException($"--target '{target}': every value is missing, so there is nothing to learn; choose another column");
        }

        var notes = new List<string>();
        if (rows.Length < column.Length)
        {
            notes.Add($"{ColumnFinisher.Count(column.Length - rows.Length, "row")} of {column.Length.ToString("N0", CultureInfo.InvariantCulture)} left out: target '{target}' is missing there");
        }

        if (separator is not null && task is not (null or TaskKind.Multilabel))
        {
            throw new DataException($"--target '{target}': a separator is for several labels per row, but the task is {task}");
        }

        if (column is DateColumn && task is null)
        {
            throw new DataException($"--target '{target}': is a column of dates; choose another column, or --column \"{target}=numeric\" to predict days");
        }

        var kind = task ?? (separator is not null ? TaskKind.Multilabel : FindTask(column, rows, notes));
        return kind switch
        {
            TaskKind.Regression => Regression(column, rows, notes),
            TaskKind.Multilabel => MultilabelTarget.Build(TypeConversion.ToText(column), rows, separator, notes),
            _ => Classes(column, rows, kind, asked: task is not null, notes),
        };
    }

    private static TaskKind FindTask(Column column, int[] rows, List<string> notes)
    {
        if (column is TextColumn texts)
        {
            if (ListFinder.Find(texts) is { } separator)
            {
                notes.Add($"target '{column.Name}' holds lists separated by '{separator}': several labels per row; --task multiclass takes each list for one class");
                return TaskKind.Multilabel;
            }

            return TaskKind.Multiclass;
        }

        var numbers = (NumberColumn)column;
        if (numbers.Type == ColumnType.Boolean)
        {
            return TaskKind.Multiclass;
        }

        var distinct = new HashSet<double>();
        foreach (var row in rows)
        {
            if (distinct.Add(numbers.Values[row]) && distinct.Count > 10 * MostNumberedClasses)
            {
                break;
            }
        }

        if (distinct.Count <= 2)
        {
            return TaskKind.Multiclass;
        }

        var codes = distinct.Count <= MostNumberedClasses && distinct.All(value => Math.Floor(value) == value)
            && distinct.Min() == 0 && distinct.Max() == distinct.Count - 1;
        if (codes)
        {
            notes.Add($"target '{column.Name}' holds the whole numbers 0 to {distinct.Count - 1}: taken for classes; --task regression takes them for quantities");
            return TaskKind.Multiclass;
        }

        if (distinct.Count <= MostNumberedClasses)
        {
            notes.Add($"target '{column.Name}' holds {distinct.Count} different numbers: taken for quantities; --task multiclass takes them for classes");
        }

        return TaskKind.Regression;
    }

    private static (Target, int[], IReadOnlyList<string>) Regression(Column column, int[] rows, List<string> notes)
    {
        var warnings = new List<string>();
        var numbers = (NumberColumn)TypeConversion.To(column, ColumnType.Real, warnings);
        if (Array.Find(rows, row => numbers.IsMissing(row)) is var bad && numbers.IsMissing(bad))
        {
            throw new DataException($"--target '{column.Name}': values such as '{ColumnFinisher.Short(column.Format(bad)!)}' are no numbers, and regression needs numbers; choose another column or --task multiclass");
        }

        var values = Array.ConvertAll(rows, row => numbers.Values[row]);
        if (values.Length < 2 || Array.TrueForAll(values, value => value == values[0]))
        {
            throw new DataException($"--target '{column.Name}': {(values.Length < 2 ? "one row has an answer" : $"every row has the answer {column.Format(rows[0])}")}, so there is nothing to learn; choose another column");
        }

        return (Target.Regression(values), rows, notes);
    }

    private static (Target, int[], IReadOnlyList<string>) Classes(Column column, int[] rows, TaskKind kind, bool asked, List<string> notes)
    {
        var texts = TypeConversion.ToText(column);
        var counts = new int[texts.Levels.Length];
        foreach (var row in rows)
        {
            counts[texts.Codes[row]]++;
        }

        var distinct = counts.Count(count => count > 0);
        RefuseIdLike(column, distinct, rows.Length);
        if (distinct == 1)
        {
            throw new DataException($"--target '{column.Name}': every row has the same class '{ColumnFinisher.Short(column.Format(rows[0])!)}', so there is nothing to tell apart; choose another column");
        }

        var alone = Enumerable.Range(0, counts.Length).Where(level => counts[level] == 1).ToArray();
        if (alone.Length > 0)
        {
            notes.Add($"{ColumnFinisher.Count(alone.Length, "row")} left out: {(alone.Length == 1 ? "its class has" : "their classes have")} no other row, and a class cannot be both learned and tested from one ({string.Join(", ", alone.Take(5).Select(level => $"'{ColumnFinisher.Short(texts.Levels[level])}'"))}{(alone.Length > 5 ? ", …" : "")})");
            rows = Array.FindAll(rows, row => counts[texts.Codes[row]] > 1);
            Array.ForEach(alone, level => counts[level] = 0);
        }

        var levels = Sorted(texts.Levels, counts);
        if (levels.Length < 2)
        {
            throw new DataException($"--target '{column.Name}': {(levels.Length == 0 ? "no class has" : $"only the class '{ColumnFinisher.Short(texts.Levels[levels[0]])}' has")} two rows or more, so there is nothing to tell apart; choose another column or add rows");
        }

        if (asked && kind == TaskKind.Binary && levels.Length > 2)
        {
            throw new DataException($"--target '{column.Name}': has {levels.Length} classes, and a binary task has two; use --task multiclass");
        }

        var order = new int[texts.Levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            order[levels[i]] = i;
        }

        return (Target.Classification(Array.ConvertAll(rows, row => order[texts.Codes[row]]), Array.ConvertAll(levels, level => texts.Levels[level])), rows, notes);
    }

    private static void RefuseIdLike(Column column, int classes, int rows)
    {
        if (classes <= 2 || classes * 2 <= rows)
        {
            return;
        }

        var numbers = column is NumberColumn;
        throw new DataException(string.Create(CultureInfo.InvariantCulture,
            $"--target '{column.Name}': {classes:N0} classes in {rows:N0} rows: it looks like {(numbers ? "a number; use --task regression" : "an id or free text")}{(numbers ? " or" : ";")} choose another column"));
    }

    /// <summary>Levels that occur, sorted by value when all are numbers, else ordinally.</summary>
    internal static int[] Sorted(string[] levels, int[] counts)
    {
        var used = Enumerable.Range(0, levels.Length).Where(level => counts[level] > 0).ToArray();
        var values = new double[levels.Length];
        var numeric = used.All(level => double.TryParse(levels[level], NumberStyles.Float, CultureInfo.InvariantCulture, out values[level]) && double.IsFinite(values[level]));
        return numeric
            ? [.. used.OrderBy(level => values[level]).ThenBy(level => levels[level], StringComparer.Ordinal)]
            : [.. used.OrderBy(level => levels[level], StringComparer.Ordinal)];
    }
}
