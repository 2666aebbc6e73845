using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Roux.Server.Telemetry;

/// <summary>What ties an answer, the lines of the log and the spans of a request together: the trace id, the caller's where it sent a <c>traceparent</c>.</summary>
internal static class RequestId
{
    /// <summary>The header that carries it in every answer.</summary>
    public const string Header = "X-Request-Id";

    public static string Of(HttpContext http) => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : http.TraceIdentifier;
}
