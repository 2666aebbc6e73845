using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Roux.Tracking.Service;

namespace Roux.Server.Protocol;

/// <summary>Writes answers: JSON of known length from a pooled buffer, and errors in MLflow's form.</summary>
internal static class Reply
{
    private const int KeptBuffer = 1 << 20;
    private const int StreamedAtOnce = 1 << 18;

    // Only what JSON itself demands is escaped: answers are never part of a page.
    private static readonly JsonWriterOptions Style = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static PooledBuffer? kept;

    /// <summary>An answer of 200 with a JSON object, whose members <paramref name="write"/> writes.</summary>
    public static Task JsonAsync<T>(HttpContext http, T state, Action<Utf8JsonWriter, T> write) => JsonAsync(http, StatusCodes.Status200OK, state, write);

    /// <summary>An answer of 200 with a JSON object of a long list and more members; it goes out as it is written, so that memory stays small.</summary>
    /// <param name="http">The request.</param>
    /// <param name="member">Name of the list.</param>
    /// <param name="items">How many items the list has.</param>
    /// <param name="write">Writes items from one position up to another.</param>
    /// <param name="writeRest">Writes the members after the list.</param>
    public static async Task StreamAsync(HttpContext http, string member, int items, Action<Utf8JsonWriter, int, int> write, Action<Utf8JsonWriter> writeRest)
    {
        http.Response.ContentType = "application/json";
        var pipe = http.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(pipe, Style);
        json.WriteStartObject();
        json.WriteStartArray(member);
        for (var at = 0; at < items;)
        {
            var next = at;
            var start = json.BytesCommitted + json.BytesPending;
            while (next < items && json.BytesCommitted + json.BytesPending - start < StreamedAtOnce)
            {
                var to = Math.Min(items, next + 16);
                write(json, next, to);
                next = to;
            }

            at = next;
            json.Flush();
            await pipe.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }

        json.WriteEndArray();
        writeRest(json);
        json.WriteEndObject();
        json.Flush();
        await pipe.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>An answer of 200 with an empty object.</summary>
    public static Task EmptyAsync(HttpContext http) => JsonAsync(http, 0, static (_, _) => { });

    /// <summary>An error.</summary>
    public static Task ErrorAsync(HttpContext http, ServiceError error, string message)
    {
        var (status, code) = error switch
        {
            ServiceError.InvalidParameterValue => (StatusCodes.Status400BadRequest, "INVALID_PARAMETER_VALUE"),
            ServiceError.ResourceAlreadyExists => (StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS"),
            ServiceError.ResourceDoesNotExist => (StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST"),
            ServiceError.PermissionDenied => (StatusCodes.Status403Forbidden, "PERMISSION_DENIED"),
            ServiceError.NotImplemented => (StatusCodes.Status501NotImplemented, "NOT_IMPLEMENTED"),
            ServiceError.Unauthenticated => (StatusCodes.Status401Unauthorized, "UNAUTHENTICATED"),
            ServiceError.TooManyRequests => (StatusCodes.Status429TooManyRequests, "REQUEST_LIMIT_EXCEEDED"),
            ServiceError.Conflict => (StatusCodes.Status409Conflict, "ABORTED"),
            _ => (StatusCodes.Status400BadRequest, "BAD_REQUEST"),
        };
        return ErrorAsync(http, status, code, message);
    }

    /// <summary>An error of any status.</summary>
    public static Task ErrorAsync(HttpContext http, int status, string code, string message) => JsonAsync(http, status, (code, message), static (json, error) =>
    {
        json.WriteString("error_code"u8, error.code);
        json.WriteString("message"u8, error.message);
    });

    /// <summary>An answer of any status with a JSON object.</summary>
    public static async Task JsonAsync<T>(HttpContext http, int status, T state, Action<Utf8JsonWriter, T> write)
    {
        var buffer = kept ?? new PooledBuffer(Style);
        kept = null;
        try
        {
            var json = buffer.Begin();
            json.WriteStartObject();
            write(json, state);
            json.WriteEndObject();
            json.Flush();
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = buffer.Written.Length;
            await http.Response.Body.WriteAsync(buffer.Written, http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            if (buffer.Capacity <= KeptBuffer)
            {
                kept = buffer;
            }
            else
            {
                buffer.Dispose();
            }
        }
    }

    /// <summary>A growing array under a JSON writer, used again for the next answer.</summary>
    private sealed class PooledBuffer(JsonWriterOptions style) : IDisposable
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> bytes = new(4096);
        private Utf8JsonWriter? writer;

        public ReadOnlyMemory<byte> Written => bytes.WrittenMemory;

        public int Capacity => bytes.Capacity;

        public Utf8JsonWriter Begin()
        {
            bytes.ResetWrittenCount();
            if (writer is null)
            {
                return writer = new Utf8JsonWriter(bytes, style);
            }

            writer.Reset(bytes);
            return writer;
        }

        public void Dispose() => writer?.Dispose();
    }
}
