using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>What DVC knows about a data file or folder.</summary>
/// <param name="Path">Path of the output as written in the DVC file, relative to it.</param>
/// <param name="Md5">Hash that DVC recorded; ends in <c>.dir</c> for a folder.</param>
/// <param name="Bytes">Size that DVC recorded, if it did.</param>
/// <param name="File">The <c>.dvc</c> or <c>dvc.lock</c> file it was found in.</param>
/// <param name="Stage">The pipeline stage of <c>dvc.lock</c> that makes the file, if any.</param>
internal sealed record DvcRecord(string Path, string Md5, long? Bytes, string File, string? Stage)
{
    /// <summary>Whether DVC before version 3 wrote it: such hashes of text files are taken with LF line ends.</summary>
    [JsonIgnore]
    public bool Legacy { get; init; }

    /// <summary>Full path of the data that it stands for.</summary>
    [JsonIgnore]
    public string Target => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(File)!, Path)));

    /// <summary>Whether it is a folder.</summary>
    [JsonIgnore]
    public bool IsFolder => Md5.EndsWith(".dir", StringComparison.Ordinal);

    /// <summary>Name of the remote that it is pushed to: its own, or the project's default; null where there is none.</summary>
    public string? RemoteName { get; init; }

    /// <summary>URL of that remote, without credentials.</summary>
    public string? Remote { get; init; }

    /// <summary>The stage that makes it: command, dependencies, params.</summary>
    public DvcStage? Pipeline { get; init; }

    /// <summary><c>matches</c>, <c>changed</c>, <c>missing</c>, or <c>unverified</c> where it was too large to be hashed.</summary>
    public string? State { get; init; }

    /// <summary>Hash of the data as it is, where it differs.</summary>
    public string? ActualMd5 { get; init; }

    /// <summary>Whether the recorded data lies in the local cache, so that <c>dvc checkout</c> brings it back without a remote.</summary>
    public bool? InCache { get; init; }

    /// <summary>Whether git has the DVC file as it stands.</summary>
    public bool? Committed { get; init; }
}

/// <summary>A stage of <c>dvc.lock</c>.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Command">Its command line, secrets masked.</param>
/// <param name="Deps">What it reads.</param>
/// <param name="Outs">What it makes.</param>
/// <param name="Params">Values by file and name, as they were.</param>
internal sealed record DvcStage(string Name, string? Command, IReadOnlyList<DvcFile> Deps, IReadOnlyList<DvcFile> Outs, JsonNode? Params);

/// <summary>A file of a stage.</summary>
/// <param name="Path">Relative to <c>dvc.lock</c>.</param>
/// <param name="Md5">Hash, or null where DVC keeps none.</param>
internal sealed record DvcFile(string Path, string? Md5);
