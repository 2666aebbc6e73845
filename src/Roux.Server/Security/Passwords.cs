using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>
/// Password hashes by ASP.NET Core Identity: PBKDF2 with HMAC-SHA512 and a random salt of 128 bits; iterations as OWASP's Password
/// Storage Cheat Sheet (2023) asks for. Older hashes are renewed at the next login.
/// </summary>
internal static class Passwords
{
    public const int Shortest = 12;
    public const int Longest = 1024;

    private const int Iterations = 210_000;

    private static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly object Nobody = new();

    // Checked for users that are not there, so that they take as long as those that are.
    private static readonly Lazy<string> Decoy = new(() => Hash(Secrets.New()));

    public static string Hash(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Checks a password against a hash; without one, does the same work for nothing.</summary>
    /// <returns>Whether it fits, and a hash with current parameters where the stored one is behind.</returns>
    public static (bool Fits, string? Renewed) Check(string? hash, string password)
    {
        var result = Hasher.VerifyHashedPassword(Nobody, hash ?? Decoy.Value, password);
        return hash is null || result == PasswordVerificationResult.Failed ? (false, null)
            : (true, result == PasswordVerificationResult.SuccessRehashNeeded ? Hash(password) : null);
    }

    /// <summary>Makes the decoy, so that the first unknown user does not stand out.</summary>
    public static void Prepare() => _ = Decoy.Value;

    /// <summary>Checks a password that somebody chooses.</summary>
    /// <exception cref="ServiceException">It is too short, too long, or the user's name.</exception>
    public static void CheckChoice(string name, string password)
    {
        if (password.Length is < Shortest or > Longest)
        {
            throw ServiceException.Invalid($"a password has {Shortest} to {Longest} characters; several words do well");
        }

        if (password.Contains(name, StringComparison.OrdinalIgnoreCase) && password.Length < name.Length + Shortest)
        {
            throw ServiceException.Invalid("a password is more than the user's name with a few characters");
        }
    }
}
