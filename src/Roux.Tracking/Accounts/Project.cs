namespace Roux.Tracking.Accounts;

/// <summary>What roles are given in: experiments and registered models that carry the tag of one name. All without the tag are the default one's.</summary>
internal static class Project
{
    /// <summary>The tag of experiments and registered models that names their project.</summary>
    public const string Tag = "roux.project";

    /// <summary>The project of what has no tag.</summary>
    public const string Default = "default";

    private const int Longest = 100;

    /// <summary>Whether a text may name a project: letters, digits, <c>. _ - /</c>.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= Longest && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/');
}
