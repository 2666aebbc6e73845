using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking.Registry;

namespace Roux.Tracking;

/// <summary>A rule that a model version must keep to.</summary>
public abstract record GateRule
{
    /// <summary>How it was written, without its defaults.</summary>
    internal JsonObject Source { get; init; } = [];

    /// <summary>Kind, such as <c>metric</c>.</summary>
    public string Kind => Source["rule"]!.GetValue<string>();

    /// <summary>In words: its own name, or what it demands.</summary>
    public string Title => Source["name"]?.GetValue<string>() ?? Demand;

    /// <summary>Identifies its definition: <c>sha256:</c> of its JSON with members in ordinal order.</summary>
    public string Digest => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(Source)!.ToJsonString())));

    /// <summary>What it demands, in words.</summary>
    internal abstract string Demand { get; }

    /// <summary>The alias or stage of the version that it compares with; <c>null</c> where it compares with none.</summary>
    internal virtual string? ChampionName => null;

    /// <summary>Whether models must be run to judge it.</summary>
    internal virtual bool NeedsModels => false;

    internal abstract Judgement Judge(GateEvidence evidence, CancellationToken cancellation);

    /// <summary>JSON with the members of objects in ordinal order.</summary>
    internal static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
