using Roux.Learning.Data;
using Roux.Learning.Data.Reading;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.AutoML;

/// <summary>Reads the answers of a test file in the terms of the training target.</summary>
internal static class TestAnswers
{
    /// <summary>The answers, and the rows of the table that have one: a missing answer, or a class that training never saw, cannot be scored.</summary>
    /// <exception cref="DataException">The column is absent, or no row can be scored.</exception>
    public static (Target Target, int[] Rows) Of(Table table, string target, Target training, string? separator)
    {
        var column = table.Find(target)
            ?? throw new DataException($"{table.Name}: {NearestName.Message("--target", target, "column", [.. table.Columns.Select(other => other.Name)])}");
        var (answers, rows) = training.Task switch
        {
            TaskKind.Regression => Numbers(column),
            TaskKind.Multilabel => Labels(TypeConversion.ToText(column), training.Classes, separator),
            _ => Classes(TypeConversion.ToText(column), training.Classes),
        };
        return rows.Length > 0 ? (answers, rows)
            : throw new DataException($"{table.Name}: no row has an answer in '{target}' that training knows; the final score needs some");
    }

    private static (Target, int[]) Numbers(Column column)
    {
        var numbers = (NumberColumn)TypeConversion.To(column, ColumnType.Real, []);
        var rows = Enumerable.Range(0, numbers.Length).Where(row => double.IsFinite(numbers.Values[row])).ToArray();
        return (Target.Regression(Array.ConvertAll(rows, row => numbers.Values[row])), rows);
    }

    private static (Target, int[]) Classes(TextColumn column, string[] classes)
    {
        var codes = Array.ConvertAll(column.Levels, level => Array.IndexOf(classes, level));
        var rows = Enumerable.Range(0, column.Length).Where(row => column.Codes[row] >= 0 && codes[column.Codes[row]] >= 0).ToArray();
        return (Target.Classification(Array.ConvertAll(rows, row => codes[column.Codes[row]]), classes), rows);
    }

    private static (Target, int[]) Labels(TextColumn column, string[] classes, string? separator)
    {
        separator ??= ListFinder.Find(column, lenient: true) ?? "|";
        var rows = Enumerable.Range(0, column.Length).Where(row => column.Codes[row] >= 0).ToArray();
        var indicators = new bool[rows.Length * classes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var item in ListFinder.Items(column[rows[i]]!, separator))
            {
                if (Array.IndexOf(classes, item) is >= 0 and var label)
                {
                    indicators[i * classes.Length + label] = true;
                }
            }
        }

        return (Target.Multilabel(indicators, classes), rows);
    }
}
