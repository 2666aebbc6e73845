using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Capture.Lineage;
using Roux.Tracking.Registry;
using Roux.Tracking.Service;

namespace Roux.Tracking;

/// <summary>
/// Rules that a model version must pass, and for which promotions a model demands them. Read from YAML or JSON, described in docs/registry-and-gates.md.
/// </summary>
public sealed record GateRules
{
    private const int MostRules = 200;
    private const int LongestText = 1 << 20;

    /// <summary>How it was written.</summary>
    internal JsonObject Source { get; init; } = [];

    /// <summary>The rules, in the order written.</summary>
    public required IReadOnlyList<GateRule> Rules { get; init; }

    /// <summary>Stages whose promotions need them, where a model demands them.</summary>
    public required IReadOnlyList<ModelStage> Stages { get; init; }

    /// <summary>Aliases that need them, where a model demands them.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>How long a recorded verdict of a rule that needs models to be run counts on promotion.</summary>
    public required TimeSpan FreshFor { get; init; }

    /// <summary>Identifies the rules: <c>sha256:</c> of their JSON with members in ordinal order.</summary>
    public string Digest => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(GateRule.Sorted(Source)!.ToJsonString())));

    /// <summary>As JSON, as it was written.</summary>
    public JsonObject ToJson() => (JsonObject)Source.DeepClone();

    /// <summary>Reads rules.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="source">What messages call it, such as the name of the file.</param>
    /// <exception cref="TrackingException">It is neither, or a rule is not understood; the message says which and what is allowed.</exception>
    public static GateRules Parse(string text, string source = "rules")
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            throw ServiceException.Invalid($"{source}: longer than {LongestText} characters");
        }

        JsonNode? document;
        try
        {
            document = text.TrimStart().StartsWith('{') ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) : YamlSubset.Parse(text, typed: true);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw ServiceException.Invalid($"{source}: neither YAML nor JSON that is read here: {exception.Message}");
        }

        return Read(document as JsonObject ?? throw ServiceException.Invalid($"{source}: give an object with 'rules:', a list of rules"), source);
    }

    /// <summary>Reads rules from JSON.</summary>
    internal static GateRules Read(JsonObject document, string source)
    {
        try
        {
            return Checked(document, source);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // What JSON lets pass and its objects do not: a name twice, half of a surrogate pair.
            throw ServiceException.Invalid($"{source}: a name stands there twice, or a text is none in Unicode");
        }
    }

    private static GateRules Checked(JsonObject document, string source)
    {
        var fields = new RuleFields(document, source);
        var applies = fields.Object("applies_to");
        var stages = applies is null ? [ModelStage.Production] : applies.Names("stages").Select(name => Stage(source, name)).ToList();
        var aliases = applies?.Names("aliases").Select(alias => ServiceException.Checked(() => ModelReference.CheckAlias(alias))).ToList() ?? [];
        applies?.Finish();
        if (document["rules"] is not JsonArray { Count: >= 1 and <= MostRules } list)
        {
            throw ServiceException.Invalid($"{source}: 'rules' is a list of 1 to {MostRules} rules");
        }

        fields.Taken("rules");
        var freshFor = fields.Has("fresh_for") ? Amounts.Time(fields.Text("fresh_for"), $"{source}: fresh_for") : TimeSpan.FromDays(7);
        fields.Finish();
        return new GateRules
        {
            Source = (JsonObject)document.DeepClone(),
            Rules = [.. list.Select((rule, index) => RuleReader.Read(rule, FormattableString.Invariant($"{source}: rule {index + 1}")))],
            Stages = stages,
            Aliases = aliases,
            FreshFor = freshFor,
        };
    }

    private static ModelStage Stage(string source, string name) => Enum.TryParse<ModelStage>(name, ignoreCase: true, out var stage) && char.IsAsciiLetter(name[0])
        ? stage : throw ServiceException.Invalid($"{source}: stage '{name}': one of {string.Join(", ", Enum.GetNames<ModelStage>())}");
}
