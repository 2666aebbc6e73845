using System.Runtime.CompilerServices;
using Roux.Learning.Data;

namespace Roux.Learning.Features.Text;

/// <summary>
/// The counted n-grams of the distinct strings of a column. Kept as long as the strings themselves, which a column shares with its
/// subsets, so that the folds of a cross-validation and the forms of several learners split each text once. Counts are facts of
/// single texts: nothing in them mixes training and test rows.
/// </summary>
internal sealed class TextCorpus
{
    /// <summary>Most characters of text that are counted in memory, at about 20 bytes of counts a character.</summary>
    public const long MaxCharacters = 20_000_000;

    private const long MaxKeptCharacters = 3 * MaxCharacters;

    /// <summary>Fewer rows are read quicker than they are counted and kept, and a service would fill what is kept with requests that never come again.</summary>
    private const int MinRows = 64;

    /// <summary>A column that uses fewer of its strings than one in so many is not worth counting them all.</summary>
    private const int MinShare = 10;

    private static readonly ConditionalWeakTable<string[], TextCorpus> Kept = [];
    private static readonly List<WeakReference<TextCorpus>> KeptSizes = [];
    private static readonly Lock KeptLock = new();

    private readonly string[] levels;
    private readonly int[] documents;
    private readonly long size;
    private readonly Lock counting = new();
    private TermCounts? words;
    private TermCounts? characters;

    private TextCorpus(string[] levels, int[] documents, long size)
    {
        (this.levels, this.documents, this.size) = (levels, documents, size);
        DocumentOfLevel = new int[levels.Length];
        Array.Fill(DocumentOfLevel, -1);
        for (var i = 0; i < documents.Length; i++)
        {
            DocumentOfLevel[documents[i]] = i;
        }
    }

    /// <summary>Per level of the column the number of its document, or -1.</summary>
    public int[] DocumentOfLevel { get; }

    /// <summary>Characters in the strings that a column's rows use, each string once.</summary>
    public static long Size(TextColumn column) => Used(column).Sum(code => (long)column.Levels[code].Length);

    /// <summary>A corpus that covers all rows of a column.</summary>
    /// <param name="column">The column; its used strings have no more than <see cref="MaxCharacters"/>.</param>
    public static TextCorpus Of(TextColumn column) => Find(column) ?? Make(column.Levels, Used(column));

    /// <summary>The corpus kept for a column's strings, made now if that is worth it; else <c>null</c>.</summary>
    public static TextCorpus? Find(TextColumn column)
    {
        if (Kept.TryGetValue(column.Levels, out var found))
        {
            return found;
        }

        if (column.Codes.Length < MinRows)
        {
            return null;
        }

        var size = column.Levels.Sum(level => (long)level.Length);
        if (size > MaxCharacters || (column.Levels.Length > 256 && Used(column).Length < column.Levels.Length / MinShare))
        {
            return null;
        }

        lock (KeptLock)
        {
            if (Kept.TryGetValue(column.Levels, out found))
            {
                return found;
            }

            KeptSizes.RemoveAll(entry => !entry.TryGetTarget(out _));
            if (KeptSizes.Sum(entry => entry.TryGetTarget(out var corpus) ? corpus.size : 0) + size > MaxKeptCharacters)
            {
                return null;
            }

            var made = Make(column.Levels, [.. Enumerable.Range(0, column.Levels.Length)]);
            Kept.Add(column.Levels, made);
            KeptSizes.Add(new WeakReference<TextCorpus>(made));
            return made;
        }
    }

    /// <summary>The counts of words or of character n-grams, made on first use.</summary>
    public TermCounts Counts(bool ofWords, int threads, CancellationToken cancellation)
    {
        lock (counting)
        {
            return ofWords
                ? words ??= TermCounts.Count(levels, documents, true, threads, cancellation)
                : characters ??= TermCounts.Count(levels, documents, false, threads, cancellation);
        }
    }

    private static TextCorpus Make(string[] levels, int[] documents) => new(levels, documents, documents.Sum(code => (long)levels[code].Length));

    private static int[] Used(TextColumn column)
    {
        var used = new bool[column.Levels.Length];
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                used[code] = true;
            }
        }

        return [.. Enumerable.Range(0, used.Length).Where(code => used[code])];
    }
}
