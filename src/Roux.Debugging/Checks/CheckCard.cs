namespace Roux.Debugging.Checks;

/// <summary>What is known of a check without running it: for lists, documentation, ranking and merging.</summary>
/// <param name="Name">Its name and that of its findings.</param>
/// <param name="Area">What it looks at, in a word or two, such as <c>Leakage</c>.</param>
/// <param name="Definition">When it is a finding.</param>
/// <param name="Thresholds">The numbers that decide.</param>
/// <param name="Explains">Checks whose findings are consequences of this one's.</param>
public sealed record CheckCard(string Name, string Area, string Definition, IReadOnlyList<Threshold> Thresholds, IReadOnlyList<string> Explains)
{
    /// <summary>The card of a check; its area is the folder under Checks that it lies in, or its own.</summary>
    public static CheckCard Of<TSubject>(Check<TSubject> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var folders = check.GetType().Namespace?.Split('.') ?? [];
        var area = folders.SkipWhile(folder => folder != "Checks").Skip(1).FirstOrDefault() ?? folders[^1];
        return new CheckCard(check.Name, area, check.Definition, check.Thresholds, check.Explains);
    }
}
