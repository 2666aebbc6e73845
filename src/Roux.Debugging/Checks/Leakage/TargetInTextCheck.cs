using System.Globalization;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Texts that name their own answer.</summary>
public sealed class TargetInTextCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.1, "share of the rows whose text names their class, above what it names by chance", "A model that reads the name in one row of ten has that much for nothing");

    private static readonly Threshold Mostly = new("mostly", 0.5, "the same share from which on the severity is high", "The question is then mostly one of reading the answer");

    private static readonly Threshold Marker = new("marker", 0.98, "share of the texts with a word that are of one class, for a word that marks its class", "Words of a topic are shared; a marker hardly is");

    private const int MostRows = 20_000;

    /// <inheritdoc/>
    public override string Name => "target-in-text";

    /// <inheritdoc/>
    public override string Definition => "A text holds the name of its class (or the number to predict), or a word that only one class has and most of its rows have.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Mostly, Marker];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is null || subject.Target.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        foreach (var spec in subject.Features.Where(spec => spec.Role is ColumnRole.Text or ColumnRole.List))
        {
            if (subject.Train[spec.Name] is not TextColumn column)
            {
                continue;
            }

            var rows = TableSubject.Sample(subject.Train.RowCount, MostRows, context.Seed).Where(row => column.Codes[row] >= 0).ToArray();
            if (subject.HasClasses)
            {
                rows = [.. rows.Where(row => subject.Classes[row] >= 0)];
                var words = Array.ConvertAll(rows, row => Words(column[row]!));
                var named = Names(subject, spec.Name, rows, words, context);
                if (named is not null)
                {
                    yield return named;
                }
                else if (Markers(subject, spec.Name, rows, words, context) is { } marked)
                {
                    yield return marked;
                }
            }
            else if (Numbers(subject, column, rows, context) is { } numbers)
            {
                yield return numbers;
            }
        }
    }

    /// <summary>The words of a text in lower case, each once.</summary>
    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at]))
            {
                at++;
            }

            words.Add(text[start..at].ToLowerInvariant());
        }

        return words;
    }

    private Finding? Names(TableSubject subject, string name, int[] rows, HashSet<string>[] words, CheckContext context)
    {
        var classes = subject.Target!.Classes;

        // A class is named where all words of its name are there, in the singular or the plural; one-letter names are words like others.
        var wanted = Array.ConvertAll(classes, label => Words(label).Where(word => word.Length > 2).ToArray());
        var (own, other) = (new double[classes.Length], new double[classes.Length]);
        var counts = new double[classes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var label = subject.Classes[rows[i]];
            counts[label]++;
            for (var k = 0; k < classes.Length; k++)
            {
                if (wanted[k].Length > 0 && wanted[k].All(word => words[i].Contains(word) || words[i].Contains(word + "s") || (word.EndsWith('s') && words[i].Contains(word[..^1]))))
                {
                    (k == label ? own : other)[k]++;
                }
            }
        }

        var found = Enumerable.Range(0, classes.Length).Where(k => counts[k] >= 10 && own[k] >= 5).Select(k => (Class: classes[k], Own: own[k] / counts[k], Other: other[k] / (rows.Length - counts[k]), Count: counts[k])).ToArray();
        var excess = found.Sum(one => Math.Max(0, one.Own - one.Other) * one.Count) / Math.Max(1, rows.Length);
        var telling = found.Where(one => one.Own >= 3 * one.Other).OrderByDescending(one => one.Own * one.Count).ToArray();
        if (telling.Length == 0 || excess < context.Value(Name, Share))
        {
            return null;
        }

        return new Finding(Name, excess >= context.Value(Name, Mostly) ? Severity.High : Severity.Medium,
            $"'{name}' names the answer in {Wording.Percent(excess)} of the rows: {Wording.List([.. telling.Select(one => $"'{one.Class}' in {Wording.Percent(one.Own)} of its rows and {Wording.Percent(one.Other)} of others")])}")
        {
            Columns = [name],
            Evidence = Figures.Of([("share", excess), .. telling.Take(20).Select(one => (one.Class, one.Own))]).WithPairs("Texts that hold the name of a class", "share", "rows of the class", "other rows", telling.Select(one => (one.Class, one.Own, one.Other))),
            Cause = "The texts were written by someone who knew the answer (\"is a 1970 drama film\"), or the labels were taken from the texts.",
            Fix = "If the texts that will be met name the answer as well, it is no leak. If not, mask the names of the classes in the texts, in training and in use.",
            Verify = "Score again with the names masked: the difference is what they gave.",
        };
    }

    private Finding? Markers(TableSubject subject, string name, int[] rows, HashSet<string>[] words, CheckContext context)
    {
        var classes = subject.Target!.Classes;
        var counts = new int[classes.Length];
        var perWord = new Dictionary<string, int[]>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Length; i++)
        {
            var label = subject.Classes[rows[i]];
            counts[label]++;
            foreach (var word in words[i])
            {
                (perWord.TryGetValue(word, out var of) ? of : perWord[word] = new int[classes.Length])[label]++;
            }
        }

        var found = perWord.Select(pair => (Word: pair.Key, Total: pair.Value.Sum(), Class: Array.IndexOf(pair.Value, pair.Value.Max()), Most: pair.Value.Max()))
            .Where(one => one.Total >= 20 && one.Most >= context.Value(Name, Marker) * one.Total && one.Most >= 0.5 * counts[one.Class] && counts[one.Class] < 0.9 * rows.Length)
            .OrderByDescending(one => (double)one.Most / counts[one.Class]).ThenBy(one => one.Word, StringComparer.Ordinal).ToArray();
        if (found.Length == 0)
        {
            return null;
        }

        var covered = (double)found[0].Most / counts[found[0].Class];
        return new Finding(Name, covered >= 0.8 ? Severity.High : Severity.Medium,
            $"'{name}' marks the answer: {Wording.List([.. found.Take(5).Select(one => $"'{one.Word}' is in {Wording.Percent((double)one.Most / counts[one.Class])} of the rows of '{classes[one.Class]}' and in hardly any other")])}")
        {
            Columns = [name],
            Evidence = Figures.Of([.. found.Take(20).Select(one => (one.Word, (double)one.Most / counts[one.Class]))]).WithBars("Rows of its class that hold a marking word", "share", found.Take(20).Select(one => ($"{one.Word} ({classes[one.Class]})", (double)one.Most / counts[one.Class]))),
            Cause = "Texts of one class come from one source, template or form, or the answer was written into the text.",
            Fix = "Remove the marker from the texts, in training and in use.",
            Verify = "Score again without the marker.",
        };
    }

    private Finding? Numbers(TableSubject subject, TextColumn column, int[] rows, CheckContext context)
    {
        rows = [.. rows.Where(row => !double.IsNaN(subject.Values[row]) && Math.Abs(subject.Values[row]) >= 10)];
        if (rows.Length < 50)
        {
            return null;
        }

        // Chance: the number of another row.
        bool Holds(int i, int of) => column[rows[i]]!.Contains(subject.Values[rows[of]].ToString("0.######", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            || column[rows[i]]!.Contains(subject.Values[rows[of]].ToString("N0", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var own = (double)Enumerable.Range(0, rows.Length).Count(i => Holds(i, i)) / rows.Length;
        var chance = (double)Enumerable.Range(0, rows.Length).Count(i => Holds(i, (i + rows.Length / 2) % rows.Length)) / rows.Length;
        if (own - chance < context.Value(Name, Share))
        {
            return null;
        }

        return new Finding(Name, own - chance >= context.Value(Name, Mostly) ? Severity.High : Severity.Medium, $"'{column.Name}' holds the number to predict in {Wording.Percent(own)} of the rows (another row's number in {Wording.Percent(chance)})")
        {
            Columns = [column.Name],
            Evidence = Figures.Of(("share", own), ("chance", chance)).WithBars("Texts that hold a number to predict", "share", [("their own", own), ("another row's", chance)]),
            Cause = "The texts were written by someone who knew the answer.",
            Fix = "Mask the numbers in the texts, in training and in use.",
            Verify = "Score again with the numbers masked.",
        };
    }
}
