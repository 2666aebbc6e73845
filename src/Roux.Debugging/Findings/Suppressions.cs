using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Findings;

/// <summary>A list of what is known and put up with, as a team keeps it in a file beside its code.</summary>
/// <param name="All">In the order of the file.</param>
public sealed record Suppressions(IReadOnlyList<Suppression> All)
{
    /// <summary>Name of the file that is looked for when none is named.</summary>
    public const string DefaultFile = ".roux-debug.yaml";

    /// <summary>Name of the finding that says that a suppression has run out.</summary>
    public const string Expired = "expired-suppression";

    private static readonly string[] Known = ["check", "columns", "reason", "until"];

    /// <summary>None.</summary>
    public static Suppressions None { get; } = new([]);

    /// <summary>Reads <c>suppress: [{check, columns?, reason, until?}, …]</c>.</summary>
    /// <param name="document">The file as JSON.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="checks">Names of all checks.</param>
    /// <exception cref="DataException">It is not such a list; the message says which entry, what is wrong and what is allowed.</exception>
    public static Suppressions Parse(JsonNode? document, string file, IReadOnlyCollection<string> checks)
    {
        if (document is null)
        {
            return None;
        }

        if (document is not JsonObject { Count: 1 } root || root["suppress"] is not { } node)
        {
            throw new DataException($"'{file}': a file of suppressions holds one list under 'suppress', each entry with check, reason, and if you like columns and until");
        }

        return new Suppressions([.. (node as JsonArray ?? throw new DataException($"'{file}': 'suppress' is a list; begin each entry with '- check: NAME'")).Select((entry, i) => One(entry, $"'{file}', entry {i + 1}", checks))]);
    }

    /// <summary>These, and the findings that were accepted where they are shown.</summary>
    public Suppressions With(IEnumerable<AcceptedFinding> accepted) => new([.. All, .. accepted.Select(Suppression.Of)]);

    /// <summary>Takes out what is put up with. Suppressions past their day let their findings through again, and a finding says so.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="today">The day.</param>
    public (IReadOnlyList<Finding> Findings, IReadOnlyList<SuppressedFinding> Suppressed) Apply(IReadOnlyList<Finding> findings, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var (kept, suppressed) = (new List<Finding>(), new List<SuppressedFinding>());
        foreach (var finding in findings)
        {
            if (All.FirstOrDefault(one => !(one.Until < today) && one.Covers(finding)) is { } suppression)
            {
                suppressed.Add(new SuppressedFinding(finding, suppression));
            }
            else
            {
                kept.Add(finding);
            }
        }

        foreach (var past in All.Where(one => one.Until < today))
        {
            if (kept.Count(past.Covers) is var count and > 0)
            {
                kept.Add(RanOut(past, count));
            }
        }

        return (kept, suppressed);
    }

    private static Finding RanOut(Suppression past, int count) => new(Expired, Severity.Low, string.Create(CultureInfo.InvariantCulture,
        $"The suppression of {past.Check} ended on {past.Until:yyyy-MM-dd}: {(count == 1 ? "its finding speaks" : $"its {count} findings speak")} again"))
    {
        Columns = past.Columns,
        Evidence = new JsonObject { ["check"] = past.Check, ["reason"] = past.Reason, ["until"] = past.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
        Cause = $"When it was suppressed, the reason was: {past.Reason}",
        Fix = "Settle what was put off, or decide again and set a new day under 'until'.",
        Verify = "The finding, or this one, is gone.",
    };

    private static Suppression One(JsonNode? node, string where, IReadOnlyCollection<string> checks)
    {
        var entry = node as JsonObject ?? throw new DataException($"{where}: an entry has the fields check, reason, and if you like columns and until");
        if (entry.Select(pair => pair.Key).FirstOrDefault(key => !Known.Contains(key)) is { } stranger)
        {
            throw new DataException(NearestName.Message(where, stranger, "field", Known));
        }

        var check = Text(entry, "check") ?? throw new DataException($"{where}: 'check' is missing: the name of the check that is to be quiet");
        if (!checks.Contains(check))
        {
            throw new DataException(NearestName.Message($"{where}, check", check, "check", checks));
        }

        var reason = Text(entry, "reason") is { } given && !string.IsNullOrWhiteSpace(given) ? given : throw new DataException($"{where}: 'reason' is missing: say why {check} is no trouble, for who reads this next year");
        return new Suppression(check, Columns(entry["columns"], where), reason, Until(entry, where));
    }

    private static List<string> Columns(JsonNode? node, string where) => node switch
    {
        null => [],
        JsonArray array when array.All(item => item is JsonValue) => [.. array.Select(item => item!.ToString())],
        JsonValue value => [value.ToString()],
        _ => throw new DataException($"{where}: 'columns' is a name or a list of names; * stands for any characters"),
    };

    private static DateOnly? Until(JsonObject entry, string where) => entry["until"] is null ? null
        : Text(entry, "until") is { } text && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new DataException($"{where}: until '{entry["until"]}': the last day on which it counts, as 2027-01-31");

    private static string? Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
