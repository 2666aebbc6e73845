using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>The size of the version's files at most.</summary>
internal sealed record SizeRule(long AtMostBytes) : GateRule
{
    internal override string Demand => $"size at most {Text(AtMostBytes)}";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation) => Judgement.Of(
        evidence.Version.Bytes <= AtMostBytes, $"its files take {Text(evidence.Version.Bytes)}", new JsonObject { ["bytes"] = evidence.Version.Bytes, ["at_most_bytes"] = AtMostBytes });

    private static string Text(long bytes) => bytes switch
    {
        < 1000 => System.FormattableString.Invariant($"{bytes} B"),
        < 1_000_000 => System.FormattableString.Invariant($"{bytes / 1e3:0.##} kB"),
        < 1_000_000_000 => System.FormattableString.Invariant($"{bytes / 1e6:0.##} MB"),
        _ => System.FormattableString.Invariant($"{bytes / 1e9:0.##} GB"),
    };
}
