using System.Net;
using System.Threading.RateLimiting;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>How many requests a second one user may make, or one address where nobody is logged in: a bucket of tokens for each.</summary>
internal sealed class RequestLimits : IDisposable
{
    private const int Usual = 10_000;
    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<string>? limiter;

    /// <summary>Limits of a server.</summary>
    /// <param name="perSecond">Requests a second; 0: no limit; <c>null</c>: the usual one where callers log in.</param>
    /// <param name="loggedIn">Whether callers log in.</param>
    public RequestLimits(int? perSecond, bool loggedIn)
    {
        var most = perSecond ?? (loggedIn ? Usual : 0);
        limiter = most == 0 ? null : PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = most * 2,
            TokensPerPeriod = Math.Max(1, most / RefillsPerSecond),
            ReplenishmentPeriod = TimeSpan.FromSeconds(most < RefillsPerSecond ? 1.0 / most : 1.0 / RefillsPerSecond),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));
    }

    /// <summary>Takes one request off what a caller has left.</summary>
    /// <exception cref="RefusedException">Nothing is left.</exception>
    public void Take(Caller? caller, IPAddress? address)
    {
        if (limiter is null)
        {
            return;
        }

        using var lease = limiter.AttemptAcquire(caller is null || caller == Caller.Anybody ? $"address {address}" : $"user {caller.Name}");
        if (!lease.IsAcquired)
        {
            throw new RefusedException(ServiceError.TooManyRequests, "Too many requests; wait a moment") { Wait = TimeSpan.FromSeconds(1) };
        }
    }

    public void Dispose() => limiter?.Dispose();
}
