namespace Roux.Tuning.Numerics;

/// <summary>A small random number generator with streams (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").</summary>
internal sealed class Rng
{
    private ulong state;
    private double? spare;

    /// <summary>Stream <paramref name="stream"/> of a seed; streams of one seed are independent of each other.</summary>
    public Rng(long seed, long stream)
    {
        state = (ulong)seed * 0xD1342543DE82EF95 ^ (ulong)stream * 0x9E3779B97F4A7C15;
        state = Bits() ^ (ulong)stream;
        Bits();
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(((Bits() >> 32) * (ulong)limit) >> 32);

    /// <summary>A standard normal number (Marsaglia and Bray 1964, the polar method).</summary>
    public double Normal()
    {
        if (spare is { } kept)
        {
            spare = null;
            return kept;
        }

        while (true)
        {
            var (u, v) = (2 * Unit() - 1, 2 * Unit() - 1);
            var s = u * u + v * v;
            if (s is > 0 and < 1)
            {
                var scale = Math.Sqrt(-2 * Math.Log(s) / s);
                spare = v * scale;
                return u * scale;
            }
        }
    }

    /// <summary>Puts things in random order (Fisher and Yates 1938).</summary>
    public void Shuffle<T>(Span<T> things)
    {
        for (var i = things.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (things[i], things[j]) = (things[j], things[i]);
        }
    }
}
