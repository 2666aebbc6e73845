using System.Net;
using System.Text;
using System.Text.Json;

namespace Roux.Tracking.Remote;

/// <summary>Reads what a server answers, without trusting it: bounded, and told plainly where it is no answer of such a server.</summary>
internal static class ServerAnswers
{
    private const int LongestMessage = 500;

    /// <summary>The body, up to a limit.</summary>
    /// <exception cref="RemoteException">It is longer.</exception>
    public static async Task<byte[]> ReadAsync(ServerAddress address, HttpResponseMessage response, int most, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        using var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            if (memory.Length + read > most)
            {
                throw new RemoteException(RemoteFailure.Foreign, $"{address}: the answer is longer than {most >> 20} MB, so it was not read to its end; ask for less at a time");
            }

            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }

    /// <summary>Writes the body to a file, through a temporary one.</summary>
    public static async Task SaveAsync(ServerAddress address, HttpResponseMessage response, string file, long most, TimeLimit limit)
    {
        var temporary = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            await using (var stream = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false))
            {
                var buffer = new byte[1 << 18];
                var total = 0L;
                int read;
                while ((read = await stream.ReadAsync(buffer, limit.Token).ConfigureAwait(false)) > 0)
                {
                    total += read;
                    if (total > most)
                    {
                        throw new RemoteException(RemoteFailure.Foreign, $"{address}: sends more than the {most} bytes that it announced for {Path.GetFileName(file)}");
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), limit.Token).ConfigureAwait(false);
                }
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception exception) when (exception is HttpRequestException || limit.Explains(exception))
        {
            throw new RemoteException(RemoteFailure.Unreachable, $"{address}: the download of {Path.GetFileName(file)} broke off; try again", exception);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The JSON of a success.</summary>
    /// <exception cref="RemoteException">It is none.</exception>
    public static JsonElement Json(ServerAddress address, string path, HttpResponseMessage response, byte[] bytes)
    {
        try
        {
            if (bytes.Length == 0)
            {
                return JsonSerializer.Deserialize<JsonElement>("{}"u8);
            }

            var element = JsonSerializer.Deserialize<JsonElement>(bytes); // 64 levels at most
            return element.ValueKind == JsonValueKind.Object ? element : throw new JsonException("no object");
        }
        catch (JsonException exception)
        {
            var kind = response.Content.Headers.ContentType?.MediaType is { } type ? $" ({type})" : "";
            throw new RemoteException(
                RemoteFailure.Foreign, $"{address}: the answer to /{Route(path)} is not JSON{kind}; is this the address of an MLflow or Roux server, and not of a login page or proxy before it?", exception);
        }
    }

    /// <summary>What an answer that is no success means.</summary>
    public static RemoteException Failure(ServerAddress address, string path, HttpResponseMessage response, byte[] bytes)
    {
        var (code, message) = Error(bytes);
        var status = (int)response.StatusCode;
        var said = message.Length > 0 ? $": {message}" : "";
        var retry = response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date is { } date ? date - DateTimeOffset.UtcNow : null) : null;
        var login = address.Login.Header is null
            ? "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN, or ROUX_API_KEY"
            : "check the user, password, token or key that is set";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(RemoteFailure.Denied, $"{address}: it wants another login (401){said}; {login}"),
            HttpStatusCode.ProxyAuthenticationRequired => new(RemoteFailure.Denied, $"{address}: the proxy wants a login (407); give it in HTTP_PROXY or HTTPS_PROXY"),
            HttpStatusCode.Forbidden => new(RemoteFailure.Denied, $"{address}: not allowed (403){said}; ask for the right to do this, or log in as another: {login}") { Code = code },
            HttpStatusCode.NotFound when code is "RESOURCE_DOES_NOT_EXIST" or "NOT_FOUND" => new(RemoteFailure.Missing, $"{address}{said}") { Code = code },
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => new(
                RemoteFailure.Unsupported, $"{address}: has no /{Route(path)} ({status}){said}; is this the address of an MLflow or Roux server?") { Code = code },
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new(
                RemoteFailure.Busy, $"{address}: answers {status}{said}") { Code = code, RetryAfter = retry is { } wait && wait > TimeSpan.Zero ? wait : null },
            _ => new(RemoteFailure.Refused, message.Length > 0 ? message : $"answered {status} to /{Route(path)}") { Code = code },
        };
    }

    private static (string Code, string Message) Error(byte[] bytes)
    {
        try
        {
            if (bytes.Length > 0 && JsonSerializer.Deserialize<JsonElement>(bytes) is { ValueKind: JsonValueKind.Object } body)
            {
                return (Text(body, "error_code"), Text(body, "message"));
            }
        }
        catch (JsonException)
        {
            // Not of such a server: the status has to do.
        }

        return ("", "");
    }

    private static string Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Plain(value.GetString()!) : "";

    /// <summary>One line of what may be anything.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(Math.Min(text.Length, LongestMessage));
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, LongestMessage)))
        {
            plain.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return plain.ToString().Trim();
    }

    private static string Route(string path) => path.Split('?')[0].TrimStart('/');
}
