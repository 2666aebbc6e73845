using System.Security.Claims;
using Roux.Server.Security;

namespace Roux.Server.Components.Hosting;

/// <summary>Who opened a page, as the page's connection keeps it: the session is looked up anew for all that is done, for it may have ended meanwhile.</summary>
/// <param name="caller">Who it was.</param>
/// <param name="session">Hash of the browser's session; <c>null</c>: another login, or none.</param>
internal sealed class VisitorIdentity(Caller caller, string? session) : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], "roux")
{
    public Caller Caller => caller;

    public string? Session => session;
}
