using System.Text.Json;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Server.Api;

/// <summary>Users and keys as JSON.</summary>
internal static class AccountJson
{
    public static void Write(Utf8JsonWriter json, UserInfo user)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, user.Name);
        json.WriteString("role"u8, Text(user.Role));
        WriteProjects(json, user.Projects);
        json.WriteBoolean("has_password"u8, user.HasPassword);
        json.WriteBoolean("disabled"u8, user.IsDisabled);
        json.WriteBoolean("from_identity_provider"u8, user.IsFederated);
        json.WriteString("created"u8, user.Created);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, KeyInfo key)
    {
        json.WriteStartObject();
        WriteMembers(json, key);
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, KeyInfo key)
    {
        json.WriteString("key_id"u8, key.Id);
        json.WriteString("user"u8, key.User);
        json.WriteString("name"u8, key.Name);
        json.WriteString("role"u8, Text(key.Role));
        json.WriteString("project"u8, key.Project);
        json.WriteString("created"u8, key.Created);
        WriteTime(json, "expires"u8, key.Expires);
        WriteTime(json, "used"u8, key.Used);
    }

    public static void WriteProjects(Utf8JsonWriter json, IReadOnlyDictionary<string, Role> projects)
    {
        json.WriteStartObject("projects"u8);
        foreach (var (project, role) in projects.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(project, Text(role));
        }

        json.WriteEndObject();
    }

    public static string Text(Role role) => role.ToString().ToLowerInvariant();

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
