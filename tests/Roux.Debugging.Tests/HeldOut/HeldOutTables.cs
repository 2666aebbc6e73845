using Roux.Debugging.Checks;
using Roux.Debugging.Tests.BugBank;
using Roux.Learning.Data;
using Roux.Tracking;
using static Roux.Debugging.Tests.BugBank.MadeTables;
using static Roux.Debugging.Tests.HeldOut.OtherTables;

namespace Roux.Debugging.Tests.HeldOut;

/// <summary>Bugs in tables and sound tables that no threshold was chosen beside.</summary>
internal static class HeldOutTables
{
    private static readonly string[] Order = ["clerk", "driver", "engineer", "farmer", "nurse", "teacher"];

    public static IReadOnlyList<Bug> Bugs { get; } =
    [
        new("fees that only late loans have", ["suspected-leak", "coarse-target", "missing-by-class"], seed => Loans(seed) is var table && new Random(seed) is var random
            ? Look(table.With(new NumberColumn("fees", Numbers(900, row => table["status"].Format(row) == "paid" ? 0 : random.Next(20, 90)), ColumnType.Integer)), "status", seed) : []),
        new("wear of a week later", ["suspected-leak"], seed => Machines(seed) is var table && new Random(seed) is var random ? Look(table.With(new NumberColumn("wear_after", Numbers(1100, row => table.Values("wear")[row] + 0.2 + 0.2 * Normal(random)))), "wear", seed) : []),
        new("heat in two units", ["redundant-columns"], seed => Machines(seed) is var table ? Look(table.With(new NumberColumn("heat_f", Numbers(1100, row => Math.Round(table.Values("heat")[row] * 1.8 + 32)))), "wear", seed) : []),
        new("loans in both parts under new ids", ["duplicates-across-splits"], seed => Loans(seed).Split(seed, 0.3) is var (train, test) ? Look(train, "status", seed, new TableOptions { Test = test.Above(train.Take(train.Some(seed, 0.1)).MapText("loan_id", (row, _) => $"X-{row}")) }) : []),
        new("one machine in both parts", ["group-overlap"], seed => Machines(seed).Split(seed) is var (train, test) ? Look(train, "wear", seed, new TableOptions { Test = test, GroupColumn = "machine" }) : []),
        new("the past is tested", ["time-order"], seed => Loans(seed).Split(seed) is var (train, test) ? Look(train, "status", seed, new TableOptions { Test = test, TimeColumn = "opened" }) : []),
        new("day and night make the total", ["computed-target"], seed => Machines(seed) is var table && new Random(seed) is var random && Numbers(1100, _ => Math.Round(100 * random.NextDouble(), 1)) is var day && Numbers(1100, _ => Math.Round(-30 * Math.Log(1 - random.NextDouble()), 1)) is var night
            ? Look(table.With(new NumberColumn("day", day)).With(new NumberColumn("night", night)).With(new NumberColumn("wear", Numbers(1100, row => Math.Round(day[row] + night[row], 1)))), "wear", seed) : []),
        new("zero for no reading", ["sentinel-values", "outliers"], seed => Look(Machines(seed).Map("pressure", (row, value) => row % 14 == 5 ? 0 : value), "wear", seed)),
        new("the year 1900 for no date", ["sentinel-values", "outliers"], seed => Loans(seed) is var table && ((DateColumn)table["opened"]).Ticks is var ticks
            ? Look(table.With(new DateColumn("opened", [.. ticks.Select((tick, row) => row % 12 == 5 ? new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks : tick)])), "status", seed) : []),
        new("smoothed mean wear of each part number", ["target-encoded"], SmoothlyEncoded),
        new("all columns from 0 to 1 over all rows", ["fitted-before-split"], seed => Machines(seed) is var table ? Ranged(Ranged(Ranged(table, "heat"), "pressure"), "shake").Split(seed) is var (train, test) ? Look(train, "wear", seed, new TableOptions { Test = test }) : [] : []),
        new("bar in the test, kPa in training", ["column-drift"], seed => Machines(seed).Split(seed) is var (train, test) ? Look(train, "wear", seed, new TableOptions { Test = test.Map("pressure", (_, value) => value / 100) }) : []),
        new("jobs numbered anew in the test", ["column-drift"], seed => Loans(seed, 1600) is var table && table.With(new NumberColumn("job", Numbers(1600, row => Array.IndexOf(Order, table["job"].Format(row)!)), ColumnType.Integer)).Split(seed) is var (train, test)
            ? Look(train, "status", seed, new TableOptions { Test = test.Map("job", (_, value) => 5 - value) }) : []),
        new("one outcome in nine entered wrongly", ["label-errors"], seed => new Random(seed) is var random ? Look(Blocks(seed).MapText("kind", (_, kind) => random.Next(9) == 0 ? $"kind {(kind![^1] - '0' + 1) % 4}" : kind), "kind", seed) : []),
        new("entered twice with two outcomes", ["conflicting-labels"], seed => Loans(seed) is var table ? Look(table.Above(table.Take(table.Some(seed, 0.06)).MapText("status", (_, status) => status == "paid" ? "default" : "paid").MapText("loan_id", (row, _) => $"X-{row}")), "status", seed) : []),
        new("numbered by wear", ["row-order"], seed => Machines(seed) is var table && Enumerable.Range(0, 1100).OrderBy(row => table.Values("wear")[row]).ToArray() is var order ? Look(table.Take(order).With(new NumberColumn("id", Numbers(1100, row => 5000 + row * 3), ColumnType.Integer)), "wear", seed) : []),
        new("hardly a default in the test", ["label-drift"], seed => Loans(seed, 2000).Split(seed, 0.4) is var (train, test) ? Look(train, "status", seed, new TableOptions { Test = test.Take([.. Enumerable.Range(0, test.RowCount).Where(row => test["status"].Format(row) == "paid" || row % 8 == 0)]) }) : []),
        new("a sensor off in the test", ["missing-drift", "schema-drift"], seed => Machines(seed).Split(seed) is var (train, test) ? Look(train, "wear", seed, new TableOptions { Test = test.Map("shake", (_, _) => double.NaN) }) : []),
        new("homes in capitals", ["inconsistent-spelling"], seed => Look(Loans(seed).MapText("home", (row, home) => row % 5 == 0 ? char.ToUpperInvariant(home![0]) + home[1..] : home), "status", seed)),
        new("one default in 300", ["class-imbalance"], seed => Look(Loans(seed, 3000).MapText("status", (row, _) => row % 300 == 11 ? "default" : "paid"), "status", seed)),
    ];

    public static IReadOnlyList<Bug> Texts { get; } =
    [
        new("a tag of the answer at the end", ["target-in-text"], seed => Reviews(seed) is var table ? Look(table.MapText("review", (row, text) => row % 3 == 0 ? $"{text} #{table["stars"].Format(row)}" : text), "stars", seed) : []),
        new("cut after 20 words", ["truncated-text"], seed => Look(Reviews(seed).MapText("review", (_, text) => string.Join(' ', text!.Split(' ').Take(20))), "stars", seed)),
        new("apostrophes garbled in the test", ["wrong-encoding", "vocabulary-mismatch"], seed => Reviews(seed).Split(seed) is var (train, test) ? Look(train, "stars", seed, new TableOptions { Test = test.MapText("review", (_, text) => text!.Replace("It ", "Itâ€™s ", StringComparison.Ordinal).Replace("the ", "theâ€¦ ", StringComparison.Ordinal)) }) : []),
        new("the same reviews with another closing in the test", ["near-duplicate-texts", "duplicates-across-splits"], seed => Long(seed).Split(seed) is var (train, test) ? Look(train, "stars", seed, new TableOptions { Test = test.Above(train.Take(train.Some(seed, 0.15)).MapText("review", (_, text) => text + " Thanks.").Map("words_of_title", (row, _) => row % 11)) }) : []),
        new("line breaks of a web page", ["html-remains"], seed => Look(Reviews(seed).MapText("review", (row, text) => row % 4 == 0 ? text!.Replace(". ", ".<br /><br />", StringComparison.Ordinal) : text), "stars", seed)),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        new("loans", seed => Divided(Loans(seed), "status", seed)),
        new("loans, ids and dates kept, no test", seed => Look(Loans(seed), "status", seed)),
        new("loans by time", seed => Loans(seed) is var table && ((DateColumn)table["opened"]).Ticks is var ticks && Enumerable.Range(0, 900).OrderBy(row => ticks[row]).ToArray() is var order
            ? Look(table.Take(order.AsSpan(0, 650)), "status", seed, new TableOptions { Test = table.Take(order.AsSpan(650)), TimeColumn = "opened" }) : []),
        new("machines", seed => Divided(Machines(seed), "wear", seed)),
        new("machines kept apart", seed => Machines(seed, 2400) is var table ? Look(Of(table, name => name[^1] != '3' && name != "M11"), "wear", seed, new TableOptions { Test = Of(table, name => name[^1] == '3' || name == "M11"), GroupColumn = "machine" }) : []),
        new("machines, scaled on training rows", seed => Machines(seed).Split(seed) is var (train, test) && train.Values("heat").Average() is var mean ? Look(train.Map("heat", (_, value) => (value - mean) / 12), "wear", seed, new TableOptions { Test = test.Map("heat", (_, value) => (value - mean) / 12) }) : []),
        new("four blocks that hardly touch", seed => Divided(Blocks(seed), "kind", seed)),
        new("nothing to learn", seed => new Random(seed) is var random ? Divided(Loans(seed).MapText("status", (_, _) => random.Next(3) == 0 ? "a" : "b"), "status", seed) : []),
        new("many true zeros", seed => new Random(seed) is var random ? Divided(Machines(seed).With(new NumberColumn("repairs", Numbers(1100, _ => random.Next(3) > 0 ? 0 : Math.Round(200 - 80 * Math.Log(1 - random.NextDouble()), 2)))), "wear", seed) : []),
        new("reviews", seed => Divided(Reviews(seed), "stars", seed)),
        new("long reviews", seed => Divided(Long(seed), "stars", seed)),
        new("mean wear of each machine on earlier rows", Encoded),
    ];

    private static IReadOnlyList<Finding> Divided(Table table, string target, int seed) => table.Split(seed) is var (train, test) ? Look(train, target, seed, new TableOptions { Test = test }) : [];

    private static Table Of(Table table, Func<string, bool> which) => table.Take([.. Enumerable.Range(0, table.RowCount).Where(row => which(table["machine"].Format(row)!))]);

    private static Table Ranged(Table table, string name) => table.Values(name) is var values && values.Min() is var low && values.Max() is var high ? table.Map(name, (_, value) => (value - low) / (high - low)) : table;

    private static Table Long(int seed) => Reviews(seed, 1400) is var table ? table.Take([.. Enumerable.Range(0, 1400).Where(row => table["review"].Format(row)!.Length > 130)]) : null!;

    /// <summary>Four kinds told by two of six numbers, with one row in thirty beyond its bounds.</summary>
    private static Table Blocks(int seed)
    {
        var random = new Random(seed + 400);
        var kind = Numbers(1200, _ => random.Next(4));
        return new Table("blocks",
        [
            .. Enumerable.Range(0, 6).Select(i => new NumberColumn($"f{i}", Numbers(1200, row => i > 1 ? Math.Round(10 * random.NextDouble(), 2) : Math.Round(((int)kind[row] >> i & 1) * 4 + 0.9 * Normal(random), 2)))),
            TextColumn.From("kind", MadeTables.Texts(1200, row => $"kind {kind[row]}")),
        ]);
    }

    /// <summary>The mean of a level's rows, pulled towards the mean of all by five rows' worth.</summary>
    private static IReadOnlyList<Finding> SmoothlyEncoded(int seed)
    {
        var (table, random) = (Machines(seed), new Random(seed));
        var (part, wear) = (MadeTables.Texts(1100, _ => $"part {random.Next(150)}"), table.Values("wear"));
        var all = wear.Average();
        var means = Enumerable.Range(0, 1100).GroupBy(row => part[row]).ToDictionary(group => group.Key, group => (group.Sum(row => wear[row]) + 5 * all) / (group.Count() + 5));
        return Look(table.With(TextColumn.From("part", part)).With(new NumberColumn("part_wear", Numbers(1100, row => means[part[row]]))), "wear", seed);
    }

    /// <summary>The mean wear of the machine as other rows had it, kept aside for just this: no row helps to tell its own answer.</summary>
    private static IReadOnlyList<Finding> Encoded(int seed)
    {
        var table = Machines(seed, 2200);
        var wear = table.Values("wear");
        var means = Enumerable.Range(0, 1100).GroupBy(row => table["machine"].Format(row)!).ToDictionary(group => group.Key, group => group.Average(row => wear[row]));
        var rest = table.Take([.. Enumerable.Range(1100, 1100)]);
        return Divided(rest.With(new NumberColumn("machine_wear", Numbers(1100, row => means[rest["machine"].Format(row)!]))), "wear", seed);
    }
}
