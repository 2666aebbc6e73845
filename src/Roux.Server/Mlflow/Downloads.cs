using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary>Sending artifacts. A browser may show pictures and plain text; all else, pages and SVG included, it must save.</summary>
internal static class Downloads
{
    private const int CopiedAtOnce = 1 << 18;

    private static readonly Dictionary<string, string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".txt"] = "text/plain; charset=utf-8",
        [".log"] = "text/plain; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".csv"] = "text/plain; charset=utf-8",
        [".yaml"] = "text/plain; charset=utf-8",
        [".yml"] = "text/plain; charset=utf-8",
        [".json"] = "application/json",
    };

    /// <summary>The addresses that web pages and old clients download from.</summary>
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/get-artifact", Access.Run(Role.Viewer), call => SendAsync(call, call.Service.Artifacts.OfRun(call.Fields.RunId, call.Fields.Required("path")))),
        new("GET", "/artifact-preview", Access.Run(Role.Viewer), PreviewAsync),
        new("GET", "/model-versions/get-artifact", Access.Model(Role.Viewer), call =>
        {
            var version = call.Registry.Versions.Get(call.Fields.Required("name"), call.Fields.Required("version"));
            return SendAsync(call, ArtifactService.OfCopy(version.Copy, Path.GetFileName(version.ArtifactPath), call.Fields.Required("path")));
        }),
        new("GET", "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files", Access.LoggedModel(Role.Viewer), call =>
            SendAsync(call, call.Service.Artifacts.OfLoggedModel(call.PathPart("model_id"), call.Fields.Required("artifact_file_path")))),
    ];

    /// <summary>
    /// A page or a drawing among a run's artifacts, to look at in a frame of the server's own pages. Whatever it holds, it may run nothing, load nothing, send nothing, and
    /// belongs to no origin.
    /// </summary>
    private static async Task PreviewAsync(Call call)
    {
        var address = call.Service.Artifacts.OfRun(call.Fields.RunId, call.Fields.Required("path"));
        using var file = await call.Service.Artifacts.OpenAsync(address, call.Cancellation).ConfigureAwait(false);
        var response = call.Http.Response;
        response.ContentType = Path.GetExtension(file.Name).ToLowerInvariant() switch
        {
            ".html" or ".htm" => "text/html; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => throw ServiceException.Invalid("only pages and drawings have such a preview"),
        };
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'";
        response.Headers.XFrameOptions = "SAMEORIGIN";
        response.ContentLength = file.Length;
        await file.Content.CopyToAsync(response.Body, CopiedAtOnce, call.Cancellation).ConfigureAwait(false);
    }

    public static async Task SendAsync(Call call, ArtifactAddress address)
    {
        using var file = await call.Service.Artifacts.OpenAsync(address, call.Cancellation).ConfigureAwait(false);
        var response = call.Http.Response;
        var shown = Shown.TryGetValue(Path.GetExtension(file.Name), out var type);
        var disposition = new ContentDispositionHeaderValue(shown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        response.ContentType = shown ? type : "application/octet-stream";
        response.Headers.ContentDisposition = disposition.ToString();
        response.ContentLength = file.Length;
        if (file.Length > 0)
        {
            await (file.Local is { } local
                ? response.SendFileAsync(local, 0, file.Length, call.Cancellation)
                : file.Content.CopyToAsync(response.Body, CopiedAtOnce, call.Cancellation)).ConfigureAwait(false);
        }
    }
}
