using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>How much of the answer a column alone tells.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">Share of the zero rule's errors, or of the variance, that it takes away; at most 1.</param>
/// <param name="Levels">Different values it has, at least.</param>
/// <param name="IsRelabelled">Whether it is a category with one level for each class.</param>
internal sealed record ColumnSkill(string Column, double Value, int Levels, bool IsRelabelled)
{
    private const int MostRows = 20_000;

    /// <summary>Measures it; <c>null</c> where it cannot be measured.</summary>
    public static ColumnSkill? Of(TableSubject subject, ColumnProfile column, int seed)
    {
        if (column.Target is not { } association)
        {
            return null;
        }

        if (subject.HasClasses)
        {
            var classes = subject.Target!.Classes.Length;
            return new ColumnSkill(column.Name, association.Skill, column.Distinct, column.Distinct <= classes + 1 && association.Skill >= 0.98);
        }

        var left = Scatter(subject, column.Name, seed);
        return new ColumnSkill(column.Name, Math.Max(association.Skill, double.IsNaN(left) ? 0 : Math.Clamp(1 - left, 0, 1)), column.Distinct, false);
    }

    /// <summary>
    /// Share of the answers' variance that is left between neighbours in the order of a column: half the mean squared difference, over the
    /// variance (Rice 1984, "Bandwidth choice for nonparametric regression"). Sees any function of the column, also one that is not monotone.
    /// Rows of equal value are paired at random.
    /// </summary>
    private static double Scatter(TableSubject subject, string name, int seed)
    {
        double[]? values = subject.Train[name] switch
        {
            NumberColumn numbers => numbers.Values,
            DateColumn dates => Array.ConvertAll(dates.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks),
            _ => null,
        };
        if (values is null)
        {
            return double.NaN;
        }

        int[] rows = [.. TableSubject.Sample(values.Length, MostRows, seed).Where(row => !double.IsNaN(values[row]) && !double.IsNaN(subject.Values[row]))];
        if (rows.Length < 30)
        {
            return double.NaN;
        }

        // Files are often sorted by the answer, so rows of equal value must not keep their order.
        new Random(seed).Shuffle(rows);
        var order = Enumerable.Range(0, rows.Length).OrderBy(i => values[rows[i]]).ToArray();
        var y = Array.ConvertAll(order, i => subject.Values[rows[i]]);
        var mean = y.Average();
        var variance = y.Sum(value => (value - mean) * (value - mean)) / (y.Length - 1);
        var differences = 0.0;
        for (var i = 1; i < y.Length; i++)
        {
            differences += (y[i] - y[i - 1]) * (y[i] - y[i - 1]);
        }

        return variance > 0 ? differences / 2 / (y.Length - 1) / variance : double.NaN;
    }
}
