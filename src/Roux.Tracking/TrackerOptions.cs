namespace Roux.Tracking;

/// <summary>How a <see cref="Tracker"/> writes. Change single settings with <c>with</c>.</summary>
public sealed record TrackerOptions
{
    /// <summary>
    /// The run that the program was started as: the first run it starts in that store is this one, and further ones are parts of it.
    /// Default: what <c>roux run</c> says in <c>ROUX_RUN_ID</c> and <c>ROUX_STORE</c>. Null: every run is one of its own.
    /// </summary>
    public RunContext? StartedAs { get; init; } = RunContext.FromEnvironment();

    /// <summary>Longest time that a metric point waits in memory before it is written. Default: one second.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a write waits while other processes write to the same store. Default: 30 seconds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where artifacts are: a folder, or <c>s3://bucket/prefix</c> (docs/server.md). Default: the environment variable <c>ROUX_ARTIFACTS</c>; where that is
    /// not set, the folder <c>artifacts</c> in the store; for a store in a database what its address says (<c>?artifacts=PLACE</c>), else
    /// <c>./.roux/artifacts</c>. Everybody who uses the store must say the same.
    /// </summary>
    public string? Artifacts { get; init; } = Environment.GetEnvironmentVariable("ROUX_ARTIFACTS") is { Length: > 0 } place ? place : null;

    /// <summary>
    /// Also sync the disk at every commit, so that what was acknowledged survives a power cut. Off by default: then it survives
    /// the end of the process by any means (<c>kill -9</c> too), and a power cut may cost the last seconds but never the store.
    /// </summary>
    public bool SurvivePowerLoss { get; init; }

    /// <summary>
    /// On Ctrl+C, SIGTERM, an unhandled exception or the end of the process, write what is in memory and mark open runs
    /// <see cref="RunStatus.Killed"/> or <see cref="RunStatus.Failed"/>. Default: on.
    /// </summary>
    public bool HandleProcessEnd { get; init; } = true;

    /// <summary>In whose name the registry is changed. Default: the user of the operating system.</summary>
    public string Actor { get; init; } = Environment.UserName;

    /// <summary>How long closing a tracker, or the end of the process, waits for a server to have everything. What is left then is kept; <c>roux sync</c> sends it. Default: ten seconds.</summary>
    public TimeSpan ExitPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Folder of all spools, for what goes to servers. Default: <c>ROUX_SPOOL</c>, else <c>roux/spool</c> among the user's data.</summary>
    public string? SpoolRoot { get; init; }

    /// <summary>
    /// Most bytes that wait in a spool while the server takes nothing; beyond that, metrics and artifacts are dropped and that is told. Default:
    /// <c>ROUX_SPOOL_LIMIT</c> (such as <c>500MB</c>), else 10 GB.
    /// </summary>
    public long? SpoolLimit { get; init; }

    /// <summary>The clock behind start, end and metric times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
