using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>artifacts/list</c></summary>
internal static class RunArtifacts
{
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/artifacts/list", Access.Run(Role.Viewer), call =>
        {
            var run = call.Service.Runs.Get(call.Fields.RunId);
            return ListAsync(call, call.Service.Artifacts.OfRun(run.Id, call.Fields.Text("path")), ArtifactUri.OfRun(run.ExperimentId, run.Id));
        }),
    ];

    /// <summary>What lies directly under an address, with paths from the root of the owner's artifacts.</summary>
    public static async Task ListAsync(Call call, ArtifactAddress address, string root) =>
        await call.Json((Files: await call.Service.Artifacts.ListAsync(address, call.Cancellation).ConfigureAwait(false), Root: root), static (json, list) =>
        {
            json.WriteString("root_uri"u8, list.Root);
            ArtifactJson.Write(json, list.Files, file => file.Path);
        }).ConfigureAwait(false);
}
