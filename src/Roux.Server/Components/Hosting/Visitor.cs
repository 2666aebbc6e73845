using Microsoft.AspNetCore.Components.Authorization;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Hosting;

/// <summary>Who looks at a page, and what they may see and do: asked anew each time, since a session may end and a role change while a page is open.</summary>
internal sealed class Visitor(AuthenticationStateProvider state, ServerAccess access)
{
    private VisitorIdentity? identity;

    /// <summary>Whether people log in here at all.</summary>
    public bool LogsIn => access.Authenticator.IsOn;

    /// <summary>Whether there is somebody, or nobody has to be.</summary>
    public bool IsIn => Find() is not null;

    /// <summary>Who it is.</summary>
    /// <exception cref="ServiceException">The session has ended.</exception>
    public Caller Caller => Find() ?? throw new ServiceException(ServiceError.Unauthenticated, "Your session has ended: log in again");

    /// <summary>What lists show.</summary>
    public Reach Reach => Caller.Reach;

    /// <summary>Name to act under.</summary>
    public string Name => Caller.Name;

    /// <summary>Asks for a role where a thing lies.</summary>
    /// <exception cref="ServiceException">The visitor lacks it, may not see the thing, or it is not there.</exception>
    public void Require(Role role, SubjectKind kind, string id) => access.Gate.Check(Caller, new Need(role, kind, id));

    /// <summary>Asks for a role for the whole server.</summary>
    /// <exception cref="ServiceException">The visitor lacks it.</exception>
    public void RequireServer(Role role)
    {
        if (Caller.ServerRole < role)
        {
            throw new ServiceException(ServiceError.PermissionDenied, $"Permission denied: this takes the role {role.ToString().ToLowerInvariant()} for the whole server");
        }
    }

    /// <summary>Whether the visitor has a role where a thing lies.</summary>
    public bool Can(Role role, SubjectKind kind, string id)
    {
        try
        {
            Require(role, kind, id);
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
    }

    /// <summary>Whether the visitor has a role anywhere.</summary>
    public bool Has(Role role) => Find() is { } caller && caller.Highest >= role;

    /// <summary>Whether the visitor has a role for the whole server.</summary>
    public bool HasForServer(Role role) => Find() is { } caller && caller.ServerRole >= role;

    private Caller? Find()
    {
        // The provider has been told by the page's request before anything can ask: the task is complete.
        identity ??= state.GetAuthenticationStateAsync() is { IsCompletedSuccessfully: true } known ? known.Result.User.Identity as VisitorIdentity : null;
        if (!access.Authenticator.IsOn)
        {
            return Caller.Anybody;
        }

        return identity switch
        {
            null => null,
            { Session: { } session } => access.Directory.Find(session, Tracking.Accounts.CredentialKind.Session)?.Caller,
            { Caller: var caller } => caller == Caller.Anybody || caller.Expires <= DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() ? null : caller,
        };
    }
}
