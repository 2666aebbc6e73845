using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>A metric of the version's run within absolute limits.</summary>
internal sealed record MetricRule(string Metric, double? AtLeast, double? AtMost) : GateRule
{
    internal override string Demand => $"{Metric} {string.Join(" and ", new[] { AtLeast is { } least ? $"at least {Judgement.Text(least)}" : null, AtMost is { } most ? $"at most {Judgement.Text(most)}" : null }.OfType<string>())}";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        if (RunMetric.Of(evidence.Run, Metric, out var value) is { } unknown)
        {
            return unknown;
        }

        var holds = (AtLeast is not { } least || value >= least) && (AtMost is not { } most || value <= most);
        return Judgement.Of(holds, $"{Metric} is {Judgement.Text(value)}", new JsonObject { ["value"] = value, ["at_least"] = AtLeast, ["at_most"] = AtMost });
    }
}
