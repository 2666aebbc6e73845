using Microsoft.AspNetCore.Http;

namespace Roux.Server.Security;

/// <summary>Paths that say nothing but that the server lives: orchestrators ask them under whatever name they know.</summary>
internal static class Probes
{
    public const string Health = "/health";
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";
    public const string Version = "/version";

    public static bool IsProbe(PathString path) => path == Health || path == Live || path == Ready || path == Version;
}
