using System.Runtime.CompilerServices;

namespace Roux.Learning.Features.Text;

/// <summary>Receives the n-grams of a text.</summary>
internal interface INgramSink
{
    /// <summary>One n-gram.</summary>
    /// <param name="hash">Its <see cref="Ngrams.Hash"/>.</param>
    /// <param name="start">Where it begins in the text; -1 where it begins with the space before the first character.</param>
    /// <param name="length">Characters it spans.</param>
    void Add(ulong hash, int start, int length);
}

/// <summary>
/// Splits texts as scikit-learn's vectorizers do. Words are runs of at least two letters, digits, marks or underscores,
/// lower-cased by the invariant culture, taken alone and in neighbouring pairs. Characters are all substrings of 3 to 5
/// characters of the words between white space, each with a space before and after (<c>analyzer='char_wb'</c>).
/// Terms are known by a 64-bit hash: FNV-1a over UTF-16 code units, finished by the mixer of MurmurHash3.
/// </summary>
internal static class Ngrams
{
    /// <summary>Shortest character n-gram.</summary>
    public const int MinCharacters = 3;

    /// <summary>Longest character n-gram.</summary>
    public const int MaxCharacters = 5;

    private const int MinWordLength = 2;
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of a term. Never 0, which marks an empty slot in tables.</summary>
    public static ulong Hash(ReadOnlySpan<char> term)
    {
        var state = Basis;
        foreach (var c in term)
        {
            state = Step(state, c);
        }

        return Finish(state);
    }

    /// <summary>Calls the sink for every word and pair of neighbouring words.</summary>
    /// <returns>Number of words, the short ones included.</returns>
    public static int Words<TSink>(ReadOnlySpan<char> text, ref TSink sink) where TSink : struct, INgramSink
    {
        var count = 0;
        var previousStart = -1;
        var previous = 0UL; // state of the hash after the word before and a space
        var at = 0;
        while (at < text.Length)
        {
            if (!IsWord(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            var single = Basis;
            var pair = previous;
            for (; at < text.Length && IsWord(text[at]); at++)
            {
                var c = char.ToLowerInvariant(text[at]);
                single = Step(single, c);
                pair = Step(pair, c);
            }

            count++;
            if (at - start < MinWordLength)
            {
                continue;
            }

            sink.Add(Finish(single), start, at - start);
            if (previousStart >= 0)
            {
                sink.Add(Finish(pair), previousStart, at - previousStart);
            }

            previousStart = start;
            previous = Step(single, ' ');
        }

        return count;
    }

    /// <summary>Calls the sink for every character n-gram.</summary>
    /// <param name="text">The text.</param>
    /// <param name="buffer">Scratch space, grown as needed.</param>
    /// <param name="sink">Called for each.</param>
    public static void Characters<TSink>(ReadOnlySpan<char> text, ref char[] buffer, ref TSink sink) where TSink : struct, INgramSink
    {
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var length = at - start + 2;
            if (buffer.Length < length)
            {
                buffer = new char[length * 2];
            }

            var word = buffer.AsSpan(0, length);
            word[0] = word[^1] = ' ';
            for (var i = start; i < at; i++)
            {
                word[i - start + 1] = char.ToLowerInvariant(text[i]);
            }

            Substrings(word, start - 1, ref sink);
        }
    }

    /// <summary>The term that an n-gram of a text stands for: lower-cased, words joined by one space.</summary>
    public static string Term(ReadOnlySpan<char> text, int start, int length, bool words)
    {
        Span<char> term = length <= 512 ? stackalloc char[length] : new char[length];
        var used = 0;
        var gap = false;
        for (var i = start; i < start + length; i++)
        {
            var c = i < 0 || i >= text.Length ? ' ' : text[i];
            var inside = words ? IsWord(c) : !char.IsWhiteSpace(c);
            if (inside || !words)
            {
                // Words left out for being short lie between those of a pair: only the outer ones count.
                if (gap)
                {
                    term[used++] = ' ';
                }

                term[used++] = inside ? char.ToLowerInvariant(c) : ' ';
                gap = false;
            }
            else
            {
                used = DropShortWord(term, used);
                gap = true;
            }
        }

        return new string(term[..used]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Substrings<TSink>(ReadOnlySpan<char> word, int start, ref TSink sink) where TSink : struct, INgramSink
    {
        for (var i = 0; i + MinCharacters <= word.Length; i++)
        {
            var state = Step(Step(Basis, word[i]), word[i + 1]);
            var longest = Math.Min(MaxCharacters, word.Length - i);
            for (var n = MinCharacters; n <= longest; n++)
            {
                state = Step(state, word[i + n - 1]);
                sink.Add(Finish(state), start + i, n);
            }
        }
    }

    private static int DropShortWord(ReadOnlySpan<char> term, int used)
    {
        var start = term[..used].LastIndexOf(' ') + 1;
        return used - start < MinWordLength ? Math.Max(0, start - 1) : used;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWord(char c) =>
        char.IsAscii(c) ? char.IsAsciiLetterOrDigit(c) || c == '_' : IsWordBeyondAscii(c);

    // Surrogates are taken as letters: rare scripts and emoji become words rather than gaps.
    private static bool IsWordBeyondAscii(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ulong state, char c) => (state ^ c) * Prime;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(ulong state)
    {
        state = (state ^ (state >> 33)) * 0xff51afd7ed558ccd;
        state = (state ^ (state >> 33)) * 0xc4ceb9fe1a85ec53;
        state ^= state >> 33;
        return state == 0 ? 1 : state;
    }
}
