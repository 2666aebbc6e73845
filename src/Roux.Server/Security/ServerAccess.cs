using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>All of a server that decides who may do what.</summary>
internal sealed class ServerAccess : IDisposable
{
    public ServerAccess(TrackingService service, ServerOptions options, AuthMode mode)
    {
        var store = new AccountStore(service.Tracker);
        Directory = new AccountDirectory(store, options.Time);
        Gate = new Gatekeeper(service, options.Time);
        Sessions = new Sessions(store, Directory, options.Security, options.Time);
        Accounts = new Accounts(store, options.Time);
        Authenticator = new Authenticator(
            store, Directory, new LoginGuard(options.Time), options.Security.Oidc is { } oidc ? new BearerTokens(oidc, Directory, options.Time) : null, mode, options.Time);
        Limits = new RequestLimits(options.Security.RequestsPerSecond, Authenticator.IsOn);
        Store = store;
        if (Authenticator.IsOn)
        {
            _ = Task.Run(Passwords.Prepare);
        }
    }

    public AccountStore Store { get; }

    public AccountDirectory Directory { get; }

    public Authenticator Authenticator { get; }

    public Gatekeeper Gate { get; }

    public Sessions Sessions { get; }

    public Accounts Accounts { get; }

    public RequestLimits Limits { get; }

    public void Dispose()
    {
        Limits.Dispose();
        Authenticator.Dispose();
    }
}
