namespace Roux.Learning.Features.Tokens;

/// <summary>
/// Learns a vocabulary of word pieces: beginning with single characters, the pair of neighbouring pieces that occurs most often becomes a
/// piece of its own, again and again (byte pair encoding; Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units", 2016, section 3.2),
/// written in the manner of WordPiece: pieces that do not begin a word start with ##. The same words give the same vocabulary.
/// </summary>
internal sealed class WordPieceLearning
{
    /// <summary>Most different characters that get a piece; a word with another one is unknown.</summary>
    private const int MaxCharacters = 1_000;

    /// <summary>Longer words are unknown to the tokenizer whatever the vocabulary.</summary>
    public const int MaxWordLength = 100;

    /// <summary>A pair that occurs less often is no pattern.</summary>
    private const long MinCount = 2;

    private readonly List<string> pieces = [];
    private readonly Dictionary<string, int> idOf = new(StringComparer.Ordinal);
    private readonly List<(int[] Pieces, long Count)> words = [];
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];
    private readonly PriorityQueue<(int Left, int Right), (long Negative, string Left, string Right)> queue = new(Comparer<(long Negative, string Left, string Right)>.Create((a, b) =>
        a.Negative != b.Negative ? a.Negative.CompareTo(b.Negative) : string.CompareOrdinal(a.Left, b.Left) is not 0 and var left ? left : string.CompareOrdinal(a.Right, b.Right)));

    private WordPieceLearning()
    {
    }

    /// <summary>Learns the pieces.</summary>
    /// <param name="wordCounts">Words and how often they occur.</param>
    /// <param name="special">Pieces that come first whatever the words, such as [PAD].</param>
    /// <param name="size">Most pieces in all; the characters are kept even where they are more.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static string[] Learn(IReadOnlyDictionary<string, long> wordCounts, IReadOnlyList<string> special, int size, CancellationToken cancellation)
    {
        var learning = new WordPieceLearning();
        foreach (var piece in special)
        {
            learning.Id(piece);
        }

        learning.Begin(wordCounts);
        learning.Merge(size, cancellation);
        return [.. learning.pieces];
    }

    private int Id(string piece)
    {
        if (!idOf.TryGetValue(piece, out var id))
        {
            idOf.Add(piece, id = pieces.Count);
            pieces.Add(piece);
        }

        return id;
    }

    private void Begin(IReadOnlyDictionary<string, long> wordCounts)
    {
        var sorted = wordCounts.Where(pair => pair.Key.Length <= MaxWordLength).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        var characters = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in sorted)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                characters[rune.ToString()] = characters.GetValueOrDefault(rune.ToString()) + count;
            }
        }

        var kept = characters.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxCharacters).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var character in kept.Order(StringComparer.Ordinal))
        {
            Id(character);
            Id("##" + character); // so that every word of known characters can be spelled
        }

        foreach (var (word, count) in sorted)
        {
            string[] split = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
            if (split.All(kept.Contains))
            {
                words.Add(([.. split.Select((character, i) => Id(i == 0 ? character : "##" + character))], count));
                Count(words.Count - 1, 1);
            }
        }

        foreach (var pair in counts.Keys)
        {
            Enqueue(pair);
        }
    }

    private void Merge(int size, CancellationToken cancellation)
    {
        while (pieces.Count < size && queue.TryDequeue(out var pair, out var priority))
        {
            cancellation.ThrowIfCancellationRequested();
            var count = counts.GetValueOrDefault(pair);
            if (count < MinCount)
            {
                continue;
            }

            if (count != -priority.Negative)
            {
                Enqueue(pair); // other merges took some of its places
                continue;
            }

            var merged = Id(pieces[pair.Left] + pieces[pair.Right][2..]);
            var changed = new HashSet<(int, int)>();
            foreach (var word in places[pair].ToArray())
            {
                Count(word, -1);
                words[word] = (Joined(words[word].Pieces, pair, merged), words[word].Count);
                Count(word, 1, changed);
            }

            foreach (var other in changed)
            {
                Enqueue(other);
            }
        }
    }

    private void Enqueue((int Left, int Right) pair) => queue.Enqueue(pair, (-counts[pair], pieces[pair.Left], pieces[pair.Right]));

    /// <summary>Adds a word's pairs to the counts, or takes them away.</summary>
    private void Count(int word, int sign, HashSet<(int Left, int Right)>? seen = null)
    {
        var (of, count) = words[word];
        for (var i = 1; i < of.Length; i++)
        {
            var pair = (of[i - 1], of[i]);
            counts[pair] = counts.GetValueOrDefault(pair) + sign * count;
            if (!places.TryGetValue(pair, out var at))
            {
                places.Add(pair, at = []);
            }

            _ = sign > 0 ? at.Add(word) : at.Remove(word);
            seen?.Add(pair);
        }
    }

    private static int[] Joined(int[] of, (int Left, int Right) pair, int merged)
    {
        var joined = new List<int>(of.Length);
        for (var i = 0; i < of.Length; i++)
        {
            if (i + 1 < of.Length && of[i] == pair.Left && of[i + 1] == pair.Right)
            {
                joined.Add(merged);
                i++;
            }
            else
            {
                joined.Add(of[i]);
            }
        }

        return [.. joined];
    }
}
