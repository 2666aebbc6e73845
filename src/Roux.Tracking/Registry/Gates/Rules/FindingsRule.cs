using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>No finding of the version's run above a severity, but for checks that are left out by name.</summary>
internal sealed record FindingsRule(Severity NoneAbove, IReadOnlyList<string> Except) : GateRule
{
    internal override string Demand => $"no finding above {NoneAbove} severity{(Except.Count == 0 ? "" : $" but of {string.Join(", ", Except)}")}";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        if (evidence.Run is not { } run)
        {
            return Judgement.Unknown("the version has no run that could have findings");
        }

        var found = run.Findings.Where(finding => finding.Severity > NoneAbove && !Except.Contains(finding.Check)).ToList();
        var numbers = new JsonObject { ["above"] = found.Count, ["findings"] = run.Findings.Count };
        return found.Count == 0
            ? Judgement.Of(true, System.FormattableString.Invariant($"none of {run.Findings.Count} findings is above it"), numbers)
            : Judgement.Of(false, System.FormattableString.Invariant($"{found.Count} above it: {string.Join("; ", found.Take(3).Select(finding => $"{finding.Check} ({finding.Severity}): {finding.Message}"))}"), numbers);
    }
}
