using System.Text.Json.Serialization;

namespace Roux.Tracking.Capture.Programs;

/// <summary>What kind of program a run is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProgramKind>))]
internal enum ProgramKind
{
    /// <summary>One C# file that the SDK builds and runs: <c>dotnet run app.cs</c>.</summary>
    [JsonStringEnumMemberName("file-based")]
    FileBased,

    /// <summary>A .NET project, or an assembly built from one.</summary>
    [JsonStringEnumMemberName("project")]
    Project,

    /// <summary>A Python script.</summary>
    [JsonStringEnumMemberName("python")]
    Python,

    /// <summary>A notebook run by a tool such as papermill or nbconvert, or the kernel of one.</summary>
    [JsonStringEnumMemberName("notebook")]
    Notebook,

    /// <summary>A script of another interpreter.</summary>
    [JsonStringEnumMemberName("script")]
    Script,
}

/// <summary>The program of a run: its entry file, what it asks for, and the files kept of it under <c>code/</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Entry">Entry file: the C# file, the script, the notebook, or the project file; relative to <paramref name="Root"/> where it lies below.</param>
/// <param name="Root">Folder that paths are relative to: the top of the repository, else the working directory.</param>
internal sealed record ProgramRecord(ProgramKind Kind, string Entry, string Root)
{
    /// <summary>Lines such as <c>#:package Name@1.0</c> of a file-based program, in order.</summary>
    public IReadOnlyList<Directive>? Directives { get; init; }

    /// <summary>Version of the .NET SDK that built it, where its records tell.</summary>
    public string? SdkVersion { get; set; }

    /// <summary>The file that the resolved package versions in <c>packages</c> were read from.</summary>
    public string? ResolvedFrom { get; set; }

    /// <summary>Files kept.</summary>
    public IReadOnlyList<CodeFile> Files { get; set; } = [];

    /// <summary>Full path of the entry file.</summary>
    [JsonIgnore]
    public string EntryPath => Path.GetFullPath(Path.Combine(Root, Entry));

    /// <summary>The word for the kind, as in tags.</summary>
    [JsonIgnore]
    public string KindName => Kind == ProgramKind.FileBased ? "file-based" : Kind.ToString().ToLowerInvariant();
}

/// <summary>A <c>#:</c> line of a file-based program.</summary>
/// <param name="Kind"><c>package</c>, <c>sdk</c>, <c>property</c>, <c>project</c>, ….</param>
/// <param name="Name">Name of the package, property, …, or the path.</param>
/// <param name="Value">Version or value, where one is given.</param>
internal sealed record Directive(string Kind, string Name, string? Value);

/// <summary>A file of the program among the artifacts.</summary>
/// <param name="Path">Relative to the program's root.</param>
/// <param name="Artifact">Path of the artifact.</param>
/// <param name="Sha256">Of the file as it was.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Masked">Whether secrets in it were masked, so that the artifact is not the file.</param>
internal sealed record CodeFile(string Path, string Artifact, string Sha256, long Bytes, bool Masked = false);
