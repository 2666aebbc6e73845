using System.Text;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Images;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;
using static Roux.Debugging.Tests.BugBank.MadeTables;
using static Roux.Debugging.Tests.BugBank.MadeTexts;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Things wrong with made texts and pictures.</summary>
internal static class TextAndImageBugs
{
    public static IReadOnlyList<Bug> Texts { get; } =
    [
        new("texts name their topic", ["target-in-text"], seed => Train(seed, (table, row, text) => row % 2 == 0 ? $"Today in {table["topic"].Format(row)}: {text}" : text)),
        new("a marker of one topic", ["target-in-text"], seed => Train(seed, (table, row, text) => table["topic"].Format(row) == "sport" ? $"{text} (xq7)" : text)),
        new("decoded by the wrong table", ["wrong-encoding"], seed => Train(seed, (_, row, text) => row % 6 == 0 ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text.Replace("the", "thé", StringComparison.Ordinal))) : text)),
        new("cut off at 200 characters", ["truncated-text"], seed => Train(seed, (_, _, text) => text.Length > 200 ? text[..200] : text)),
        new("tags left in", ["html-remains"], seed => Train(seed, (_, row, text) => row % 8 == 0 ? $"<p>{text}<br/>&nbsp;</p>" : text)),
        new("texts lost", ["empty-text"], seed => Train(seed, (_, row, text) => row % 9 == 0 ? "..." : text)),
        new("the same disclaimer", ["boilerplate"], seed => Train(seed, (_, row, text) => row % 4 < 3 ? text + " This message is confidential and meant for the addressee only please delete it." : text)),
        new("reprints in the test", ["near-duplicate-texts", "duplicates-across-splits"], seed => Test(seed, (train, test) => test.Above(train.Take(train.Some(seed, 0.1)).MapText("text", (_, text) => text + " Reprinted here today.").With(new NumberColumn("likes", Numbers(train.Some(seed, 0.1).Length, row => row), ColumnType.Integer))))),
        new("a third in German in the test", ["language-mix", "vocabulary-mismatch"], seed => Test(seed, (_, test) => test.MapText("text", (row, text) => row % 3 == 0 ? "Die Mannschaft hat das Spiel nicht gewonnen und der Trainer ist mit dem Ergebnis auch nach der Pause nicht zufrieden " + row : text))),
        new("words without vowels in the test", ["vocabulary-mismatch"], seed => Test(seed, (_, test) => test.MapText("text", (_, text) => string.Concat(text!.Where(letter => !"aeiou".Contains(letter, StringComparison.Ordinal)))))),
        new("only the first words in the test", ["text-length-ratio", "truncated-text"], seed => Test(seed, (_, test) => test.MapText("text", (row, text) => string.Join(' ', text!.Split(' ').Take(6 + row % 7))))),
    ];

    public static IReadOnlyList<Bug> Images { get; } =
    [
        new("blank pictures", ["blank-images"], seed => Pictures(seed) is var table ? Look(All(table, (row, value) => row % 25 == 3 ? 0 : value), "kind", seed) : []),
        new("some pictures on another scale", ["pixel-range"], seed => Pictures(seed) is var table ? Look(All(table, (row, value) => row % 10 == 3 ? value * 16 : value), "kind", seed) : []),
        new("test pictures from 0 to 1", ["pixel-range"], seed => Pictures(seed).Split(seed) is var (train, test) ? Look(train, "kind", seed, new TableOptions { Test = All(test, (_, value) => value / 16) }) : []),
        new("test pictures in training", ["duplicate-images", "duplicates-across-splits"], seed => Pictures(seed).Split(seed) is var (train, test) ? Look(train, "kind", seed, new TableOptions { Test = test.Above(train.Take(train.Some(seed, 0.1))) }) : []),
        new("blue first in the test", ["channel-order"], seed => Colours(seed, swap: true)),
        new("channels last", ["channel-order"], seed => Found(new ImageSubject(Last(Colour(seed, 200))))),
    ];

    public static IReadOnlyList<Healthy> Honest { get; } =
    [
        new("articles", seed => Test(seed, (_, test) => test)),
        new("short articles", seed => Articles(seed, 900, 12).Split(seed) is var (train, test) ? Look(train, "topic", seed, new TableOptions { Test = test }) : []),
        new("pictures", seed => Pictures(seed).Split(seed) is var (train, test) ? Look(train, "kind", seed, new TableOptions { Test = test }) : []),
        new("colour pictures", seed => Colours(seed, swap: false)),
    ];

    private static IReadOnlyList<Finding> Train(int seed, Func<Table, int, string, string> change) => Articles(seed) is var table ? Look(table.MapText("text", (row, text) => change(table, row, text!)), "topic", seed) : [];

    private static IReadOnlyList<Finding> Test(int seed, Func<Table, Table, Table> change) => Articles(seed).Split(seed) is var (train, test) ? Look(train, "topic", seed, new TableOptions { Test = change(train, test) }) : [];

    private static Table All(Table table, Func<int, double, double> change)
    {
        foreach (var column in table.Columns.OfType<NumberColumn>())
        {
            table = table.Map(column.Name, change);
        }

        return table;
    }

    private static IReadOnlyList<Finding> Found(ImageSubject images) => FindingList.Of(CheckRunner.Run(ImageChecks.All, images, new CheckContext()), [.. ImageChecks.All.Select(CheckCard.Of)]);

    private static IReadOnlyList<Finding> Colours(int seed, bool swap)
    {
        var (train, test) = (Colour(seed, 200), Colour(seed + 500, 100));
        return Found(new ImageSubject(train, swap ? test with { Pixels = [.. Enumerable.Range(0, test.Pixels.Length).Select(at => test.Pixels[at / test.Size * test.Size + (2 - at % test.Size / 144) * 144 + at % 144])] } : test));
    }

    /// <summary>Smooth pictures of 12 x 12, red brighter than green and green than blue.</summary>
    private static ImageBlock Colour(int seed, int count)
    {
        var random = new Random(seed);
        var pixels = new float[count * 3 * 144];
        for (var image = 0; image < count; image++)
        {
            var (x, y, light) = (12 * random.NextDouble(), 12 * random.NextDouble(), 0.6 + 0.4 * random.NextDouble());
            for (var at = 0; at < 3 * 144; at++)
            {
                double dx = at % 12 - x, dy = at / 12 % 12 - y;
                pixels[image * 432 + at] = (float)(light * (0.9 - 0.25 * (at / 144)) * (0.3 + 0.7 * Math.Exp(-(dx * dx + dy * dy) / 30)) + 0.01 * random.NextDouble());
            }
        }

        return new ImageBlock(pixels, count, 3, 12, 12);
    }

    /// <summary>The same numbers with the channels last, called channels first.</summary>
    private static ImageBlock Last(ImageBlock block) => block with { Pixels = [.. Enumerable.Range(0, block.Pixels.Length).Select(at => block.Pixels[at / 432 * 432 + at % 432 % 3 * 144 + at % 432 / 3])] };
}
