using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Tests;
using Roux.Tracking;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Tables made for bugs and healthy set-ups, and ways to change them.</summary>
internal static class MadeTables
{
    /// <summary>Honest rows of mixed columns with a noisy answer of two classes, <c>y</c>.</summary>
    public static Table Mixed(int seed, int rows = 1500, double noise = 1)
    {
        var random = new Random(seed);
        var age = Numbers(rows, _ => Math.Round(18 + 60 * random.NextDouble()));
        var income = Numbers(rows, _ => Math.Round(Math.Exp(10 + 0.6 * Normal(random)), 2));
        var score = Numbers(rows, _ => Normal(random));
        var rate = Numbers(rows, i => 0.5 * score[i] + Normal(random));
        var visits = Numbers(rows, _ => Math.Floor(-8 * Math.Log(1 - random.NextDouble())));
        var city = Texts(rows, _ => "Oslo,Bergen,Stavanger,Tromsø,Molde".Split(',')[(int)(5 * Math.Pow(random.NextDouble(), 1.5))]);
        var plan = Texts(rows, _ => random.Next(3) switch { 0 => "basic", 1 => "plus", _ => "gold" });
        var answer = Texts(rows, i => 1.2 * score[i] + (age[i] - 48) / 20 + (plan[i] == "gold" ? 0.8 : -0.4) + noise * 1.3 * Normal(random) > 0.3 ? "stays" : "leaves");
        var gap = Numbers(rows, i => random.Next(20) == 0 ? double.NaN : rate[i]);
        return new Table("mixed",
        [
            new NumberColumn("age", age, ColumnType.Integer), new NumberColumn("income", income), new NumberColumn("score", score), new NumberColumn("rate", gap),
            new NumberColumn("visits", visits, ColumnType.Integer), TextColumn.From("city", city), TextColumn.From("plan", plan), TextColumn.From("y", answer),
        ]);
    }

    /// <summary>Honest rows of numbers with a noisy number to predict, <c>price</c>.</summary>
    public static Table Priced(int seed, int rows = 1500, double noise = 1)
    {
        var random = new Random(seed);
        var size = Numbers(rows, _ => Math.Round(30 + 120 * random.NextDouble(), 1));
        var rooms = Numbers(rows, i => Math.Round(size[i] / 30 + random.NextDouble()));
        var year = Numbers(rows, _ => random.Next(1900, 2020));
        var distance = Numbers(rows, _ => Math.Round(-5 * Math.Log(1 - random.NextDouble()), 2));
        var heating = Texts(rows, _ => random.Next(3) switch { 0 => "gas", 1 => "electric", _ => "district" });
        var price = Numbers(rows, i => Math.Round(1000 * size[i] * (1 + 0.2 * noise * Normal(random)) + 300 * (year[i] - 1900) - 2000 * distance[i] + (heating[i] == "gas" ? 5000 : 0) + 20_000));
        return new Table("priced",
        [
            new NumberColumn("size", size), new NumberColumn("rooms", rooms, ColumnType.Integer), new NumberColumn("year", year, ColumnType.Integer),
            new NumberColumn("distance", distance), TextColumn.From("heating", heating), new NumberColumn("price", price),
        ]);
    }

    /// <summary>A table of the shared data; the calling test is skipped when it is not there.</summary>
    public static Table Shared(string set, string part) => TableReader.Read(SharedData.Path($"data/{set}/{part}.csv")).Table;

    /// <summary>What is found, ranked and merged.</summary>
    public static IReadOnlyList<Finding> Look(Table train, string target, int seed, TableOptions? options = null) =>
        TableChecks.Look(TableSubject.Of(train, target, options), new CheckContext { Seed = seed, Threads = 2 });

    /// <summary>A random half, third, … for testing, and the rest.</summary>
    public static (Table Train, Table Test) Split(this Table table, int seed, double share = 0.25)
    {
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        new Random(seed + 1000).Shuffle(order);
        var tested = (int)(share * order.Length);
        return (table.Take(order.AsSpan(tested)), table.Take(order.AsSpan(0, tested)));
    }

    /// <summary>The table with a column more, or with one of that name replaced.</summary>
    public static Table With(this Table table, Column column) =>
        new(table.Name, table.Find(column.Name) is null ? [.. table.Columns, column] : [.. table.Columns.Select(other => other.Name == column.Name ? column : other)]);

    /// <summary>The table with a number changed in every row.</summary>
    public static Table Map(this Table table, string name, Func<int, double, double> change)
    {
        var column = (NumberColumn)table[name];
        return table.With(new NumberColumn(name, [.. column.Values.Select((value, row) => change(row, value))], ColumnType.Real));
    }

    /// <summary>The table with a text changed in every row.</summary>
    public static Table MapText(this Table table, string name, Func<int, string?, string?> change) =>
        table.With(TextColumn.From(name, Enumerable.Range(0, table.RowCount).Select(row => change(row, table[name].Format(row)))));

    /// <summary>Rows of two tables of the same columns, one below the other.</summary>
    public static Table Above(this Table table, Table other) => new(table.Name, [.. table.Columns.Select(column => (column, other[column.Name]) switch
    {
        (NumberColumn x, NumberColumn y) => new NumberColumn(column.Name, [.. x.Values, .. y.Values], x.Type == y.Type ? x.Type : ColumnType.Real),
        (DateColumn x, DateColumn y) => (Column)new DateColumn(column.Name, [.. x.Ticks, .. y.Ticks]),
        _ => TextColumn.From(column.Name, Enumerable.Range(0, table.RowCount).Select(column.Format).Concat(Enumerable.Range(0, other.RowCount).Select(other[column.Name].Format))),
    })]);

    /// <summary>The numbers of a column.</summary>
    public static double[] Values(this Table table, string name) => ((NumberColumn)table[name]).Values;

    /// <summary>Random rows of a table.</summary>
    public static int[] Some(this Table table, int seed, double share)
    {
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        new Random(seed + 2000).Shuffle(order);
        return order[..(int)(share * order.Length)];
    }

    public static double[] Numbers(int rows, Func<int, double> of) => [.. Enumerable.Range(0, rows).Select(of)];

    public static string[] Texts(int rows, Func<int, string> of) => [.. Enumerable.Range(0, rows).Select(of)];

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
