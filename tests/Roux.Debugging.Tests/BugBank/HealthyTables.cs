using Roux.Debugging.Checks;
using Roux.Learning.Data;
using static Roux.Debugging.Tests.BugBank.MadeTables;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Honest tables: nothing is wrong, though some look hard or strange.</summary>
internal static class HealthyTables
{
    public static IReadOnlyList<Healthy> Made { get; } =
    [
        new("mixed", seed => Divided(Mixed(seed), "y", seed)),
        new("mixed without test rows", seed => Look(Mixed(seed), "y", seed)),
        new("nearly no signal", seed => Divided(Mixed(seed, noise: 12), "y", seed)),
        new("strong signal", seed => Divided(Mixed(seed, noise: 0.1), "y", seed)),
        new("prices", seed => Divided(Priced(seed), "price", seed)),
        new("prices, hardly any noise", seed => Divided(Priced(seed, noise: 0.1), "price", seed)),
        new("nine to one", seed => Mixed(seed, 3000) is var table ? Divided(table.Take([.. Enumerable.Range(0, 3000).Where(row => table["y"].Format(row) == "stays" || row % 7 == 0)]), "y", seed) : []),
        new("tiny", seed => Divided(Mixed(seed, 120), "y", seed)),
        new("well separated clusters", Clusters),
        new("few coarse columns", Coarse),
        new("long tails", seed => Tails(seed)),
        new("honest gaps by kind", seed => Mixed(seed) is var table ? Divided(table.Map("visits", (row, value) => table["plan"].Format(row) == "basic" ? double.NaN : value), "y", seed) : []),
        new("many levels, some unseen", seed => new Random(seed + 77) is var random && Mixed(seed) is var table ? Divided(table.With(TextColumn.From("shop", Texts(1500, _ => $"shop {(int)(400 * Math.Pow(random.NextDouble(), 3))}"))), "y", seed) : []),
        new("whole numbers with true negatives", seed => new Random(seed + 77) is var random && Mixed(seed) is var table ? Divided(table.With(new NumberColumn("change", Numbers(1500, _ => random.Next(-3, 4)), ColumnType.Integer)), "y", seed) : []),
        new("grouped, split by group", seed => Grouped(seed)),
        new("split by time", seed => Timed(seed)),
        new("one strong measurement", seed => Strong(seed)),
    ];

    public static IReadOnlyList<Healthy> Shared { get; } =
    [
        new("adult", seed => Set("adult", "income", seed)),
        new("diamonds", seed => Set("diamonds", "price", seed)),
        new("digits", seed => Set("digits", "target", seed)),
        new("sonar", seed => Set("sonar", "label", seed)),
        new("titanic without alive", seed => Set("titanic", "survived", seed, "alive")),
        new("penguins", seed => Set("penguins", "species", seed)),
        new("wine-white without repeats", WineOnce),
    ];

    private static IReadOnlyList<Roux.Tracking.Finding> Divided(Table table, string target, int seed) => table.Split(seed) is var (train, test) ? Look(train, target, seed, new TableOptions { Test = test }) : [];

    private static IReadOnlyList<Roux.Tracking.Finding> Set(string set, string target, int seed, params string[] drop) =>
        Look(MadeTables.Shared(set, "train"), target, seed, new TableOptions { Test = MadeTables.Shared(set, "test"), Drop = drop });

    private static IReadOnlyList<Roux.Tracking.Finding> WineOnce(int seed)
    {
        var all = MadeTables.Shared("wine-white", "train").Above(MadeTables.Shared("wine-white", "test"));
        var seen = new HashSet<string>();
        var names = all.Columns.Select(column => column.Name).Where(name => name != "quality").ToArray();
        return Divided(all.Take([.. Enumerable.Range(0, all.RowCount).Where(row => seen.Add(string.Join('|', names.Select(name => all[name].Format(row)))))]), "quality", seed);
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Clusters(int seed)
    {
        var random = new Random(seed);
        var kind = Numbers(600, _ => random.Next(3));
        return Divided(new Table("clusters",
        [
            .. Enumerable.Range(0, 4).Select(i => new NumberColumn($"x{i}", Numbers(600, row => ((kind[row] + i) % 3 * 2.2) + Normal(random)))),
            TextColumn.From("y", Texts(600, row => $"kind {kind[row]}")),
        ]), "y", seed);
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Coarse(int seed)
    {
        var random = new Random(seed);
        var (a, b, c) = (Numbers(1200, _ => random.Next(4)), Numbers(1200, _ => random.Next(3)), Numbers(1200, _ => random.Next(5)));
        return Divided(new Table("coarse",
        [
            TextColumn.From("colour", Texts(1200, row => "red,green,blue,black".Split(',')[(int)a[row]])), TextColumn.From("size", Texts(1200, row => "s,m,l".Split(',')[(int)b[row]])),
            TextColumn.From("shop", Texts(1200, row => $"shop {c[row]}")), TextColumn.From("y", Texts(1200, row => a[row] + b[row] + 2 * Normal(random) > 2.5 ? "returned" : "kept")),
        ]), "y", seed);
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Tails(int seed)
    {
        var random = new Random(seed);
        var spent = Numbers(2000, _ => Math.Exp(2 * Normal(random)));
        var sales = Numbers(2000, _ => Math.Pow(1 - random.NextDouble(), -1 / 1.5));
        return Divided(new Table("tails",
        [
            new NumberColumn("spent", spent), new NumberColumn("sales", sales), new NumberColumn("calls", Numbers(2000, _ => random.Next(4) > 0 ? 0 : Math.Floor(Math.Exp(1.5 * Normal(random)) + 1))),
            TextColumn.From("y", Texts(2000, row => Math.Log(spent[row]) + Math.Log(sales[row]) + 2 * Normal(random) > 0.5 ? "buys" : "goes")),
        ]), "y", seed);
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Grouped(int seed)
    {
        var random = new Random(seed);
        var taste = Numbers(200, _ => Normal(random));
        Table Part(int from, int to) => new("grouped",
        [
            TextColumn.From("customer_id", Texts((to - from) * 8, row => $"C{from + row / 8:000}")), new NumberColumn("spent", Numbers((to - from) * 8, row => Math.Round(50 + 10 * taste[from + row / 8] + 10 * Normal(random), 2))),
            new NumberColumn("hour", Numbers((to - from) * 8, _ => random.Next(24)), ColumnType.Integer), TextColumn.From("y", Texts((to - from) * 8, row => taste[from + row / 8] + 0.5 * Normal(random) > 0 ? "again" : "never")),
        ]);
        return Look(Part(0, 150), "y", seed, new TableOptions { Test = Part(150, 200), GroupColumn = "customer_id" });
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Timed(int seed)
    {
        var random = new Random(seed);
        var start = new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var heat = Numbers(1000, row => 10 + 10 * Math.Sin(row / 365.0 * 2 * Math.PI * 5) + 3 * Normal(random));
        var table = new Table("timed",
        [
            new DateColumn("day", [.. Enumerable.Range(0, 1000).Select(row => start + row / 2 * TimeSpan.TicksPerDay)]), new NumberColumn("heat", heat), new NumberColumn("wind", Numbers(1000, _ => Math.Abs(5 * Normal(random)))),
            new NumberColumn("sold", Numbers(1000, row => Math.Round(100 + 3 * heat[row] + 15 * Normal(random)))),
        ]);
        return Look(table.Take([.. Enumerable.Range(0, 750)]), "sold", seed, new TableOptions { Test = table.Take([.. Enumerable.Range(750, 250)]), TimeColumn = "day" });
    }

    /// <summary>One column that tells most of the answer, honestly: a good test of a disease.</summary>
    private static IReadOnlyList<Roux.Tracking.Finding> Strong(int seed)
    {
        var random = new Random(seed);
        var table = Mixed(seed);
        return Divided(table.With(new NumberColumn("assay", Numbers(1500, row => (table["y"].Format(row) == "stays" ? 0 : 2.6) + Normal(random)))), "y", seed);
    }
}
