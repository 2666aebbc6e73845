using System.Runtime.InteropServices;

namespace Roux.Learning.Data.Profiling;

/// <summary>Finds rows that occur more than once, by fingerprints of 128 bits.</summary>
internal static class RowDuplicates
{
    /// <summary>Counts rows that repeat an earlier one in all columns but ids and ignored ones, and rows that share their features with a row of another answer.</summary>
    public static (int Repeated, int Conflicting) Count(Table table, IReadOnlyList<ColumnSpec> specs, Target? target, int[]? rows)
    {
        var used = specs.Where(spec => spec.Role is not (ColumnRole.Id or ColumnRole.Ignore)).ToArray();
        if (used.Length == 0)
        {
            return (0, 0);
        }

        var prints = new UInt128[table.RowCount];
        foreach (var spec in used.Where(spec => spec.Role != ColumnRole.Target))
        {
            Mix(prints, table[spec.Name]);
        }

        var conflicting = target is null || used.All(spec => spec.Role is ColumnRole.Target or ColumnRole.Constant) ? 0 : Conflicting(prints, target, rows);
        foreach (var spec in used.Where(spec => spec.Role == ColumnRole.Target))
        {
            Mix(prints, table[spec.Name]);
        }

        return (prints.Length - prints.Distinct().Count(), conflicting);
    }

    private static int Conflicting(UInt128[] prints, Target target, int[]? rows)
    {
        // Per fingerprint: how many rows have it, the answer of the first, and whether another was seen.
        var seen = new Dictionary<UInt128, (int Rows, UInt128 Answer, bool Differs)>();
        for (var i = 0; i < target.Count; i++)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, prints[rows?[i] ?? i], out var known);
            var answer = Answer(target, i);
            entry = (entry.Rows + 1, known ? entry.Answer : answer, known && (entry.Differs || entry.Answer != answer));
        }

        return seen.Values.Where(entry => entry.Differs).Sum(entry => entry.Rows);
    }

    private static UInt128 Answer(Target target, int i)
    {
        switch (target.Task)
        {
            case TaskKind.Regression:
                return BitConverter.DoubleToUInt64Bits(target.Values[i]);
            case TaskKind.Multilabel:
                UInt128 print = 0;
                for (var k = 0; k < target.Classes.Length; k++)
                {
                    print = Mix(print, target.Indicators[i * target.Classes.Length + k] ? 1UL : 0UL);
                }

                return print;
            default:
                return (UInt128)target.Labels[i];
        }
    }

    private static void Mix(UInt128[] prints, Column column)
    {
        switch (column)
        {
            case NumberColumn numbers:
                for (var row = 0; row < prints.Length; row++)
                {
                    // Zero and minus zero are equal, and every NaN is the same missing value.
                    var value = numbers.Values[row];
                    prints[row] = Mix(prints[row], double.IsNaN(value) ? ulong.MaxValue : BitConverter.DoubleToUInt64Bits(value + 0.0));
                }

                break;
            case DateColumn dates:
                for (var row = 0; row < prints.Length; row++)
                {
                    prints[row] = Mix(prints[row], (ulong)dates.Ticks[row]);
                }

                break;
            default:
                var codes = ((TextColumn)column).Codes;
                for (var row = 0; row < prints.Length; row++)
                {
                    prints[row] = Mix(prints[row], (ulong)(codes[row] + 1));
                }

                break;
        }
    }

    /// <summary>Two independent chains of multiply, rotate and xor.</summary>
    private static UInt128 Mix(UInt128 print, ulong value)
    {
        var low = (ulong)print ^ value;
        var high = (ulong)(print >> 64) + value;
        low = ulong.RotateLeft(low * 0x9E3779B97F4A7C15, 29) * 0xBF58476D1CE4E5B9;
        high = ulong.RotateLeft(high * 0xC2B2AE3D27D4EB4F, 31) * 0x165667B19E3779F9;
        low ^= low >> 32;
        high ^= high >> 29;
        return new UInt128(high + 0x2545F4914F6CDD1D, low + 0x632BE59BD9B4E019);
    }
}
