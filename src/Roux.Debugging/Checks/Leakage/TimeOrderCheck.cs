using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Test rows that are older than rows learned from.</summary>
public sealed class TimeOrderCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the test rows that are earlier than the latest training row", "A split by time leaves none; one in a hundred allows for late entries");

    private static readonly Threshold Trend = new("trend", 0.1, "where no time column is named: rank correlation of the answer with time, or of neighbours in time, from which on time matters", "Small effect (Cohen 1988)");

    /// <inheritdoc/>
    public override string Name => "time-order";

    /// <inheritdoc/>
    public override string Definition => "Rows are tested on that are older than rows learned from, although rows are ordered in time: the model has seen the future.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Trend];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["row-order"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var named = subject.Options.TimeColumn;
        var columns = named is not null ? [named] : subject.Columns.Where(column => column.Role == ColumnRole.Date).Select(column => column.Name).ToArray();
        foreach (var division in Division.All(subject))
        {
            var found = false;
            foreach (var name in columns)
            {
                if (Look(subject, division, name, named is not null, context) is { } finding)
                {
                    found = true;
                    yield return finding;
                }
            }

            if (found)
            {
                yield break; // One division says enough.
            }
        }
    }

    private Finding? Look(TableSubject subject, Division division, string name, bool named, CheckContext context)
    {
        if (division.Train.Find(name) is not { } a || division.Test.Find(name) is not { } b || Times(a) is not { } all || Times(b) is not { } other)
        {
            return null;
        }

        var (train, test) = (Known(all, division.TrainRows), Known(other, division.TestRows));
        if (train.Length < 10 || test.Length < 10)
        {
            return null;
        }

        var latest = train.Max();
        var share = (double)test.Count(time => time < latest) / test.Length;
        if (share < context.Value(Name, Share) || (!named && Dependence(subject, all, context) < context.Value(Name, Trend)))
        {
            return null;
        }

        return new Finding(Name, named && share > 0.05 ? Severity.High : Severity.Medium, $"{Wording.Percent(share)} of the test rows{division.Named} are older by '{name}' than the latest row learned from")
        {
            Columns = [name],
            Evidence = Figures.Of(("share_of_test_rows", share), ("train_first", train.Min()), ("train_last", latest), ("test_first", test.Min()), ("test_last", test.Max()))
                .WithPairs($"Quantiles of '{name}' (0 the first row, 1 the last)", "time", "training", "test", new[] { 0.0, 0.25, 0.5, 0.75, 1.0 }.Select(q => (Wording.Percent(q), Place(train, q, train, test), Place(test, q, train, test)))),
            Cause = "The rows were split at random although they follow one another in time, so the model learns from what happened after the rows it is tested on.",
            Fix = $"Split by time: roux develop DATA --time \"{name}\".",
            Verify = "Every test row is later than every row learned from; the score falls to what the future will give.",
        };
    }

    private static double Place(double[] times, double q, double[] a, double[] b)
    {
        var (first, last) = (Math.Min(a.Min(), b.Min()), Math.Max(a.Max(), b.Max()));
        return last > first ? (times.Order().ElementAt((int)(q * (times.Length - 1))) - first) / (last - first) : 0;
    }

    /// <summary>How much the answer goes with time, as a trend or from one row to the next, from 0 to 1.</summary>
    private static double Dependence(TableSubject subject, double[] times, CheckContext context)
    {
        if (subject.Target is null || subject.Target.Task == TaskKind.Multilabel)
        {
            return 0;
        }

        int[] rows = [.. TableSubject.Sample(times.Length, 20_000, context.Seed).Where(row => !double.IsNaN(times[row]) && (subject.HasClasses ? subject.Classes[row] >= 0 : !double.IsNaN(subject.Values[row])))];
        if (rows.Length < 50)
        {
            return 0;
        }

        new Random(context.Seed).Shuffle(rows);
        rows = [.. rows.OrderBy(row => times[row])];
        var common = subject.HasClasses ? Array.IndexOf(Data.ClassCounts.Of(subject.Target), Data.ClassCounts.Of(subject.Target).Max()) : 0;
        var y = Array.ConvertAll(rows, row => subject.HasClasses ? (subject.Classes[row] == common ? 1.0 : 0) : subject.Values[row]);
        double Strength(double[] one, double[] two) => Correlation.Spearman(one, two) is { PValue: < 0.001 } found ? Math.Abs(found.Statistic) : 0;
        return Math.Max(Strength(Array.ConvertAll(rows, row => times[row]), y), Strength(y[1..], y[..^1]));
    }

    private static double[]? Times(Column column) => column switch
    {
        DateColumn dates => Array.ConvertAll(dates.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks),
        NumberColumn numbers => numbers.Values,
        _ => null,
    };

    private static double[] Known(double[] times, int[] rows) => [.. rows.Select(row => times[row]).Where(time => !double.IsNaN(time))];
}
