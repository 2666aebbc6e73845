using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Roux.Server.Telemetry;

/// <summary>
/// Around every request: gives it an id, counts what was refused and how much artifact data moved, logs slow ones, and describes the span
/// where spans are recorded. Names routes, never paths: those hold what clients chose.
/// </summary>
internal sealed class RequestTelemetry(ServerMeter meter, RequestFigures figures, bool traced, ILogger log, TimeSpan slow)
{
    private const string NoRoute = "(no route)";

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        http.Response.Headers[RequestId.Header] = RequestId.Of(http);
        var work = next(http);
        if (!work.IsCompletedSuccessfully)
        {
            return Finish(http, work, started);
        }

        Note(http, started);
        return Task.CompletedTask;
    }

    private async Task Finish(HttpContext http, Task work, long started)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        finally
        {
            Note(http, started);
        }
    }

    private void Note(HttpContext http, long started)
    {
        var status = http.Response.StatusCode;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        var movesFiles = route.Contains("artifact", StringComparison.Ordinal);
        var isOpenPage = route.StartsWith("/_blazor", StringComparison.Ordinal);
        if (status >= StatusCodes.Status400BadRequest)
        {
            meter.Refused(status);
        }
        else if (movesFiles)
        {
            NoteBytes(http);
        }

        if (traced && Activity.Current is { } span)
        {
            Describe(span, http.Request.Method, route, status);
        }

        var took = Stopwatch.GetElapsedTime(started);
        figures.Add(status, movesFiles || isOpenPage ? null : took);
        if (took > slow && !movesFiles && !isOpenPage && log.IsEnabled(LogLevel.Warning))
        {
            log.LogWarning("Slow: {Method} {Route} {Status} took {Milliseconds:0} ms; request {RequestId}", http.Request.Method, route, status, took.TotalMilliseconds, RequestId.Of(http));
        }
        else if (log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("{Method} {Route} {Status} in {Milliseconds:0.0} ms; request {RequestId}", http.Request.Method, route, status, took.TotalMilliseconds, RequestId.Of(http));
        }
    }

    private void NoteBytes(HttpContext http)
    {
        if (HttpMethods.IsPut(http.Request.Method) && http.Request.ContentLength is > 0 and var received)
        {
            meter.Received(received);
        }
        else if (HttpMethods.IsGet(http.Request.Method) && http.Response.ContentLength is > 0 and var sent)
        {
            meter.Sent(sent);
        }
    }

    /// <summary>OpenTelemetry's names for an HTTP server's span.</summary>
    private static void Describe(Activity span, string method, string route, int status)
    {
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
