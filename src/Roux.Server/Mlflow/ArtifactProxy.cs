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
    private const string PartsMarker = "/mlflow-artifacts/mpu/";
    private const int LongestUploadId = 2048;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/artifacts", OfQuery, List),
        new("GET", "/artifacts/{**path}", OfPath(Role.Viewer), call => Downloads.SendAsync(call, Address(call))) { Body = BodyKind.Bytes },
        new("PUT", "/artifacts/{**path}", OfPath(Role.Editor), Put) { Body = BodyKind.Bytes },
        new("DELETE", "/artifacts/{**path}", OfPath(Role.Editor), Delete) { Body = BodyKind.Bytes },

        // For a folder 501, as MLflow answers: clients then send the file in one piece, which here has no limit that parts would avoid.
        new("POST", "/mpu/create/{**path}", OfParts, CreateParts),
        new("POST", "/mpu/complete/{**path}", OfParts, CompleteParts),
        new("POST", "/mpu/abort/{**path}", OfParts, AbortParts),
    ];

    private static Access OfQuery => Access.Of(Role.Viewer, call => [Of(Role.Viewer, call.Service.Artifacts.Resolve(call.Fields.Required("path")))]);

    /// <summary>A role in the project of the run, logged model or model version whose artifact the path names.</summary>
    private static Access OfPath(Role role) => Access.Of(role, call => [Of(role, Address(call))]);

    private static Need Of(Role role, ArtifactAddress address) =>
        address.Owner is not { } owner ? new Need(role, SubjectKind.Copy, Path.GetFileName(address.Folder))
        : new Need(role, address.IsRun ? SubjectKind.Run : SubjectKind.LoggedModel, owner);

    /// <summary>The body names the file, the path its folder: the owner is known by either.</summary>
    private static Access OfParts => Access.Of(Role.Editor, call => [Of(Role.Editor, FileOfParts(call))]);

    private static async Task List(Call call)
    {
        var files = await call.Service.Artifacts.ListAsync(call.Service.Artifacts.Resolve(call.Fields.Required("path")), call.Cancellation).ConfigureAwait(false);
        await call.Json(files, static (json, list) => ArtifactJson.Write(json, list, file => Path.GetFileName(file.Path))).ConfigureAwait(false);
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

    private static Task Delete(Call call) => call.Done(call.Service.Artifacts.DeleteAsync(Address(call), call.Cancellation));

    private static async Task CreateParts(Call call)
    {
        var begun = await call.Service.Artifacts.BeginPartsAsync(FileOfParts(call), Number(call.Fields, "num_parts"), call.Cancellation).ConfigureAwait(false);
        await call.Json(begun, static (json, upload) =>
        {
            json.WriteString("upload_id"u8, upload.UploadId);
            json.WriteStartArray("credentials"u8);
            foreach (var part in upload.Parts)
            {
                json.WriteStartObject();
                json.WriteString("url"u8, part.Url);
                json.WriteNumber("part_number"u8, part.Number);
                json.WriteStartObject("headers"u8);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private static Task CompleteParts(Call call)
    {
        var parts = call.Fields.Objects("parts").Select(part => (Number(part, "part_number"), part.Required("etag"))).ToList();
        return call.Done(call.Service.Artifacts.CompletePartsAsync(FileOfParts(call), UploadId(call), parts, call.Cancellation));
    }

    private static Task AbortParts(Call call) => call.Done(call.Service.Artifacts.AbortPartsAsync(FileOfParts(call), UploadId(call), call.Cancellation));

    private static int Number(Fields fields, string name) => fields.Whole(name) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : throw ServiceException.Missing(name);

    private static string UploadId(Call call) => call.Fields.Required("upload_id") is { Length: <= LongestUploadId } id ? id : throw ServiceException.Invalid("Invalid upload_id");

    /// <summary>The folder in the path of the call, and the last part of the client's own path of the file, as MLflow reads them.</summary>
    private static ArtifactAddress FileOfParts(Call call)
    {
        var raw = RawPath(call);
        var start = raw.IndexOf(PartsMarker, StringComparison.OrdinalIgnoreCase);
        var folder = start < 0 ? "" : raw[(start + PartsMarker.Length)..].Split('/', 2) is [_, var rest] ? Uri.UnescapeDataString(rest) : "";
        var local = call.Fields.Required("path");
        return call.Service.Artifacts.Resolve($"{folder.TrimEnd('/')}/{local[(local.LastIndexOfAny(['/', '\\']) + 1)..]}");
    }

    /// <summary>
    /// The path as it was sent, decoded once: the framework's own reading has resolved <c>..</c> and kept <c>%2F</c>, and so hides what a
    /// client tried.
    /// </summary>
    private static ArtifactAddress Address(Call call)
    {
        var path = RawPath(call);
        var start = path.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        return start < 0
            ? throw ServiceException.Invalid("Invalid path")
            : call.Service.Artifacts.Resolve(Uri.UnescapeDataString(path[(start + Marker.Length)..]));
    }

    private static string RawPath(Call call)
    {
        var target = call.Http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var end = target.IndexOfAny(['?', '#']);
        return end < 0 ? target : target[..end];
    }
}
