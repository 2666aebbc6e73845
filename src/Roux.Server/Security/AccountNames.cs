using System.Globalization;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>Names of users.</summary>
internal static class AccountNames
{
    public const int Longest = 64;

    /// <summary>People from an identity provider have names that no user of the store's own can have.</summary>
    public const string Federated = "oidc/";

    /// <summary>A name as it is kept: capital letters make no difference.</summary>
    public static string Normal(string name) => name.Trim().ToLowerInvariant();

    /// <summary>A name for a new user.</summary>
    /// <exception cref="ServiceException">It cannot be one.</exception>
    public static string Checked(string name)
    {
        var normal = Normal(name);
        return normal.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(normal[0])
            && normal.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '@' or '+')
                ? normal
                : throw ServiceException.Invalid(string.Create(CultureInfo.InvariantCulture, $"'{(name.Length > 100 ? name[..100] : name)}' is no name for a user: up to {Longest} letters, digits and . _ - @ +, the first a letter or digit"));
    }

    /// <summary>The name of a person from an identity provider.</summary>
    public static string OfPerson(string name) =>
        Federated + new string([.. Normal(name).Take(Longest).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '@' or '+' ? letter : '_')]);
}
