using System.Globalization;

namespace Roux.Tracking.Runs;

/// <summary>A name people can say for a run that was given none, made from its id.</summary>
internal static class RunName
{
    private static readonly string[] First =
    [
        "amber", "bold", "brisk", "calm", "clever", "copper", "crisp", "deep", "eager", "early", "fair", "fleet", "fresh", "gentle", "golden", "grand",
        "hardy", "keen", "light", "lively", "lucid", "mellow", "merry", "neat", "noble", "plain", "quick", "quiet", "ready", "rich", "silver", "steady",
    ];

    private static readonly string[] Second =
    [
        "alder", "anise", "basil", "bay", "birch", "briar", "cedar", "chive", "clove", "cumin", "dill", "fennel", "fern", "garlic", "ginger", "hazel",
        "heron", "juniper", "laurel", "leek", "maple", "mint", "nutmeg", "olive", "pepper", "rowan", "saffron", "sage", "sorrel", "sumac", "thyme", "willow",
    ];

    public static string From(string runId)
    {
        var number = int.Parse(runId.AsSpan(0, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{First[number % First.Length]}-{Second[number / First.Length % Second.Length]}-{number / 1024 % 1000}");
    }
}
