using Microsoft.AspNetCore.Http.Features;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>mlflow-artifacts/artifacts/…</c>: files go through the server, streamed both ways.</summary>
internal static class ArtifactProxy
{
    private const string Marker = "/mlflow-artifacts/artifacts/";

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/artifacts", OfQuery, List),
        new("GET", "/artifacts/{**path}", OfPath(Role.Viewer), call => Downloads.SendAsync(call, Address(call))) { Body = BodyKind.Bytes },
        new("PUT", "/artifacts/{**path}", OfPath(Role.Editor), Put) { Body = BodyKind.Bytes },
        new("DELETE", "/artifacts/{**path}", OfPath(Role.Editor), Delete) { Body = BodyKind.Bytes },

        // As MLflow answers for local folders: clients then send the file in one piece, which here has no limit that parts would avoid.
        new("POST", "/mpu/create/{**path}", Access.ByHandler(Role.Editor), NoParts) { Body = BodyKind.Bytes },
        new("POST", "/mpu/complete/{**path}", Access.ByHandler(Role.Editor), NoParts) { Body = BodyKind.Bytes },
        new("POST", "/mpu/abort/{**path}", Access.ByHandler(Role.Editor), NoParts) { Body = BodyKind.Bytes },
    ];

    private static Access OfQuery => Access.Of(Role.Viewer, call => [Of(Role.Viewer, call.Service.Artifacts.Resolve(call.Fields.Required("path")))]);

    /// <summary>A role in the project of the run, logged model or model version whose artifact the path names.</summary>
    private static Access OfPath(Role role) => Access.Of(role, call => [Of(role, Address(call))]);

    private static Need Of(Role role, ArtifactAddress address) =>
        address.Owner is not { } owner ? new Need(role, SubjectKind.Copy, Path.GetFileName(address.Folder))
        : new Need(role, address.IsRun ? SubjectKind.Run : SubjectKind.LoggedModel, owner);

    private static Task List(Call call)
    {
        var files = call.Service.Artifacts.List(call.Service.Artifacts.Resolve(call.Fields.Required("path")));
        return call.Json(files, static (json, list) => ArtifactJson.Write(json, list, file => Path.GetFileName(file.Path)));
    }

    private static async Task Put(Call call)
    {
        var address = Address(call);
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = call.Options.MaxArtifactBytes;
        }

        await call.Done(call.Service.Artifacts.StoreAsync(address, call.Http.Request.Body, call.Cancellation)).ConfigureAwait(false);
    }

    private static Task Delete(Call call)
    {
        call.Service.Artifacts.Delete(Address(call));
        return Reply.EmptyAsync(call.Http);
    }

    private static Task NoParts(Call call) =>
        throw new ServiceException(ServiceError.NotImplemented, "Multipart upload is not supported for the current artifact repository");

    /// <summary>
    /// The path as it was sent, decoded once: the framework's own reading has resolved <c>..</c> and kept <c>%2F</c>, and so hides what a
    /// client tried.
    /// </summary>
    private static ArtifactAddress Address(Call call)
    {
        var target = call.Http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var end = target.IndexOfAny(['?', '#']);
        var path = end < 0 ? target : target[..end];
        var start = path.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        return start < 0
            ? throw ServiceException.Invalid("Invalid path")
            : call.Service.Artifacts.Resolve(Uri.UnescapeDataString(path[(start + Marker.Length)..]));
    }
}
