using Roux.Debugging.Checks.Data;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Test rows that training has, too, exactly or but for the last digits.</summary>
public sealed class DuplicatesAcrossSplitsCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the test rows (lower end of its 95% interval) from which on copies are of medium severity", "One in a hundred moves a score by less than its usual interval");

    private static readonly Threshold Half = new("half", 0.5, "share of the test rows from which on the severity is high", "The score is then mostly one of memory");

    private static readonly Threshold Grain = new("grain", 0.001, "for near duplicates: the grid on which numbers are compared, in standard deviations", "Finer than most measurements, coarser than rounding and jitter");

    private const int FewestNumbers = 4, MostRows = 200_000;

    /// <inheritdoc/>
    public override string Name => "duplicates-across-splits";

    /// <inheritdoc/>
    public override string Definition => "Test rows equal a training row in every feature, or but for the last digits of their numbers, more often than coarse columns explain.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Half, Grain];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["duplicated-rows", "near-duplicate-texts"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var features = subject.Features.Where(column => subject.Compared.Contains(column.Name)).ToArray();
        if (features.Length == 0)
        {
            yield break;
        }

        foreach (var division in Division.All(subject))
        {
            var (train, test) = (Pick(subject.Prints, division.TrainRows), ReferenceEquals(division.Test, subject.Train) ? Pick(subject.Prints, division.TestRows) : subject.TestPrints);
            var known = train.ToHashSet();
            var equal = test.Count(known.Contains);
            var near = Near(division, features, known, test, context);
            if (equal + near == 0)
            {
                continue;
            }

            var copied = equal == 0 ? 1 : ReferenceEquals(division.Test, subject.Train) || subject.Train.RowCount > MostRows ? Copies.Share(subject.Train, subject.Prints, features)
                : Copies.Share(subject.Train, train, division.Test, test, features);
            yield return Tell(division, equal, near, test.Length, copied >= 0.5, context);
            yield break; // One division says enough.
        }
    }

    private Finding Tell(Division division, int equal, int near, int tested, bool copies, CheckContext context)
    {
        var share = (double)(equal + near) / tested;
        var sure = Proportion.Wilson(equal + near, tested).Low;
        var severity = !copies ? Severity.Low : sure >= context.Value(Name, Half) ? Severity.High : sure >= context.Value(Name, Share) ? Severity.Medium : Severity.Low;
        return new Finding(Name, severity, $"{Wording.Count(equal + near, "test row")}{division.Named} ({Wording.Percent(share)}) {(near == 0 ? "equal" : equal == 0 ? "nearly equal" : "equal or nearly equal")} a training row in every feature{(copies ? "" : "; columns of few values make that likely by coincidence")}")
        {
            Evidence = Figures.Of(("equal_rows", equal), ("nearly_equal_rows", near), ("test_rows", tested), ("share", share))
                .WithBars("Test rows", "rows", [("equal to a training row", equal), ("nearly equal", near), ("new", tested - equal - near)]),
            Cause = copies ? "Rows were repeated (copies, oversampling, augmentation, joined files) before the table was split." : "Few columns of few values describe each row, so different things look alike.",
            Fix = copies ? "Remove repeats before splitting, or split by a column that names the thing (--group); oversample only within training." : "None needed if each row is a thing of its own.",
            Verify = "No test row is in training; the score falls to what new rows will give.",
        };
    }

    private static ulong[] Pick(ulong[] prints, int[] rows) => rows.Length == prints.Length ? prints : Array.ConvertAll(rows, row => prints[row]);

    /// <summary>Test rows that are new by their fingerprint but fall into the cell of a training row on one of two shifted grids.</summary>
    private int Near(Division division, ColumnSpec[] features, HashSet<ulong> known, ulong[] test, CheckContext context)
    {
        var numbers = features.Where(column => division.Train[column.Name] is NumberColumn { Type: ColumnType.Real } real && division.Test[column.Name] is NumberColumn && IsFine(real)).ToArray();
        if (numbers.Length < FewestNumbers || features.Any(column => column.Role is ColumnRole.Text or ColumnRole.List))
        {
            return 0;
        }

        var near = new bool[test.Length];
        foreach (var shift in new[] { 0, 0.5 })
        {
            var (a, b) = (new ulong[division.TrainRows.Length], new ulong[division.TestRows.Length]);
            foreach (var column in numbers)
            {
                var (x, y) = (((NumberColumn)division.Train[column.Name]).Values, ((NumberColumn)division.Test[column.Name]).Values);
                var grain = context.Value(Name, Grain) * Deviation(x);
                Lay(a, x, division.TrainRows, grain, shift);
                Lay(b, y, division.TestRows, grain, shift);
            }

            var cells = a.ToHashSet();
            for (var i = 0; i < b.Length; i++)
            {
                near[i] |= cells.Contains(b[i]) && !known.Contains(test[i]);
            }
        }

        return near.Count(row => row);
    }

    private static void Lay(ulong[] cells, double[] values, int[] rows, double grain, double shift)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var value = values[rows[i]];
            cells[i] = RowPrints.Mix(cells[i] * 31 + (double.IsNaN(value) ? 1UL : (ulong)(long)Math.Floor(value / grain + shift)));
        }
    }

    /// <summary>Whether so many different values occur that two rows rarely share a cell.</summary>
    private static bool IsFine(NumberColumn column) => column.Values.Take(1_000).Distinct().Count() >= Math.Min(500, column.Length / 3);

    private static double Deviation(double[] values)
    {
        var known = values.Where(double.IsFinite).Take(100_000).ToArray();
        var mean = known.DefaultIfEmpty(0).Average();
        return Math.Max(1e-300, Math.Sqrt(known.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, known.Length)));
    }
}
