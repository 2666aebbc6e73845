using Roux.Debugging.Checks.Data;

namespace Roux.Debugging.Checks.Text;

/// <summary>
/// Signatures by which near copies of texts are found without comparing all pairs: least hashes of runs of three words under 64 permutations
/// (Broder 1997), looked up in 16 bands of 4 (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
/// </summary>
internal static class MinHash
{
    private const int Size = 64, Bands = 16, Run = 3;

    /// <summary>The signature of a text; <c>null</c> where it has fewer than ten words, of which coincidence makes copies.</summary>
    public static uint[]? Of(string text)
    {
        var words = text.Split([' ', '\t', '\n', '\r', '.', ',', ';', ':', '!', '?', '"', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 10)
        {
            return null;
        }

        var hashes = Array.ConvertAll(words, word => RowPrints.Hash(word.ToLowerInvariant()));
        var signature = new uint[Size];
        Array.Fill(signature, uint.MaxValue);
        for (var at = 0; at + Run <= hashes.Length; at++)
        {
            var shingle = RowPrints.Mix(RowPrints.Mix(hashes[at] * 3 + hashes[at + 1]) * 5 + hashes[at + 2]);
            for (var i = 0; i < Size; i++)
            {
                // Multiply-shift: a family of hashes at a multiplication each (Dietzfelbinger et al. 1997).
                signature[i] = Math.Min(signature[i], (uint)((shingle * Multiplier(i)) >> 32));
            }
        }

        return signature;
    }

    /// <summary>Per text the first text before it (or of the others) that shares at least this share of its runs of words, by the estimate; -1 for none.</summary>
    /// <param name="texts">Signatures.</param>
    /// <param name="among">Where to look: <c>null</c> for the texts before it.</param>
    /// <param name="least">Least Jaccard similarity, in (0, 1].</param>
    public static int[] Nearest(uint[]?[] texts, uint[]?[]? among, double least)
    {
        var tables = Enumerable.Range(0, Bands).Select(_ => new Dictionary<ulong, int>()).ToArray();
        if (among is not null)
        {
            for (var i = 0; i < among.Length; i++)
            {
                Put(tables, among[i], i);
            }
        }

        var nearest = new int[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            nearest[i] = -1;
            for (var band = 0; band < Bands && texts[i] is { } signature && nearest[i] < 0; band++)
            {
                if (tables[band].TryGetValue(Key(signature, band), out var other) && Similarity(signature, (among ?? texts)[other]!) >= least)
                {
                    nearest[i] = other;
                }
            }

            if (among is null)
            {
                Put(tables, texts[i], i);
            }
        }

        return nearest;
    }

    /// <summary>Estimated Jaccard similarity.</summary>
    public static double Similarity(uint[] a, uint[] b) => a.Zip(b, (x, y) => x == y ? 1 : 0).Sum() / (double)Size;

    private static void Put(Dictionary<ulong, int>[] tables, uint[]? signature, int place)
    {
        for (var band = 0; band < Bands && signature is not null; band++)
        {
            tables[band].TryAdd(Key(signature, band), place);
        }
    }

    private static ulong Key(uint[] signature, int band)
    {
        var key = 0UL;
        for (var i = 0; i < Size / Bands; i++)
        {
            key = RowPrints.Mix(key * 31 + signature[band * (Size / Bands) + i]);
        }

        return key;
    }

    private static ulong Multiplier(int i) => RowPrints.Mix((ulong)i * 0x9E3779B97F4A7C15UL + 1) | 1;
}
