using Roux.Server.Security;
using Roux.Server.Telemetry;
using Roux.Tracking;

namespace Roux.Server;

/// <summary>How a server listens and what it takes. Change single settings with <c>with</c>.</summary>
public sealed record ServerOptions
{
    /// <summary>Folder of the store; made where there is none.</summary>
    public required string Store { get; init; }

    /// <summary>Where artifacts lie: a folder, or <c>s3://bucket/prefix</c>. Default: see <see cref="Tracking.TrackerOptions.Artifacts"/>.</summary>
    public string? Artifacts { get; init; }

    /// <summary>Address or name to listen on. Default: this machine only.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port, 0 for any free one.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>Names of this server beside the loopback ones that requests may carry in their Host header.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Listen on a public address although nobody has to log in.</summary>
    public bool AllowUnauthenticatedPublic { get; init; }

    /// <summary>Who may use it and how it is reached safely.</summary>
    public ServerSecurity Security { get; init; } = new();

    /// <summary>Largest request that is not an artifact, in bytes. Default: 10 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 10 << 20;

    /// <summary>Largest artifact file, in bytes. Default: 1 TiB.</summary>
    public long MaxArtifactBytes { get; init; } = 1L << 40;

    /// <summary>How long requests may go on when the server is asked to stop. Default: ten seconds.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to send the head of a request. Default: 15 seconds.</summary>
    public TimeSpan HeaderPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What is logged, and how.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>How webhooks are sent.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>What the server removes by itself, and how often; <c>null</c>: nothing.</summary>
    public RetentionSchedule? Retention { get; init; }

    /// <summary>How long a client may stall before it must send its body, or take the answer, at the slowest rate of 240 bytes a second. Default: five seconds.</summary>
    public TimeSpan BodyPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock behind the times that the server itself sets.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
