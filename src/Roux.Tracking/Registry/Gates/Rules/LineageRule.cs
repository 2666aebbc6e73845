namespace Roux.Tracking.Registry;

/// <summary>Run, code and data of the version are known.</summary>
internal sealed record LineageRule : GateRule
{
    internal override string Demand => "lineage complete";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        var lineage = evidence.Version.Lineage ?? new VersionLineage { RunId = evidence.Version.RunId };
        var missing = lineage.Missing;
        if (missing.Count > 0)
        {
            return Judgement.Of(false, string.Join("; ", missing));
        }

        var (run, commit) = (lineage.RunId ?? "", lineage.Commit ?? "");
        return Judgement.Of(true, System.FormattableString.Invariant(
            $"run {run[..Math.Min(8, run.Length)]}, commit {commit[..Math.Min(12, commit.Length)]}{(lineage.Dirty == true ? " with recorded changes" : "")}, data sets: {lineage.Data.Count}"));
    }
}
