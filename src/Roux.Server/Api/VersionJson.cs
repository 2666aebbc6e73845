using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Server.Api;

/// <summary>A model version with what it is made of.</summary>
internal static class VersionJson
{
    public static JsonObject Of(ModelVersionRecord version) => new()
    {
        ["name"] = version.Name,
        ["version"] = version.Version,
        ["stage"] = version.Stage.ToString(),
        ["aliases"] = new JsonArray([.. version.Aliases.Select(alias => JsonValue.Create(alias))]),
        ["digest"] = version.Digest,
        ["bytes"] = version.Bytes,
        ["registered_by"] = version.RegisteredBy,
        ["created"] = version.Created.ToUnixTimeMilliseconds(),
        ["signature"] = version.Signature?.ToJson(),
        ["lineage"] = version.Lineage?.ToJson(),
        ["approvals"] = new JsonArray([.. version.Approvals.Select(approval => new JsonObject
        {
            ["actor"] = approval.Actor, ["reason"] = approval.Reason, ["time"] = approval.Time.ToUnixTimeMilliseconds(),
        })]),
    };
}
