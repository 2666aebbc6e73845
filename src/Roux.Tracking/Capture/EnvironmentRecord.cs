using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Roux.Tracking.Capture.Lineage;
using Roux.Tracking.Capture.Programs;

namespace Roux.Tracking.Capture;

/// <summary>Machine and software that a run used; the artifact <c>environment.json</c>.</summary>
internal sealed record EnvironmentRecord
{
    /// <summary>Version of Roux.</summary>
    public required string Roux { get; init; }

    /// <summary>The program as it was started, secrets masked.</summary>
    public CommandLineRecord? Command { get; set; }

    /// <summary>The .NET runtime of the recording process.</summary>
    public required DotnetRecord Dotnet { get; init; }

    /// <summary>Operating system.</summary>
    public required OperatingSystemRecord Os { get; init; }

    /// <summary>Processor and how much of it may be used.</summary>
    public required CpuRecord Cpu { get; init; }

    /// <summary>Main memory and how much of it may be used.</summary>
    public required MemoryRecord Memory { get; init; }

    /// <summary>Kind of container (<c>docker</c>, <c>podman</c>, <c>kubernetes</c>, <c>lxc</c>, <c>wsl</c>), or null outside one.</summary>
    public string? Container { get; init; }

    /// <summary>Its id and image, as far as they are to be seen from inside.</summary>
    public ContainerRecord? ContainerDetails { get; init; }

    /// <summary>Graphics processors; empty where none were found.</summary>
    public IReadOnlyList<GpuRecord> Gpus { get; init; } = [];

    /// <summary>.NET packages of the program, as restored.</summary>
    public IReadOnlyList<PackageRecord> Packages { get; set; } = [];

    /// <summary>The program: entry file, <c>#:</c> lines, files kept.</summary>
    public ProgramRecord? Program { get; set; }

    /// <summary>The seed that was seen.</summary>
    public SeedRecord? Seed { get; set; }

    /// <summary>The Python environment of the program, where it is one.</summary>
    public PythonRecord? Python { get; set; }

    /// <summary>Files in the working directory that pin dependencies.</summary>
    public IReadOnlyList<string> DependencyFiles { get; init; } = [];

    /// <summary>Variables that change results or speed and hold no secret.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of other variables that tools of the field read; their values are not kept.</summary>
    public IReadOnlyList<string> VariableNames { get; init; } = [];

    /// <summary>The repository, without the diff.</summary>
    public GitSummary? Git { get; set; }

    /// <summary>Data that DVC tracks.</summary>
    public IReadOnlyList<DvcRecord>? Dvc { get; set; }
}

/// <summary>A .NET runtime.</summary>
/// <param name="Runtime">Such as <c>.NET 10.0.1</c>.</param>
/// <param name="RuntimeIdentifier">Such as <c>linux-x64</c>.</param>
/// <param name="ServerGc">Whether the server garbage collector is on.</param>
/// <param name="Simd">Widest vector instructions in use.</param>
internal sealed record DotnetRecord(string Runtime, string RuntimeIdentifier, bool ServerGc, string Simd);

/// <summary>An operating system.</summary>
/// <param name="Name">Such as <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
/// <param name="Kernel">Version of the kernel.</param>
/// <param name="Architecture">Such as <c>X64</c>.</param>
internal sealed record OperatingSystemRecord(string Name, string Kernel, string Architecture);

/// <summary>Processors.</summary>
/// <param name="Model">As the system names it.</param>
/// <param name="LogicalCores">Of the machine.</param>
/// <param name="AvailableCores">That this process may use (affinity and limits).</param>
/// <param name="LimitCores">Limit of the control group in cores, or null.</param>
internal sealed record CpuRecord(string? Model, int LogicalCores, int AvailableCores, double? LimitCores);

/// <summary>Memory in bytes.</summary>
/// <param name="TotalBytes">Of the machine.</param>
/// <param name="LimitBytes">Limit of the control group, or null.</param>
internal sealed record MemoryRecord(long TotalBytes, long? LimitBytes);

/// <summary>A graphics processor.</summary>
/// <param name="Name">Model.</param>
/// <param name="MemoryMiB">Memory, or null where unknown.</param>
/// <param name="Driver">Version of the driver, or null.</param>
internal sealed record GpuRecord(string Name, long? MemoryMiB, string? Driver);

/// <summary>A package.</summary>
/// <param name="Name">As published.</param>
/// <param name="Version">As published.</param>
/// <param name="Source">Where it was installed from, when not from the index: a folder or a repository with its commit.</param>
internal sealed record PackageRecord(string Name, string Version, string? Source = null);

/// <summary>A Python environment, read from its files without running it.</summary>
/// <param name="Executable">The interpreter.</param>
/// <param name="Version">Such as <c>3.11.2</c>, or null where unknown.</param>
/// <param name="Prefix">Root of the environment.</param>
/// <param name="Kind"><c>venv</c>, <c>conda</c> or <c>system</c>.</param>
/// <param name="Packages">Installed distributions, sorted by name.</param>
internal sealed record PythonRecord(string Executable, string? Version, string Prefix, string Kind, IReadOnlyList<PackageRecord> Packages)
{
    /// <summary>What conda installed, Python packages or not; null outside a conda environment.</summary>
    public CondaRecord? Conda { get; init; }
}

/// <summary>A conda environment, read from its <c>conda-meta</c> folder.</summary>
/// <param name="Name">Name of the environment; <c>base</c> for that of conda itself.</param>
/// <param name="Packages">Sorted by name.</param>
internal sealed record CondaRecord(string Name, IReadOnlyList<CondaPackage> Packages);

/// <summary>A package that conda installed.</summary>
/// <param name="Name">As published.</param>
/// <param name="Version">As published.</param>
/// <param name="Build">Which build of the version.</param>
/// <param name="Channel">Where it came from, without credentials.</param>
internal sealed record CondaPackage(string Name, string Version, string Build, string? Channel);

/// <summary>A repository as it stands in <c>environment.json</c>.</summary>
internal sealed record GitSummary(
    string Root,
    string? Commit,
    string? Branch,
    string? RemoteUrl,
    bool? Dirty,
    IReadOnlyList<GitFile> Untracked,
    IReadOnlyList<GitLeftOut> LeftOut,
    IReadOnlyList<GitSubmodule> Submodules,
    IReadOnlyList<string> State,
    bool? Complete);

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnvironmentRecord))]
internal sealed partial class CaptureJson : JsonSerializerContext
{
    /// <summary>Writes letters of all languages and signs as they are: the document is for people as well, and is never put into a page as it stands.</summary>
    public static CaptureJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
