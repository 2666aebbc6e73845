using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Annotations;
using static Roux.Debugging.Tests.BugBank.MadeTables;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Things wrong with made tables: data and leakage.</summary>
internal static class TableBugs
{
    public static IReadOnlyList<Bug> Data { get; } =
    [
        new("-999 for unknown", ["sentinel-values"], seed => Look(Mixed(seed).Map("income", (row, value) => row % 17 == 3 ? -999 : value), "y", seed)),
        new("-1 for unknown visits", ["sentinel-values"], seed => Look(Mixed(seed).Map("age", (row, value) => row % 9 == 3 ? -1 : value), "y", seed)),
        new("target 9999 where nothing was sold", ["sentinel-values"], seed => Look(Priced(seed).Map("price", (row, value) => row % 40 == 3 ? 9_999_999 : value), "price", seed)),
        new("gap filled by answer", ["missing-pattern", "missing-by-class"], seed => Mixed(seed) is var table ? Look(table.Map("rate", (row, value) => table["y"].Format(row) == "stays" && row % 5 > 0 ? double.NaN : value), "y", seed) : []),
        new("same rows thrice", ["duplicated-rows"], seed => Mixed(seed) is var table && table.Take(table.Some(seed, 0.1)) is var some ? Look(table.Above(some).Above(some), "y", seed) : []),
        new("copies with other answers", ["conflicting-labels"], seed => Mixed(seed) is var table ? Look(table.Above(table.Take(table.Some(seed, 0.08)).MapText("y", (_, answer) => answer == "stays" ? "leaves" : "stays")), "y", seed) : []),
        new("99 to 1", ["class-imbalance"], seed => Mixed(seed, 4000) is var table ? Look(table.MapText("y", (row, _) => row % 100 == 7 ? "fraud" : "fine"), "y", seed) : []),
        new("class of three rows", ["tiny-classes"], seed => Look(Mixed(seed).MapText("y", (row, answer) => row is 7 or 70 or 700 ? "dies" : answer), "y", seed)),
        new("words among numbers", ["mixed-types"], seed => Mixed(seed) is var table ? Look(table.With(TextColumn.From("income", Enumerable.Range(0, table.RowCount).Select(row => row % 50 == 1 ? "not asked" : table["income"].Format(row)))), "y", seed) : []),
        new("decimal point lost", ["outliers", "extreme-values"], seed => Look(Mixed(seed).Map("age", (row, value) => row % 150 == 3 ? value * 1000 : value), "y", seed)),
        new("spelt in three ways", ["inconsistent-spelling"], seed => Look(Mixed(seed).MapText("plan", (row, level) => row % 7 == 0 ? level!.ToUpperInvariant() : row % 7 == 1 ? level + " " : level), "y", seed)),
        new("a column that hardly varies", ["near-constant", "constant-columns"], seed => Look(Mixed(seed).With(new NumberColumn("flag", Numbers(1500, row => row == 3 ? 1 : 0), ColumnType.Integer)), "y", seed)),
        new("a level for every other row", ["rare-levels", "high-cardinality"], seed => Look(Mixed(seed).With(TextColumn.From("street", Texts(1500, row => $"street {row % 611}"))), "y", seed)),
    ];

    public static IReadOnlyList<Bug> Leakage { get; } =
    [
        new("answer in other words", ["suspected-leak"], seed => Mixed(seed) is var table ? Look(table.With(TextColumn.From("status", Enumerable.Range(0, 1500).Select(row => table["y"].Format(row) == "stays" ? "A" : "C"))), "y", seed) : []),
        new("answer in other words, few slips", ["suspected-leak"], seed => Mixed(seed) is var table && new Random(seed + 77) is var random ? Look(table.With(new NumberColumn("closed", Numbers(1500, row => (table["y"].Format(row) == "stays") == random.NextDouble() < 0.995 ? 0 : 1), ColumnType.Integer)), "y", seed) : []),
        new("score computed from the answer", ["suspected-leak"], seed => Mixed(seed) is var table && new Random(seed + 77) is var random ? Look(table.With(new NumberColumn("risk", Numbers(1500, row => (table["y"].Format(row) == "stays" ? 2 : 7) + 0.4 * Normal(random)))), "y", seed) : []),
        new("price in another currency", ["suspected-leak"], seed => Priced(seed) is var table ? Look(table.With(new NumberColumn("amount", Numbers(1500, row => Math.Round(table.Values("price")[row] * 0.137, 2)))), "price", seed) : []),
        new("logarithm of the price, rounded", ["suspected-leak"], seed => Priced(seed) is var table ? Look(table.With(new NumberColumn("index", Numbers(1500, row => Math.Round(Math.Log(Math.Max(1, table.Values("price")[row])), 2)))), "price", seed) : []),
        new("filled in once the answer is known", ["missing-by-class"], seed => Mixed(seed) is var table && new Random(seed + 77) is var random ? Look(table.With(new NumberColumn("months_to_leaving", Numbers(1500, row => table["y"].Format(row) == "stays" ? double.NaN : random.Next(1, 30)))), "y", seed) : []),
        new("test rows in training", ["duplicates-across-splits"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.Above(train.Take(train.Some(seed, 0.2))) }) : []),
        new("oversampled before the split", ["duplicates-across-splits"], seed => Mixed(seed) is var table && table.Above(table.Take([.. Enumerable.Range(0, 1500).Where(row => table["y"].Format(row) == "stays")])).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test }) : []),
        new("jittered copies in the test rows", ["duplicates-across-splits"], Jittered),
        new("one patient on both sides", ["group-overlap"], seed => Look(Patients(seed).Split(seed).Train, "y", seed, new TableOptions { Test = Patients(seed).Split(seed).Test, GroupColumn = "patient_id" })),
        new("one patient on both sides, group not named", ["group-overlap"], seed => Look(Patients(seed).Split(seed).Train, "y", seed, new TableOptions { Test = Patients(seed).Split(seed).Test })),
        new("a total of its parts", ["computed-target"], seed => Priced(seed) is var table && new Random(seed + 77) is var random && Numbers(1500, _ => Math.Round(200_000 * random.NextDouble())) is var land ? Look(table.With(new NumberColumn("land", land)).With(new NumberColumn("building", Numbers(1500, row => table.Values("price")[row] - land[row]))), "price", seed) : []),
        new("price times quantity", ["computed-target"], seed => new Random(seed + 77) is var random && Numbers(1500, _ => 1 + random.Next(40)) is var count && Numbers(1500, _ => Math.Round(Math.Exp(2 + Normal(random)), 2)) is var each ? Look(Priced(seed).With(new NumberColumn("count", count)).With(new NumberColumn("each", each)).With(new NumberColumn("price", Numbers(1500, row => Math.Round(count[row] * each[row], 2)))), "price", seed) : []),
        new("bands of the price", ["coarse-target"], seed => Priced(seed) is var table ? Look(table.With(TextColumn.From("band", Texts(1500, row => table.Values("price")[row] switch { < 90_000 => "low", < 140_000 => "middle", < 180_000 => "upper", _ => "high" }))), "price", seed) : []),
        new("mean answer of each street", ["target-encoded"], seed => Mixed(seed) is var table && Texts(1500, row => $"street {row * 7 % 211}") is var street && Enumerable.Range(0, 1500).GroupBy(row => street[row]).ToDictionary(group => group.Key, group => group.Average(row => table["y"].Format(row) == "stays" ? 1.0 : 0)) is var means ? Look(table.With(TextColumn.From("street", street)).With(new NumberColumn("street_rate", Numbers(1500, row => means[street[row]]))), "y", seed) : []),
        new("standardised before the split", ["fitted-before-split"], seed => Mixed(seed) is var table && table.Values("income") is var income && income.Average() is var mean && Math.Sqrt(income.Sum(value => (value - mean) * (value - mean)) / income.Length) is var deviation && table.Map("income", (_, value) => (value - mean) / deviation).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test }) : []),
        new("filled in with the mean of all rows", ["fitted-before-split"], seed => Mixed(seed) is var table && table.Values("rate").Where(double.IsFinite).Average() is var mean && table.Map("rate", (_, value) => double.IsNaN(value) ? mean : value).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test }) : []),
        new("days split at random", ["time-order"], seed => Days(seed).Split(seed) is var (train, test) ? Look(train, "sold", seed, new TableOptions { Test = test, TimeColumn = "day" }) : []),
        new("days split at random, time not named", ["time-order"], seed => Days(seed).Split(seed) is var (train, test) ? Look(train, "sold", seed, new TableOptions { Test = test }) : []),
        new("test data used in tuning", ["test-rows-in-tuning"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test, TestDigest = "ab12", Used = [new UsedData("run 7", "test.csv", "AB12", "tuning"), new UsedData("run 8", "train.csv", "cd34", "training")] }) : []),
        new("numbered class by class", ["row-order"], seed => Mixed(seed) is var table && Enumerable.Range(0, 1500).OrderBy(row => table["y"].Format(row)).ToArray() is var order ? Look(table.Take(order).With(new NumberColumn("record_id", Numbers(1500, row => row + 1), ColumnType.Integer)), "y", seed) : []),
    ];

    public static IReadOnlyList<Bug> Labels { get; } =
    [
        new("10% of the labels flipped", ["label-errors"], seed => new Random(seed + 77) is var random ? Look(Mixed(seed, 3000, noise: 0.2).MapText("y", (_, answer) => random.NextDouble() < 0.1 ? (answer == "stays" ? "leaves" : "stays") : answer), "y", seed) : []),
        new("12% of the kinds of pictures flipped", ["label-errors"], seed => new Random(seed + 77) is var random ? Look(MadeTexts.Pictures(seed).MapText("kind", (_, kind) => random.NextDouble() < 0.12 ? (kind == "down" ? "slope" : "down") : kind), "kind", seed) : []),
        new("5% of the prices of another house", ["label-errors", "outliers"], seed => Priced(seed, 3000, noise: 0.1) is var table && table.Values("price") is var prices ? Look(table.Map("price", (row, value) => row % 20 == 7 ? prices[(row + 977) % 3000] : value), "price", seed) : []),
        new("a third of the labels of one annotator guessed", ["annotator-disagreement"], Guessed),
    ];

    public static IReadOnlyList<Bug> Drift { get; } =
    [
        new("test rows of the old", ["domain-drift", "column-drift"], seed => Mixed(seed, 4000) is var table ? Look(table.Take([.. Rows(table, row => table.Values("age")[row] < 55)]), "y", seed, new TableOptions { Test = table.Take([.. Rows(table, row => table.Values("age")[row] >= 50 && row % 3 == 0)]) }) : []),
        new("test incomes in thousands", ["column-drift"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.Map("income", (_, value) => value / 1000) }) : []),
        new("answers chosen for the test", ["label-drift"], seed => Mixed(seed, 3000).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.Take([.. Rows(test, row => test["y"].Format(row) == "stays" || row % 6 == 0)]) }) : []),
        new("city renamed in the test", ["unseen-levels", "column-drift"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.MapText("city", (_, level) => level == "Bergen" ? "BGO" : level) }) : []),
        new("a source fails in the test", ["missing-drift"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.Map("visits", (row, value) => row % 3 > 0 ? double.NaN : value) }) : []),
        new("a column is gone in the test", ["schema-drift"], seed => Mixed(seed).Split(seed) is var (train, test) ? Look(train, "y", seed, new TableOptions { Test = test.Without("score") }) : []),
    ];

    private static IEnumerable<int> Rows(Table table, Func<int, bool> which) => Enumerable.Range(0, table.RowCount).Where(which);

    private static IReadOnlyList<Roux.Tracking.Finding> Jittered(int seed)
    {
        var random = new Random(seed);
        var columns = Enumerable.Range(0, 8).Select(i => new NumberColumn($"m{i}", Numbers(1200, _ => Normal(random)))).ToArray();
        var table = new Table("measured", [.. columns, TextColumn.From("y", Texts(1200, row => columns[0].Values[row] + columns[1].Values[row] + Normal(random) > 0 ? "a" : "b"))]);
        var (train, test) = table.Split(seed);
        var copies = train.Take(train.Some(seed, 0.15));
        foreach (var column in columns)
        {
            copies = copies.Map(column.Name, (_, value) => value + 1e-7 * Normal(random));
        }

        return Look(train, "y", seed, new TableOptions { Test = test.Above(copies) });
    }

    private static Table Patients(int seed)
    {
        var random = new Random(seed);
        var sick = Numbers(150, _ => random.Next(2));
        var level = Numbers(150, _ => Normal(random));
        return new Table("patients",
        [
            TextColumn.From("patient_id", Texts(1500, row => $"P{row / 10:000}")),
            new NumberColumn("pulse", Numbers(1500, row => Math.Round(70 + 10 * level[row / 10] + 3 * Normal(random), 1))),
            new NumberColumn("pressure", Numbers(1500, row => Math.Round(120 + 8 * sick[row / 10] + 10 * Normal(random), 1))),
            TextColumn.From("y", Texts(1500, row => sick[row / 10] > 0 ? "sick" : "well")),
        ]);
    }

    private static Table Days(int seed)
    {
        var random = new Random(seed);
        var start = new DateTime(2022, 3, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var level = new double[1000];
        for (var day = 1; day < level.Length; day++)
        {
            level[day] = 0.95 * level[day - 1] + 4 * Normal(random);
        }

        return new Table("days",
        [
            new DateColumn("day", [.. Enumerable.Range(0, 1000).Select(day => start + day * TimeSpan.TicksPerDay)]), new NumberColumn("heat", Numbers(1000, day => 10 + 8 * Math.Sin(day / 58.0) + 3 * Normal(random))),
            new NumberColumn("wind", Numbers(1000, _ => Math.Abs(5 * Normal(random)))), new NumberColumn("sold", Numbers(1000, day => Math.Round(100 + level[day] + 5 * Normal(random)))),
        ]);
    }

    private static IReadOnlyList<Roux.Tracking.Finding> Guessed(int seed)
    {
        var random = new Random(seed);
        var table = Mixed(seed, 300);
        var labels = Numbers(300, row => table["y"].Format(row) == "stays" ? 1 : 0);
        var ratings = new double[300 * 4];
        for (var i = 0; i < ratings.Length; i++)
        {
            var slip = random.NextDouble() < (i % 4 == 3 ? 0.45 : 0.05);
            ratings[i] = slip ? 1 - labels[i / 4] : labels[i / 4];
        }

        return Look(table, "y", seed, new TableOptions { Annotations = new AnnotationSet([.. Enumerable.Range(0, 300).Select(row => $"{row}")], ["Ann", "Ben", "Cid", "Dan"], ["leaves", "stays"], ratings) });
    }
}
