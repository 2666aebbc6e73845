using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>So many people other than the one who registered the version have approved it.</summary>
internal sealed record ApprovalsRule(int AtLeast, IReadOnlyList<string> By) : GateRule
{
    internal override string Demand => System.FormattableString.Invariant($"{AtLeast} approval{(AtLeast == 1 ? "" : "s")}{(By.Count == 0 ? "" : $" of {string.Join(", ", By)}")}");

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        var counted = evidence.Approvals.Select(approval => approval.Actor).Where(actor => actor != evidence.Version.RegisteredBy && (By.Count == 0 || By.Contains(actor))).ToList();
        return Judgement.Of(
            counted.Count >= AtLeast, counted.Count == 0 ? "nobody whose approval counts has approved it" : $"approved by {string.Join(", ", counted)}",
            new JsonObject { ["approvals"] = counted.Count, ["at_least"] = AtLeast });
    }
}
