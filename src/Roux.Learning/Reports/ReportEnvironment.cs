using System.Runtime.InteropServices;
using Roux.Tracking;

namespace Roux.Learning.Reports;

/// <summary>When and on what a development ran; what is not known is left out of the report.</summary>
public sealed record ReportEnvironment
{
    /// <summary>When the run began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Commit of the working directory's repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Branch of the working directory's repository.</summary>
    public string? Branch { get; init; }

    /// <summary>Whether there were changes on top of the commit.</summary>
    public bool? Dirty { get; init; }

    /// <summary>The .NET runtime.</summary>
    public string? Runtime { get; init; }

    /// <summary>The operating system.</summary>
    public string? System { get; init; }

    /// <summary>The processor.</summary>
    public string? Processor { get; init; }

    /// <summary>The version of Roux.</summary>
    public string? Version { get; init; }

    /// <summary>What the tags of a captured run say; for the rest, this process.</summary>
    public static ReportEnvironment From(RunRecord run)
    {
        var tags = run.Tags;
        return Here() with
        {
            Started = run.Started,
            Commit = tags.GetValueOrDefault("mlflow.source.git.commit"),
            Branch = tags.GetValueOrDefault("mlflow.source.git.branch"),
            Dirty = tags.GetValueOrDefault("roux.git.dirty") switch { "true" => true, "false" => false, _ => null },
            Runtime = tags.GetValueOrDefault("roux.runtime") ?? RuntimeInformation.FrameworkDescription,
            System = tags.GetValueOrDefault("roux.os") ?? RuntimeInformation.OSDescription,
            Processor = tags.GetValueOrDefault("roux.cpu"),
        };
    }

    /// <summary>This process and machine.</summary>
    public static ReportEnvironment Here() => new()
    {
        Runtime = RuntimeInformation.FrameworkDescription,
        System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
        Version = typeof(ReportEnvironment).Assembly.GetName().Version?.ToString(3),
    };
}
