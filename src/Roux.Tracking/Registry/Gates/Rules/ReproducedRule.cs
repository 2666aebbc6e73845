namespace Roux.Tracking.Registry;

/// <summary><c>roux reproduce</c> has repeated the version's run with the same results.</summary>
internal sealed record ReproducedRule : GateRule
{
    internal override string Demand => "reproduced";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation) =>
        evidence.Run is not { } run ? Judgement.Unknown("the version has no run that could be repeated")
        : evidence.ReproducedBy is { } again ? Judgement.Of(true, $"run {again[..Math.Min(8, again.Length)]} repeated it with the same results")
        : Judgement.Of(false, $"no repetition gave the same results; try: roux reproduce {run.Id[..Math.Min(8, run.Id.Length)]}");
}
