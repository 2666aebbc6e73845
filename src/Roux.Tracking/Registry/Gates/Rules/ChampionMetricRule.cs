using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>A metric of the version's run that is not worse than that of the champion's run by more than a margin.</summary>
internal sealed record ChampionMetricRule(string Metric, string Champion, double Margin, bool HigherIsBetter) : GateRule
{
    internal override string Demand => $"{Metric} {(Margin == 0 ? $"not worse than the {Champion}'s" : $"at most {Judgement.Text(Margin)} worse than the {Champion}'s")}";

    internal override string ChampionName => Champion;

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        if (evidence.WithoutChampion(Champion, out var champion) is { } answer)
        {
            return answer;
        }

        if ((RunMetric.Of(evidence.Run, Metric, out var value) ?? RunMetric.Of(champion.Run, Metric, out var other)) is { } unknown)
        {
            return unknown;
        }

        RunMetric.Of(champion.Run, Metric, out other);
        var gain = HigherIsBetter ? value - other : other - value;
        return Judgement.Of(
            gain >= -Margin,
            $"{Metric} is {Judgement.Text(value)}, that of {champion.Version.Name}/{champion.Version.Version} {Judgement.Text(other)} ({(HigherIsBetter ? "higher" : "lower")} is better)",
            new JsonObject { ["value"] = value, ["champion_value"] = other, ["gain"] = gain, ["margin"] = Margin, ["champion_version"] = champion.Version.Version });
    }
}
