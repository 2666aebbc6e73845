using System.Text.Json.Nodes;

namespace Roux.Tracking;

/// <summary>How much a <see cref="Finding"/> matters, least first.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Info = 0,

    /// <summary>Rarely matters.</summary>
    Low = 1,

    /// <summary>Likely to change results.</summary>
    Medium = 2,

    /// <summary>Results cannot be trusted until it is settled.</summary>
    High = 3,
}

/// <summary>What a check found wrong, or worth knowing, about data, training or a model.</summary>
/// <param name="Check">Name of the check, e.g. <c>target-leakage</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">The finding in one sentence.</param>
public sealed record Finding(string Check, Severity Severity, string Message)
{
    /// <summary>The columns it is about.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The figures behind it.</summary>
    public JsonObject? Evidence { get; init; }

    /// <summary>The likely cause.</summary>
    public string Cause { get; init; } = "";

    /// <summary>What to do.</summary>
    public string Fix { get; init; } = "";

    /// <summary>How to see that the fix worked.</summary>
    public string Verify { get; init; } = "";

    /// <summary>The finding as every JSON document of Roux has it.</summary>
    public JsonObject ToJson() => new()
    {
        ["check"] = Check,
        ["severity"] = Severity.ToString().ToLowerInvariant(),
        ["message"] = Message,
        ["columns"] = new JsonArray([.. Columns.Select(column => JsonValue.Create(column))]),
        ["evidence"] = Evidence?.DeepClone(),
        ["cause"] = Cause,
        ["fix"] = Fix,
        ["verify"] = Verify,
    };
}
