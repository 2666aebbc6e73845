using Roux.Server.Security;

namespace Roux.Server.Protocol;

/// <summary>What the body of a request is.</summary>
internal enum BodyKind
{
    /// <summary>A JSON object, or the query of a GET.</summary>
    Json,

    /// <summary>Bytes that the handler reads itself.</summary>
    Bytes,
}

/// <summary>An endpoint: how it is called, what it needs of the caller, and what answers.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path below the prefixes of its group, parts in braces.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Handler">What answers.</param>
internal sealed record Operation(string Method, string Path, Access Access, Func<Call, Task> Handler)
{
    public BodyKind Body { get; init; }

    /// <summary>Whether bytes may come compressed by gzip and reach the handler plain, as JSON always does.</summary>
    public bool TakesGzip { get; init; }
}
