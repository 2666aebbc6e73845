using System.Text.Json.Nodes;

namespace Roux.Tracking.Registry;

/// <summary>The model says what it takes and gives.</summary>
internal sealed record SignatureRule : GateRule
{
    internal override string Demand => "signature known";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation) => evidence.Version.Signature is { } signature
        ? Judgement.Of(
            signature.Inputs.Count > 0 && signature.Outputs.Count > 0, System.FormattableString.Invariant($"{signature.Inputs.Count} inputs, {signature.Outputs.Count} outputs"),
            new JsonObject { ["inputs"] = signature.Inputs.Count, ["outputs"] = signature.Outputs.Count })
        : Judgement.Of(false, "the model's files say neither what it takes nor what it gives");
}
