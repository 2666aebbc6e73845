using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Roux.Server.Security;

/// <summary>
/// Slows guessing down: after some wrong passwords further ones wait, twice as long each time. Counted per user and address, so that
/// nobody can lock out a user who logs in from elsewhere; per address, against many users tried from one; and, with short waits only, per
/// user, against many addresses. Users that are not there count like those that are.
/// </summary>
internal sealed class LoginGuard(TimeProvider time)
{
    private const int MostKept = 20_000;
    private const int FreeOfPair = 5;
    private const int FreeOfAddress = 50;
    private const int FreeOfUser = 100;

    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string User, string Address), Failures> failures = new();

    /// <summary>How long a login has to wait; <c>null</c>: not at all.</summary>
    public TimeSpan? Wait(string user, IPAddress? address)
    {
        var place = Place(address);
        var now = time.GetUtcNow();
        var longest = TimeSpan.Zero;
        foreach (var (key, free, most) in Keys(user, place))
        {
            if (failures.TryGetValue(key, out var entry) && entry.Count > free)
            {
                var wait = TimeSpan.FromSeconds(Math.Min(most.TotalSeconds, Math.Pow(2, Math.Min(30, entry.Count - free - 1)))) - (now - entry.Last);
                longest = wait > longest ? wait : longest;
            }
        }

        return longest > TimeSpan.Zero ? longest : null;
    }

    public void Failed(string user, IPAddress? address)
    {
        if (failures.Count > MostKept)
        {
            Sweep();
        }

        var now = time.GetUtcNow();
        foreach (var (key, _, _) in Keys(user, Place(address)))
        {
            failures.AddOrUpdate(key, _ => new Failures(1, now), (_, known) => new Failures(now - known.Last > LongWait ? 1 : known.Count + 1, now));
        }
    }

    public void Succeeded(string user, IPAddress? address) => failures.TryRemove((user, Place(address)), out _);

    private static ((string, string) Key, int Free, TimeSpan Most)[] Keys(string user, string place) =>
        [((user, place), FreeOfPair, LongWait), (("", place), FreeOfAddress, LongWait), ((user, ""), FreeOfUser, ShortWait)];

    /// <summary>Where a login comes from: for IPv6 the network, of which one subscriber has all addresses.</summary>
    private static string Place(IPAddress? address)
    {
        if (address is null)
        {
            return "?";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8)) : plain.ToString();
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in failures)
        {
            if (now - entry.Last > LongWait)
            {
                failures.TryRemove(key, out _);
            }
        }

        // A flood of names: the pairs go, what counts the addresses that they came from stays.
        if (failures.Count > MostKept)
        {
            foreach (var key in failures.Keys.Where(key => key.User.Length > 0))
            {
                failures.TryRemove(key, out _);
            }
        }
    }

    private sealed record Failures(int Count, DateTimeOffset Last);
}
