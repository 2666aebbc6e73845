using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Tracking;

namespace Roux.Debugging.Findings;

/// <summary>Makes one list of what many checks found: each cause once, with its consequences, the most important first.</summary>
public static class FindingList
{
    /// <summary>Name, in a finding's evidence, of the findings that it explains.</summary>
    public const string Consequences = "consequences";

    /// <summary>
    /// Merges and ranks. A finding is merged into another when the check of that one explains it and both are about the same columns or layers (or one of them
    /// is about the whole); the cause then weighs as much as its heaviest consequence. Ranked by severity; then causes of others come first; then by the
    /// order of <paramref name="cards"/>, which is the way of the data.
    /// </summary>
    /// <param name="findings">In any order.</param>
    /// <param name="cards">The checks, those further up the way of the data first.</param>
    public static IReadOnlyList<Finding> Of(IEnumerable<Finding> findings, IReadOnlyList<CheckCard> cards)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(cards);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var card in cards)
        {
            places.TryAdd(card.Name, places.Count);
        }

        var explains = cards.GroupBy(card => card.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(card => card.Explains).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        int Place(Finding finding) => places.GetValueOrDefault(finding.Check, int.MaxValue);
        var all = findings.OrderByDescending(finding => finding.Severity).ThenBy(Place).DistinctBy(finding => (finding.Check, string.Join('\n', finding.Columns), finding.Columns.Count == 0 ? finding.Message : "")).ToList();
        return [.. Merge(all, explains).OrderByDescending(finding => finding.Severity).ThenByDescending(finding => ConsequencesOf(finding).Count > 0).ThenBy(Place)];
    }

    /// <summary>What a finding explains: check, severity and message of each.</summary>
    public static IReadOnlyList<JsonObject> ConsequencesOf(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Evidence?[Consequences] is JsonArray array ? [.. array.OfType<JsonObject>()] : [];
    }

    private static IEnumerable<Finding> Merge(List<Finding> all, Dictionary<string, HashSet<string>> explains)
    {
        var causes = new int[all.Count];
        Array.Fill(causes, -1);
        for (var i = 0; i < all.Count; i++)
        {
            causes[i] = CauseOf(i, all, explains, causes);
        }

        for (var i = 0; i < all.Count; i++)
        {
            if (causes[i] >= 0)
            {
                continue;
            }

            var explained = Enumerable.Range(0, all.Count).Where(k => causes[k] >= 0 && Root(causes, k) == i).Select(k => all[k]).ToArray();
            yield return explained.Length == 0 ? all[i] : With(all[i], explained);
        }
    }

    /// <summary>The place of the finding that explains another; -1 where none does. Two that explain each other do not both vanish.</summary>
    private static int CauseOf(int finding, List<Finding> all, Dictionary<string, HashSet<string>> explains, int[] causes)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (i != finding && all[i].Check != all[finding].Check && explains.TryGetValue(all[i].Check, out var explained) && explained.Contains(all[finding].Check)
                && !(i > finding && Mutual(all[finding].Check, all[i].Check, explains)) && SameThing(all, all[i].Check, all[i], all[finding]) && Root(causes, i) != finding)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Mutual(string one, string other, Dictionary<string, HashSet<string>> explains) => explains.TryGetValue(one, out var explained) && explained.Contains(other);

    private static int Root(int[] causes, int finding)
    {
        for (var steps = 0; causes[finding] >= 0 && steps < causes.Length; steps++)
        {
            finding = causes[finding];
        }

        return finding;
    }

    /// <summary>Columns of the consequence that no finding of the causing check names are news of their own.</summary>
    private static bool SameThing(List<Finding> all, string check, Finding cause, Finding consequence) =>
        cause.Columns.Count == 0 || consequence.Columns.Count == 0
        || (consequence.Columns.Any(cause.Columns.Contains) && consequence.Columns.All(column => all.Any(finding => finding.Check == check && finding.Columns.Contains(column))));

    private static Finding With(Finding cause, IReadOnlyList<Finding> explained)
    {
        var evidence = cause.Evidence?.DeepClone().AsObject() ?? [];
        evidence[Consequences] = new JsonArray([.. explained.Select(finding => new JsonObject
        {
            ["check"] = finding.Check,
            ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
            ["message"] = finding.Message,
        })]);
        return cause with { Evidence = evidence, Severity = (Severity)Math.Max((int)cause.Severity, explained.Max(finding => (int)finding.Severity)) };
    }
}
