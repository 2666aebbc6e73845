using System.Security.Claims;
using Roux.Tracking;

namespace Roux.Server.Security;

/// <summary>What a person's claims say: who they are, what to call them, and which roles the settings give them.</summary>
internal sealed class OidcRoles(OidcSettings settings)
{
    /// <summary>The name to show.</summary>
    public string NameOf(ClaimsIdentity identity) => AccountNames.OfPerson(
        identity.FindFirst(settings.NameClaim)?.Value ?? identity.FindFirst("email")?.Value ?? identity.FindFirst("sub")?.Value ?? "unknown");

    /// <summary>Roles by project, the empty name standing for the whole server.</summary>
    public IReadOnlyDictionary<string, Role> Of(ClaimsIdentity identity)
    {
        var values = identity.FindAll(settings.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return settings.Roles.Where(role => role.Value == "*" || values.Contains(role.Value))
            .GroupBy(role => role.Project ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(role => role.Role), StringComparer.Ordinal);
    }
}
