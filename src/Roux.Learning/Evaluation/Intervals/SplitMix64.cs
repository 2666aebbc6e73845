namespace Roux.Learning.Evaluation;

/// <summary>A small random number generator (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), one stream per resample.</summary>
internal struct SplitMix64(ulong state)
{
    /// <summary>Stream number <paramref name="stream"/> of a seed.</summary>
    public static SplitMix64 Of(int seed, int stream)
    {
        var mixed = new SplitMix64(((ulong)(uint)seed << 32) | (uint)stream);
        return new SplitMix64(mixed.Next());
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1, by multiplication (Lemire 2019); its bias is below 2^-32 of the limit's share.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>Puts numbers in random order (Fisher and Yates 1938).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
