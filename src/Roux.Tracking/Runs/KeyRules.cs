namespace Roux.Tracking.Runs;

/// <summary>What names of params, metrics and tags may look like.</summary>
internal static class KeyRules
{
    private const int Longest = 250;

    /// <summary>Checks a name; the fast way out is the common one.</summary>
    public static void Check(string kind, string key)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > Longest || key.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new TrackingException($"{kind} name '{key}': give 1 to {Longest} characters, not only blanks and no control characters");
        }
    }
}
