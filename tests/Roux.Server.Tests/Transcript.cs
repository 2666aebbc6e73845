using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Roux.Server.Tests;

/// <summary>One call of the recorded session of a real MLflow client with its real server.</summary>
internal sealed record TranscriptCall(string Step, string Method, string Path, JsonNode? Request, int Status, JsonNode? Response)
{
    public static IReadOnlyList<TranscriptCall> Load(string file) => [.. File.ReadLines(file).Select(line =>
    {
        var call = JsonNode.Parse(line)!;
        return new TranscriptCall(
            call["step"]!.GetValue<string>(), call["method"]!.GetValue<string>(), call["path"]!.GetValue<string>(), call["request"], call["status"]!.GetValue<int>(), call["response"]);
    })];

    /// <summary>The number of bytes, where the recording holds only that.</summary>
    public static int? Bytes(JsonNode? node) => node is JsonObject single && single.TryGetPropertyValue("<bytes>", out var count) ? count!.GetValue<int>() : null;
}

/// <summary>Compares answers with recorded ones: ids and the server's own times are other ones, but the same ones everywhere.</summary>
internal sealed partial class TranscriptComparison
{
    private static readonly HashSet<string> ServerTimes = new(StringComparer.Ordinal)
    {
        "creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "creation_timestamp_ms", "last_updated_timestamp_ms",
    };

    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

    /// <summary>A recorded text with the ids of this session.</summary>
    public string Translate(string text) => Ids().Replace(text, match => ids.GetValueOrDefault(match.Value, match.Value));

    /// <summary>What differs, as a list of places; empty where nothing does.</summary>
    public List<string> Compare(JsonNode? expected, JsonNode? actual)
    {
        var differences = new List<string>();
        Compare("", expected, actual, differences);
        return differences;
    }

    private void Compare(string place, JsonNode? expected, JsonNode? actual, List<string> differences)
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)).ToList())
                {
                    if (!left.ContainsKey(name) || !right.ContainsKey(name))
                    {
                        differences.Add($"{place}.{name}: {(left.ContainsKey(name) ? "missing" : "not expected")}");
                    }
                    else if (ServerTimes.Contains(name))
                    {
                        if (right[name]!.GetValueKind() != JsonValueKind.Number)
                        {
                            differences.Add($"{place}.{name}: not a number");
                        }
                    }
                    else
                    {
                        Compare($"{place}.{name}", left[name], right[name], differences);
                    }
                }

                break;
            case (JsonArray left, JsonArray right):
                var (first, second) = (Ordered(left), Ordered(right));
                if (first.Count != second.Count)
                {
                    differences.Add($"{place}: {first.Count} items expected, {second.Count} found");
                    break;
                }

                for (var index = 0; index < first.Count; index++)
                {
                    Compare(string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), first[index], second[index], differences);
                }

                break;
            default:
                CompareValue(place, expected, actual, differences);
                break;
        }
    }

    private void CompareValue(string place, JsonNode? expected, JsonNode? actual, List<string> differences)
    {
        if (expected?.GetValueKind() == JsonValueKind.Number && actual?.GetValueKind() == JsonValueKind.Number)
        {
            if (expected.GetValue<JsonElement>().GetDouble() != actual.GetValue<JsonElement>().GetDouble())
            {
                differences.Add($"{place}: {expected} expected, {actual} found");
            }

            return;
        }

        var (left, right) = (expected?.ToString(), actual?.ToString());
        if (expected?.GetValueKind() != actual?.GetValueKind())
        {
            differences.Add($"{place}: {expected?.GetValueKind()} expected, {actual?.GetValueKind()} found");
        }
        else if (left is not null && right is not null)
        {
            Learn(left, right);
            left = Translate(left);

            // Messages begin as MLflow's do; Roux says what to do after that.
            if (place == ".message" && right.StartsWith(left.Split(" Error: <database detail>")[0], StringComparison.Ordinal))
            {
                return;
            }
        }

        if (left != right)
        {
            differences.Add($"{place}: '{left}' expected, '{right}' found");
        }
    }

    private void Learn(string expected, string actual)
    {
        var (left, right) = (Ids().Matches(expected), Ids().Matches(actual));
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            ids.TryAdd(left[index].Value, right[index].Value);
        }
    }

    /// <summary>Lists of keyed things have no order of their own; a history, whose keys repeat, has.</summary>
    private static List<JsonNode?> Ordered(JsonArray list)
    {
        var keys = list.Select(item => (item as JsonObject)?["key"]?.ToString()).ToList();
        return keys.Contains(null) || keys.Distinct().Count() < keys.Count ? [.. list] : [.. list.OrderBy(item => item!["key"]!.ToString(), StringComparer.Ordinal)];
    }

    [GeneratedRegex("(m-)?[0-9a-f]{32}")]
    private static partial Regex Ids();
}
