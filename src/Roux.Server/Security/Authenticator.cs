using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>
/// Finds out who asks: HTTP Basic (a user's password, or one of the user's keys in its place), Bearer (a key, or an access token of the
/// identity provider), or a browser's session.
/// </summary>
internal sealed class Authenticator(AccountStore store, AccountDirectory accounts, LoginGuard guard, BearerTokens? tokens, AuthMode mode, TimeProvider time) : IDisposable
{
    private const int LongestHeader = 8192;
    private const int MostWaiting = 64;
    private const long UseNoted = 60_000;

    private readonly VerifiedPasswords verified = new(time);
    private readonly SemaphoreSlim hashing = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Dictionary<string, long> noted = new(StringComparer.Ordinal);
    private int waiting;
    private volatile bool hadUsers;

    /// <summary>Whether callers have to log in. Once a store has users it stays so.</summary>
    public bool IsOn => mode switch
    {
        AuthMode.On => true,
        AuthMode.Off => false,
        _ => hadUsers || (hadUsers = accounts.HasUsers),
    };

    /// <summary>Who asks.</summary>
    /// <exception cref="RefusedException">Nobody who may, or too many wrong attempts.</exception>
    public async ValueTask<Caller> FindAsync(HttpContext http)
    {
        if (!IsOn)
        {
            return Caller.Anybody;
        }

        var header = http.Request.Headers.Authorization;
        if (header.Count > 0)
        {
            return header is [{ Length: < LongestHeader } text]
                ? await OfHeaderAsync(http, text).ConfigureAwait(false) ?? throw RefusedException.NotLoggedIn()
                : throw RefusedException.NotLoggedIn();
        }

        return OfSession(http) ?? throw RefusedException.NotLoggedIn();
    }

    /// <summary>The user of a name and password.</summary>
    /// <exception cref="RefusedException">Too many wrong attempts.</exception>
    public async ValueTask<Member?> OfPasswordAsync(HttpContext http, string givenName, string password)
    {
        var address = http.Connection.RemoteIpAddress;
        var name = AccountNames.Normal(givenName);
        var member = name.Length <= AccountNames.Longest ? accounts.Find(name) : null;
        var hash = member?.User.PasswordHash;
        if (hash is not null && verified.Contains(name, password, hash, address))
        {
            return member;
        }

        if (guard.Wait(name, address) is { } wait)
        {
            throw new RefusedException(ServiceError.TooManyRequests, "Too many failed logins; wait a while") { Wait = wait };
        }

        var (fits, renewed) = await CheckAsync(hash, password, http.RequestAborted).ConfigureAwait(false);
        if (!fits)
        {
            guard.Failed(name, address);
            return null;
        }

        guard.Succeeded(name, address);
        if (renewed is not null)
        {
            await store.RenewHashAsync(member!.User.Id, hash!, renewed).ConfigureAwait(false);
        }

        verified.Add(name, password, hash!, address);
        return member;
    }

    public void Dispose() => hashing.Dispose();

    private async ValueTask<Caller?> OfHeaderAsync(HttpContext http, string text)
    {
        if (text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var token = text["Bearer ".Length..].Trim();
            return Secrets.IsKey(token) ? OfKey(token, null)
                : tokens is null ? null : await tokens.FindAsync(token, http.RequestAborted).ConfigureAwait(false);
        }

        if (!text.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || Decode(text["Basic ".Length..].Trim()) is not [var name, var password])
        {
            return null;
        }

        return Secrets.IsKey(password) ? OfKey(password, AccountNames.Normal(name)) : (await OfPasswordAsync(http, name, password).ConfigureAwait(false))?.Caller;
    }

    /// <summary>Two texts in base64 around the first colon.</summary>
    private static string[]? Decode(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var count))
        {
            return null;
        }

        try
        {
            var pair = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count).Split(':', 2);
            return pair.Length == 2 ? pair : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Caller? OfKey(string secret, string? user)
    {
        if (accounts.Find(Secrets.Hash(secret), CredentialKind.Key) is not { } holder || (user is not null && user != holder.Caller.Name))
        {
            return null;
        }

        NoteUse(holder.Credential);
        return holder.Caller;
    }

    /// <summary>A browser sends cookies whoever made the page: one that changes something must say that the page is ours.</summary>
    private Caller? OfSession(HttpContext http)
    {
        if (Sessions.Read(http) is not { } secret || accounts.Find(Secrets.Hash(secret), CredentialKind.Session) is not { } holder)
        {
            return null;
        }

        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || RequestGuard.IsOwnPage(http.Request)
            ? holder.Caller
            : throw new RefusedException(ServiceError.PermissionDenied, "Cross-origin request refused");
    }

    private async ValueTask<(bool Fits, string? Renewed)> CheckAsync(string? hash, string password, CancellationToken cancellation)
    {
        if (password.Length > Passwords.Longest)
        {
            password = "";
        }

        // The hash is slow on purpose: a flood of logins must not take the processors from everybody else.
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new RefusedException(ServiceError.TooManyRequests, "Too many logins at once; wait a moment") { Wait = TimeSpan.FromSeconds(1) };
        }

        try
        {
            await hashing.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => Passwords.Check(hash, password), cancellation).ConfigureAwait(false);
            }
            finally
            {
                hashing.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Notes once a minute that a key is in use. A note that is lost does no harm.</summary>
    private void NoteUse(CredentialRecord credential)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (noted)
        {
            if (now - noted.GetValueOrDefault(credential.KeyId, credential.Used ?? 0) < UseNoted)
            {
                return;
            }

            noted[credential.KeyId] = now;
        }

        _ = store.TouchAsync(credential.KeyId, now).ContinueWith(static task => _ = task.Exception, TaskContinuationOptions.OnlyOnFaulted);
    }
}
