using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking.Service;

namespace Roux.Tracking.Registry;

/// <summary>The members of an object of a rules file: typed, and each taken once, so that what is left over is a member that nobody knows.</summary>
/// <param name="json">The object.</param>
/// <param name="source">What messages call it.</param>
internal sealed class RuleFields(JsonObject json, string source)
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public bool Has(string name)
    {
        taken.Add(name);
        return json[name] is not null;
    }

    public void Taken(string name) => taken.Add(name);

    public string Text(string name) => TextOrNull(name) ?? throw Wrong(name, "is missing");

    public string? TextOrNull(string name)
    {
        taken.Add(name);
        return json[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var text) => text.Length > 0 ? text : throw Wrong(name, "is empty"),
            JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.Number => value.ToJsonString(),
            _ => throw Wrong(name, "is not a text"),
        };
    }

    public double? Number(string name)
    {
        taken.Add(name);
        return json[name] switch
        {
            null => null,
            JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => throw Wrong(name, "is not a number"),
        };
    }

    public double Number(string name, double usual, double least, double most)
    {
        var number = Number(name) ?? usual;
        return number >= least && number <= most ? number : throw Wrong(name, FormattableString.Invariant($"is {number}: give {least} to {most}"));
    }

    /// <summary>One text, or a list of texts; empty where it is missing.</summary>
    public IReadOnlyList<string> Names(string name)
    {
        taken.Add(name);
        return json[name] switch
        {
            null => [],
            JsonArray list => [.. list.Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : throw Wrong(name, "is not a list of names"))],
            _ => [Text(name)],
        };
    }

    public RuleFields? Object(string name)
    {
        taken.Add(name);
        return json[name] switch { null => null, JsonObject inner => new RuleFields(inner, $"{source}: {name}"), _ => throw Wrong(name, "is not an object") };
    }

    /// <summary>Names with the value that each must have, or a list of names.</summary>
    public IReadOnlyDictionary<string, string?> Pairs(string name)
    {
        taken.Add(name);
        return json[name] is JsonObject pairs
            ? pairs.ToDictionary(pair => pair.Key, pair => pair.Value switch { null => null, JsonValue value when value.TryGetValue<string>(out var text) => text, { } other => other.ToJsonString() }, StringComparer.Ordinal)
            : Names(name).ToDictionary(text => text, _ => (string?)null, StringComparer.Ordinal);
    }

    public void Finish()
    {
        if (json.Select(member => member.Key).FirstOrDefault(name => !taken.Contains(name)) is { } unknown)
        {
            throw Wrong(unknown, $"is not known here; known are {string.Join(", ", taken.Order(StringComparer.Ordinal))}");
        }
    }

    public ServiceException Wrong(string name, string what) => ServiceException.Invalid($"{source}: '{(name.Length <= 60 ? name : name[..60] + "…")}' {what}");
}
