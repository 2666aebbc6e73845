namespace Roux.Learning.AutoML;

/// <summary>Derives the seed of a part from the seed of the whole, so that no part's randomness depends on what ran before it.</summary>
internal static class Seeds
{
    /// <summary>A non-negative seed from a parent seed, a name and a number: FNV-1a over the name, mixed by SplitMix64 (Steele, Lea and Flood 2014).</summary>
    public static int Derive(int seed, string name, int number = 0)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        var z = hash + (ulong)(uint)seed * 0x9E3779B97F4A7C15UL + (ulong)(uint)number * 0xD1B54A32D192ED03UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)((z ^ (z >> 31)) & 0x7FFFFFFF);
    }
}
