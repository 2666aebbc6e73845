using System.Globalization;
using System.Text;
using Roux.Learning.Data;

namespace Roux.Debugging.Behaviour;

/// <summary>Applies changes to columns.</summary>
internal static class CellChanges
{
    /// <summary>The table with all changes made.</summary>
    /// <exception cref="DataException">A column is absent or of a kind that cannot be changed so.</exception>
    public static Table Apply(Table table, BehaviourTest test)
    {
        var columns = table.Columns.ToArray();
        foreach (var change in test.Changes)
        {
            var place = Array.FindIndex(columns, column => column.Name == change.Column);
            if (place < 0)
            {
                throw new DataException(NearestName.Message($"test '{test.Name}': change", change.Column, "column", [.. columns.Select(column => column.Name)]));
            }

            columns[place] = columns[place] switch
            {
                NumberColumn numbers when change.Kind is ChangeKind.Add or ChangeKind.Multiply || numbers.Type != ColumnType.Boolean => Change(numbers, change, test),
                var other => Change(other, change, test),
            };
        }

        return new Table(table.Name, columns);
    }

    private static NumberColumn Change(NumberColumn column, CellChange change, BehaviourTest test)
    {
        double Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : throw new DataException($"test '{test.Name}': '{column.Name}' holds numbers, and '{text}' is none");
        Func<double, double> apply = change.Kind switch
        {
            ChangeKind.Missing => _ => double.NaN,
            ChangeKind.Add => value => value + change.Amount,
            ChangeKind.Multiply => value => value * change.Amount,
            ChangeKind.Set when Number(change.Text) is var set => _ => set,
            ChangeKind.Swap when (Number(change.Text), Number(change.Other)) is var (a, b) => value => value == a ? b : value == b ? a : value,
            _ => throw new DataException($"test '{test.Name}': '{column.Name}' holds numbers, which cannot be changed by {change.Kind.ToString().ToLowerInvariant()}"),
        };
        return new NumberColumn(column.Name, Array.ConvertAll(column.Values, value => apply(value)), change.Kind is ChangeKind.Set or ChangeKind.Missing or ChangeKind.Swap ? column.Type : ColumnType.Real, column.Words);
    }

    /// <summary>Everything else is changed as text; the features read it back.</summary>
    private static TextColumn Change(Column column, CellChange change, BehaviourTest test)
    {
        if (change.Kind is ChangeKind.Add or ChangeKind.Multiply)
        {
            throw new DataException($"test '{test.Name}': '{column.Name}' holds no numbers to add to or multiply");
        }

        return TextColumn.From(column.Name, Enumerable.Range(0, column.Length).Select(row => Change(column.Format(row), change, row)));
    }

    private static string? Change(string? text, CellChange change, int row) => change.Kind switch
    {
        ChangeKind.Missing => null,
        ChangeKind.Set => change.Text,
        ChangeKind.Swap => text == change.Text ? change.Other : text == change.Other ? change.Text : text,
        ChangeKind.Append => text + change.Text,
        ChangeKind.Replace => text?.Replace(change.Text!, change.Other, StringComparison.Ordinal),
        ChangeKind.Upper => text?.ToUpperInvariant(),
        ChangeKind.Lower => text?.ToLowerInvariant(),
        _ => text is null ? null : Typo(text, row),
    };

    /// <summary>Two neighbouring letters change places; which, is decided by the row, so that a test gives the same result each time.</summary>
    private static string Typo(string text, int row)
    {
        int[] places = [.. Enumerable.Range(0, Math.Max(0, text.Length - 1)).Where(i => char.IsLetter(text[i]) && char.IsLetter(text[i + 1]) && text[i] != text[i + 1])];
        if (places.Length == 0)
        {
            return text;
        }

        var at = places[(int)((uint)(row * 2654435761) % (uint)places.Length)];
        var changed = new StringBuilder(text);
        (changed[at], changed[at + 1]) = (text[at + 1], text[at]);
        return changed.ToString();
    }
}
