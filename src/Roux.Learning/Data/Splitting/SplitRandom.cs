namespace Roux.Learning.Data.Splitting;

/// <summary>
/// Random numbers of a split: SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", figure 12).
/// Its own, so that a seed gives the same split under every version of .NET.
/// </summary>
internal sealed class SplitRandom
{
    private ulong state;

    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Tells apart the streams drawn from one seed, such as the repeats of a cross-validation.</param>
    public SplitRandom(int seed, int stream = 0)
    {
        state = ((ulong)(uint)seed << 32) | (uint)stream;
        state = Next() ^ ((ulong)(uint)stream << 17);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, each as likely (Lemire 2019, by rejection).</summary>
    public int Below(int bound)
    {
        var threshold = unchecked(0u - (uint)bound) % (uint)bound;
        while (true)
        {
            var product = (Next() >> 32) * (uint)bound;
            if ((uint)product >= threshold)
            {
                return (int)(product >> 32);
            }
        }
    }

    /// <summary>Brings items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        var items = new int[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = i;
        }

        Shuffle(items.AsSpan());
        return items;
    }

    private ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
