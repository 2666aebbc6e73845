using System.Reflection;

namespace Roux.Server.Telemetry;

/// <summary>What this server is, and since when.</summary>
internal sealed class ServerAge(TimeProvider time)
{
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public string Version { get; } = typeof(ServerAge).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
}
