using Roux.Learning.Data;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Tables of made texts and of made pictures.</summary>
internal static class MadeTexts
{
    private const string Small = "the of and to in is that it was for on are with as his they at be this from have or by had not but what all were when we there can";

    private static readonly string[] Common = Small.Split(' ');

    private static readonly string[] Topics =
    [
        "match team goal player coach league season score stadium referee ball win defeat champion training injury transfer fans penalty keeper",
        "bank market shares price interest growth trade profit investor budget tax inflation currency debt loan company merger exports quarter revenue",
        "cell protein gene species climate energy laboratory experiment measurement theory particle telescope orbit molecule virus vaccine sample method results study",
    ];

    private static readonly string[] Names = ["sport", "economy", "science"];

    /// <summary>Texts of three topics that share most words, with their topic, a date and an author.</summary>
    public static Table Articles(int seed, int rows = 900, int words = 40)
    {
        var random = new Random(seed);
        var topic = new int[rows];
        var names = Topics.Select(line => line.Split(' ')).ToArray();
        var rare = Enumerable.Range(0, 3000).Select(i => Word(random)).ToArray();
        var texts = MadeTables.Texts(rows, row =>
        {
            topic[row] = random.Next(3);
            var length = (int)(words * (0.4 + -Math.Log(1 - random.NextDouble())));
            return string.Join(' ', Enumerable.Range(0, Math.Max(8, length)).Select(_ => random.Next(10) switch
            {
                < 5 => Common[(int)(Common.Length * Math.Pow(random.NextDouble(), 2))],
                < 8 => names[random.Next(5) == 0 ? random.Next(3) : topic[row]][random.Next(20)],
                _ => rare[(int)(rare.Length * Math.Pow(random.NextDouble(), 3))],
            })) + ".";
        });
        return new Table("articles", [TextColumn.From("text", texts), new NumberColumn("likes", MadeTables.Numbers(rows, _ => random.Next(500)), ColumnType.Integer), TextColumn.From("topic", MadeTables.Texts(rows, row => Names[topic[row]]))]);
    }

    /// <summary>Pictures of 8 x 8 of one of three blurred bars, as pixel columns.</summary>
    public static Table Pictures(int seed, int rows = 600, double scale = 16)
    {
        var random = new Random(seed);
        var kind = MadeTables.Numbers(rows, _ => random.Next(3));
        var pixels = MadeTables.Numbers(rows * 64, _ => 0);
        for (var row = 0; row < rows; row++)
        {
            var (at, width, shade) = (1.5 + 5 * random.NextDouble(), 0.8 + random.NextDouble(), 0.7 + 0.3 * random.NextDouble());
            for (var i = 0; i < 64; i++)
            {
                var distance = kind[row] switch { 0 => i / 8 - at, 1 => i % 8 - at, _ => (i / 8 + i % 8) / 2.0 - at };
                pixels[row * 64 + i] = Math.Round(Math.Max(0, scale * (shade * Math.Exp(-distance * distance / width) + 0.05 * random.NextDouble() - 0.02)), scale > 2 ? 0 : 3);
            }
        }

        return new Table("pictures",
        [
            .. Enumerable.Range(0, 64).Select(i => new NumberColumn($"pixel_{i / 8}_{i % 8}", MadeTables.Numbers(rows, row => pixels[row * 64 + i]))),
            TextColumn.From("kind", MadeTables.Texts(rows, row => "across,down,slope".Split(',')[(int)kind[row]])),
        ]);
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => $"{"bdfgklmnprstvz"[random.Next(14)]}{"aeiou"[random.Next(5)]}"));
}
