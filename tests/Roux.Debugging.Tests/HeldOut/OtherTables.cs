using Roux.Learning.Data;
using static Roux.Debugging.Tests.BugBank.MadeTables;

namespace Roux.Debugging.Tests.HeldOut;

/// <summary>Tables of other make than those beside which the checks were written.</summary>
internal static class OtherTables
{
    private static readonly string[] Jobs = ["teacher", "driver", "nurse", "clerk", "farmer", "engineer"];
    private static readonly string[] Opening = ["I bought this for my brother", "We have used it every day since spring", "It came a week late", "My second one of this make", "A gift from a friend", "Ordered on a Sunday"];
    private static readonly string[] Praise = ["and it works like a charm", "and I would take it again at once", "which makes cooking a joy", "and the battery lasts for ages", "so easy to clean", "sturdy and quiet"];
    private static readonly string[] Blame = ["but the lid broke within days", "and nobody answers the phone", "which is a shame for the money", "and it leaks from below", "far too loud for a kitchen", "so I sent it back"];
    private static readonly string[] First = "old new small big green red first last wooden plain heavy light spare cheap odd".Split(' ');
    private static readonly string[] Second = "neighbour kettle cousin table bicycle sister oven garden lamp radio uncle cupboard shelf window bottle drawer basket carpet".Split(' ');
    private static readonly string[] Plain = ["The colour is a dark blue.", "Delivery took four days.", "There is a manual in six languages.", "It weighs about two kilos.", "The cable could be longer, it has one metre.", "We put it next to the toaster."];

    /// <summary>Loans with one of three outcomes, <c>status</c>.</summary>
    public static Table Loans(int seed, int rows = 900)
    {
        var random = new Random(seed * 31 + 5);
        var amount = Numbers(rows, _ => 500 * Math.Round(2 + Math.Exp(2 + 0.7 * Normal(random))));
        var term = Numbers(rows, _ => new[] { 12, 24, 36, 60 }[random.Next(4)]);
        var job = Texts(rows, _ => Jobs[Math.Min(random.Next(6), random.Next(6))]);
        var home = Texts(rows, _ => random.NextDouble() < 0.5 ? "rent" : random.NextDouble() < 0.7 ? "mortgage" : "own");
        var debt = Numbers(rows, _ => Math.Round(0.05 + 0.6 * Math.Pow(random.NextDouble(), 1.4), 3));
        var late = Numbers(rows, _ => random.NextDouble() < 0.7 ? 0 : 1 + Math.Floor(-1.2 * Math.Log(1 - random.NextDouble())));
        var start = new DateTime(2021, 5, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var risk = Numbers(rows, i => 3 * debt[i] + 0.6 * late[i] + (home[i] == "rent" ? 0.5 : 0) + term[i] / 60 - 2 + 0.8 * Normal(random));
        return new Table("loans",
        [
            TextColumn.From("loan_id", Texts(rows, i => $"L-{100000 + i * 7}")), new NumberColumn("amount", amount, ColumnType.Integer), new NumberColumn("term", term, ColumnType.Integer), TextColumn.From("job", job), TextColumn.From("home", home),
            new NumberColumn("debt_ratio", debt), new NumberColumn("late_payments", late, ColumnType.Integer), new DateColumn("opened", [.. Enumerable.Range(0, rows).Select(_ => start + random.Next(0, 700) * TimeSpan.TicksPerDay)]),
            TextColumn.From("status", Texts(rows, i => risk[i] < 0.2 ? "paid" : risk[i] < 1.3 ? "late" : "default")),
        ]);
    }

    /// <summary>Machines with a number to predict, <c>wear</c>, that bends with load and heat.</summary>
    public static Table Machines(int seed, int rows = 1100)
    {
        var random = new Random(seed * 17 + 3);
        var heat = Numbers(rows, _ => Math.Round(55 + 12 * Normal(random), 1));
        var pressure = Numbers(rows, _ => Math.Round(180 + 25 * Normal(random), 2));
        var shake = Numbers(rows, _ => Math.Round(-Math.Log((1 - random.NextDouble()) * (1 - random.NextDouble())), 4));
        var load = Numbers(rows, _ => Math.Round(random.NextDouble(), 3));
        var hours = Numbers(rows, _ => random.Next(1, 9000));
        var machine = Texts(rows, _ => $"M{random.Next(12):00}");
        var shift = Texts(rows, _ => random.Next(3) switch { 0 => "early", 1 => "late", _ => "night" });
        var wear = Numbers(rows, i => Math.Round(20 + 0.02 * Math.Pow(heat[i] - 40, 2) * load[i] + 3 * shake[i] + hours[i] / 1500.0 + (machine[i][^1] - '0') + 2.5 * Normal(random), 2));
        return new Table("machines",
        [
            new NumberColumn("heat", heat), new NumberColumn("pressure", pressure), new NumberColumn("shake", shake), new NumberColumn("load", load), new NumberColumn("hours", hours, ColumnType.Integer),
            TextColumn.From("machine", machine), TextColumn.From("shift", shift), new NumberColumn("wear", wear),
        ]);
    }

    /// <summary>Reviews of a few sentences, <c>review</c>, that praise or blame, <c>stars</c>.</summary>
    public static Table Reviews(int seed, int rows = 700)
    {
        var random = new Random(seed * 13 + 1);
        var good = Numbers(rows, _ => random.Next(5) < 3 ? 1 : 0);
        string One(int row)
        {
            var mixed = random.Next(12) == 0;
            var sentences = new List<string> { $"{Opening[random.Next(6)]}, and {Thing(random)}, {(good[row] > 0 ? Praise : Blame)[random.Next(6)]}{(mixed ? $", {(good[row] > 0 ? Blame : Praise)[random.Next(6)]}" : "")}." };
            for (var i = random.Next(2, 6); i > 0; i--)
            {
                sentences.Insert(random.Next(sentences.Count + 1), random.Next(4) switch
                {
                    0 => $"My {Thing(random)} and the {Thing(random)} of my {Thing(random)} agree.",
                    1 => $"Number {random.Next(100, 999)} of model {(char)('A' + random.Next(26))}{random.Next(10, 99)}, size {random.Next(20, 60)}.",
                    _ => Plain[random.Next(6)],
                });
            }

            return string.Join(' ', sentences);
        }

        static string Thing(Random random) => $"{First[random.Next(First.Length)]} {Second[random.Next(Second.Length)]}";

        return new Table("reviews", [TextColumn.From("review", Texts(rows, One)), new NumberColumn("words_of_title", Numbers(rows, _ => random.Next(1, 12)), ColumnType.Integer), TextColumn.From("stars", Texts(rows, row => good[row] > 0 ? "positive" : "negative"))]);
    }
}
