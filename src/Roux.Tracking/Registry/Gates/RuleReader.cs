using System.Text.Json.Nodes;
using Roux.Tracking.Service;

namespace Roux.Tracking.Registry;

/// <summary>Reads single rules.</summary>
internal static class RuleReader
{
    private const string Champion = "champion";

    private static readonly Dictionary<string, Func<RuleFields, JsonObject, string, GateRule>> Kinds = new(StringComparer.Ordinal)
    {
        ["metric"] = Metric,
        ["champion-metric"] = ChampionMetric,
        ["champion-data"] = ChampionData,
        ["findings"] = Findings,
        ["latency"] = Latency,
        ["size"] = (fields, json, source) => new SizeRule(Amounts.Size(fields.Text("at_most"), $"{source}: at_most")) { Source = json },
        ["lineage"] = (_, json, _) => new LineageRule { Source = json },
        ["reproduced"] = (_, json, _) => new ReproducedRule { Source = json },
        ["signature"] = (_, json, _) => new SignatureRule { Source = json },
        ["tags"] = (fields, json, _) => new TagsRule(fields.Pairs("require") is { Count: > 0 } tags ? tags : throw fields.Wrong("require", "names no tags")) { Source = json },
        ["approvals"] = (fields, json, _) => new ApprovalsRule((int)fields.Number("at_least", 1, 1, 100), fields.Names("by")) { Source = json },
    };

    public static GateRule Read(JsonNode? node, string source)
    {
        // 'lineage' alone is short for {rule: lineage}.
        var json = node switch
        {
            JsonObject given => (JsonObject)given.DeepClone(),
            JsonValue value when value.TryGetValue<string>(out var word) => RegistryChange.Of("rule", word),
            _ => throw ServiceException.Invalid($"{source}: give an object with 'rule: KIND'; kinds are {string.Join(", ", Kinds.Keys)}"),
        };
        var fields = new RuleFields(json, source);
        var kind = fields.Text("rule");
        fields.TextOrNull("name");
        if (!Kinds.TryGetValue(kind, out var read))
        {
            throw ServiceException.Invalid($"{source}: '{(kind.Length <= 60 ? kind : kind[..60] + "…")}' is no kind of rule; kinds are {string.Join(", ", Kinds.Keys)}");
        }

        var rule = read(fields, json, $"{source} ({kind})");
        fields.Finish();
        return rule;
    }

    private static MetricRule Metric(RuleFields fields, JsonObject json, string source)
    {
        var (metric, least, most) = (fields.Text("metric"), fields.Number("at_least"), fields.Number("at_most"));
        return least is null && most is null ? throw fields.Wrong("at_least", "or 'at_most' is missing") : new MetricRule(metric, least, most) { Source = json };
    }

    private static ChampionMetricRule ChampionMetric(RuleFields fields, JsonObject json, string source)
    {
        var metric = fields.Text("metric");
        var higher = fields.TextOrNull("direction") switch
        {
            null => RunMetric.HigherIsBetter(metric),
            "maximize" => true,
            "minimize" => false,
            var other => throw fields.Wrong("direction", $"is '{other}': give maximize or minimize"),
        };
        return new ChampionMetricRule(metric, fields.TextOrNull("champion") ?? Champion, fields.Number("margin", 0, 0, double.MaxValue), higher) { Source = json };
    }

    private static ChampionDataRule ChampionData(RuleFields fields, JsonObject json, string source) => new()
    {
        Source = json,
        Champion = fields.TextOrNull("champion") ?? Champion,
        Data = fields.Text("data"),
        DataDigest = fields.TextOrNull("digest") is { } digest ? digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest["sha256:".Length..] : digest : null,
        Sql = fields.TextOrNull("sql"),
        Target = fields.TextOrNull("target"),
        Metric = fields.TextOrNull("metric"),
        Alpha = fields.Number("alpha", 0.05, 1e-6, 0.5),
        Margin = fields.Number("margin", 0, 0, double.MaxValue),
        NotInferior = fields.TextOrNull("test") switch
        {
            null or "not-worse" => false,
            "not-inferior" => true,
            var other => throw fields.Wrong("test", $"is '{other}': give not-worse or not-inferior"),
        },
    };

    private static FindingsRule Findings(RuleFields fields, JsonObject json, string source)
    {
        var text = fields.TextOrNull("none_above") ?? nameof(Severity.Medium);
        return Enum.TryParse<Severity>(text, ignoreCase: true, out var severity) && char.IsAsciiLetter(text[0])
            ? new FindingsRule(severity, fields.Names("except")) { Source = json }
            : throw fields.Wrong("none_above", $"is '{text}': one of {string.Join(", ", Enum.GetNames<Severity>())}");
    }

    private static LatencyRule Latency(RuleFields fields, JsonObject json, string source)
    {
        var (data, metric) = (fields.TextOrNull("data"), fields.TextOrNull("metric"));
        if (data is null == metric is null)
        {
            throw fields.Wrong("data", "(rows to measure with) or 'metric' (of the run) is needed, one of them");
        }

        var percentile = fields.TextOrNull("percentile") switch
        {
            null or "p95" or "95" => 95,
            "p50" or "50" => 50,
            "p99" or "99" => 99,
            var other => throw fields.Wrong("percentile", $"is '{other}': give p50, p95 or p99"),
        };
        var unit = fields.TextOrNull("unit") ?? (metric is null ? "us" : metric.Split('_')[^1] is "us" or "s" or "ms" ? metric.Split('_')[^1] : metric.Contains("_us_", StringComparison.Ordinal) ? "us" : "ms");
        return new LatencyRule
        {
            Source = json,
            AtMostMicroseconds = Amounts.Microseconds(fields.Text("at_most"), $"{source}: at_most"),
            Percentile = percentile,
            Data = data,
            Seconds = fields.Number("seconds", 2, 0.1, 60),
            Metric = metric,
            MetricUnit = unit switch { "us" => 1, "ms" => 1e3, "s" => 1e6, _ => throw fields.Wrong("unit", $"is '{unit}': give us, ms or s") },
        };
    }
}
