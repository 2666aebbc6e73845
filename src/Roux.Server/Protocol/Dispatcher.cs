using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roux.Server.Security;
using Roux.Server.Telemetry;
using Roux.Tracking;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Server.Protocol;

/// <summary>Reads a request, calls its handler, and turns whatever goes wrong into an answer that says no more than the client may know.</summary>
internal sealed class Dispatcher(TrackingService service, ServerOptions options, ServerAccess access, ILogger log)
{
    private const int DeepestJson = 32;

    private static readonly JsonDocumentOptions JsonRules = new() { MaxDepth = DeepestJson, AllowTrailingCommas = false };

    public RequestDelegate Handle(Operation operation) => http => RunAsync(http, operation);

    /// <summary>Answers what no route is for.</summary>
    public static Task UnknownAsync(HttpContext http) =>
        Reply.ErrorAsync(http, StatusCodes.Status404NotFound, "ENDPOINT_NOT_FOUND", "No such endpoint; docs/mlflow-compatibility.md lists what this server speaks");

    private async Task RunAsync(HttpContext http, Operation operation)
    {
        try
        {
            var caller = await AdmitAsync(http, operation).ConfigureAwait(false);
            if (operation.Body != BodyKind.Json || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            {
                await AnswerAsync(operation, new Call(http, service, options, new Fields(http.Request.Query), access, caller)).ConfigureAwait(false);
                return;
            }

            var body = await ReadAsync(http).ConfigureAwait(false);
            using var document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, JsonRules);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ServiceException(ServiceError.BadRequest, "The request body is not a JSON object");
            }

            await AnswerAsync(operation, new Call(http, service, options, new Fields(document.RootElement), access, caller)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // This is where all errors of requests end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailAsync(http, operation, exception).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out who asks and whether they ask too much, before anything of the request is read.</summary>
    private async ValueTask<Caller> AdmitAsync(HttpContext http, Operation operation)
    {
        if (operation.Access.IsOpen)
        {
            access.Limits.Take(null, http.Connection.RemoteIpAddress);
            return Caller.Nobody;
        }

        Caller? caller = null;
        try
        {
            caller = await access.Authenticator.FindAsync(http).ConfigureAwait(false);
        }
        finally
        {
            access.Limits.Take(caller, http.Connection.RemoteIpAddress);
        }

        http.User = caller.Principal;
        if (operation.Body == BodyKind.Json || operation.TakesGzip)
        {
            RequestDecompression.Apply(http, options.MaxRequestBytes);
        }

        return caller;
    }

    private Task AnswerAsync(Operation operation, Call call)
    {
        access.Gate.Check(call.Caller, operation.Access, call);
        return operation.Handler(call);
    }

    /// <summary>The whole body of a request that is no artifact.</summary>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async Task FailAsync(HttpContext http, Operation operation, Exception exception)
    {
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            if (exception is not (OperationCanceledException or IOException))
            {
                log.LogError(exception, "{Method} {Route} broke off; request {RequestId}", http.Request.Method, operation.Path, RequestId.Of(http));
            }

            return;
        }

        switch (exception)
        {
            case ServiceException failed:
                await Reply.ErrorAsync(http, failed.Error, failed.Message).ConfigureAwait(false);
                break;
            case RefusedException refused:
                await RefuseAsync(http, refused).ConfigureAwait(false);
                break;
            case PromotionRefusedException stopped:
                await Reply.ErrorAsync(http, ServiceError.PermissionDenied, stopped.Message).ConfigureAwait(false);
                break;
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                await Reply.ErrorAsync(http, StatusCodes.Status415UnsupportedMediaType, "BAD_REQUEST", "Send the body as it is, or JSON compressed by gzip").ConfigureAwait(false);
                break;
            case StoreUnavailableException unavailable:
                log.LogWarning("{Method} {Route}: {Message}", http.Request.Method, operation.Path, unavailable.Message);
                http.Response.Headers.RetryAfter = "1";
                await Reply.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "TEMPORARILY_UNAVAILABLE", "The server's database cannot be reached for now; try again").ConfigureAwait(false);
                break;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                await Reply.ErrorAsync(http, StatusCodes.Status413PayloadTooLarge, "BAD_REQUEST", "The request is too large").ConfigureAwait(false);
                break;
            case BadHttpRequestException bad:
                await Reply.ErrorAsync(http, bad.StatusCode, "BAD_REQUEST", "The request is malformed or came too slowly").ConfigureAwait(false);
                break;
            case JsonException:
                await Reply.ErrorAsync(http, ServiceError.BadRequest, "The request body is not valid JSON, or is nested too deeply").ConfigureAwait(false);
                break;
            default:
                var reference = RequestId.Of(http);
                log.LogError(exception, "{Method} {Route} failed; reference {Reference}", http.Request.Method, operation.Path, reference);
                await Reply.ErrorAsync(http, StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", $"The server could not do this; its log has the details under reference {reference}").ConfigureAwait(false);
                break;
        }
    }

    private static Task RefuseAsync(HttpContext http, RefusedException refused)
    {
        if (refused.Error == ServiceError.Unauthenticated)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"roux\", charset=\"UTF-8\"";
        }

        if (refused.Wait is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return Reply.ErrorAsync(http, refused.Error, refused.Message);
    }
}
