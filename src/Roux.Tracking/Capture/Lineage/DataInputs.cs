using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Identifies the data of a run: digest, DVC, Git LFS.</summary>
/// <param name="warnings">Gets one line for each thing that could not be found out.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class DataInputs(List<string> warnings, CancellationToken cancellation) : IDisposable
{
    private static readonly string[] SystemFolders = ["/dev/", "/proc/", "/sys/"];

    private readonly GitFiles _git = new();

    /// <summary>Looks at one input.</summary>
    /// <param name="path">Full path of a file or folder, there or not; a <c>.dvc</c> file stands for its data.</param>
    public DataInput Read(string path)
    {
        if (path.EndsWith(".dvc", StringComparison.Ordinal) && File.Exists(path))
        {
            var records = DvcLineage.Read(path, warnings);
            path = records.Count > 0 ? records[0].Target : path;
        }

        if (SystemFolders.Any(f => path.StartsWith(f, StringComparison.Ordinal)))
        {
            // A device has no end, a pipe no second reader.
            return new DataInput { Name = Path.GetFileName(path) };
        }

        var findings = new List<Finding>();
        var dvc = DvcLineage.Find(path, warnings);
        if (Directory.Exists(path))
        {
            return Folder(path, dvc, findings);
        }

        if (!File.Exists(path))
        {
            if (dvc is null)
            {
                warnings.Add($"data: '{path}' is not identified: there is no such file");
                return new DataInput { Name = Path.GetFileName(path) };
            }

            return new DataInput { Name = Path.GetFileName(path), Dvc = new DvcCheck(_git, cancellation).Check(dvc, path, null, null, findings), Findings = findings };
        }

        var pointer = LfsPointer.Read(path);
        var file = DataFileCapture.Read(path, pointer is null, warnings, cancellation);
        var (lfs, state) = pointer is not null ? (pointer, "pointer") : Tracked(path, file);
        if (lfs is not null && state != "matches")
        {
            findings.Add(LfsFinding(path, lfs, state!, file?.Digest.Sha256));
        }

        return new DataInput
        {
            Name = Path.GetFileName(path),
            Dataset = file?.Dataset,
            Dvc = dvc is null ? null : new DvcCheck(_git, cancellation).Check(dvc, path, file?.Digest.Md5, null, findings),
            Lfs = lfs,
            LfsState = state,
            Findings = findings,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _git.Dispose();

    private DataInput Folder(string path, DvcRecord? dvc, List<Finding> findings)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        var name = Path.GetFileName(path);
        DvcFolder? folder = null;
        try
        {
            folder = DvcFolder.Read(path, DataFileCapture.LargestFile, cancellation);
            if (folder is null)
            {
                warnings.Add($"data: '{path}' is not identified: more than {DvcFolder.MostFiles} files or {DataFileCapture.LargestFile >> 30} GiB");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warnings.Add($"data: '{path}' is not identified: {error.Message.ReplaceLineEndings(" ")}");
        }

        // A folder inside the tracked one has no hash of its own in DVC.
        return new DataInput
        {
            Name = name,
            Dataset = folder is null ? null : new Dataset(name, "md5:" + folder.Md5, path, folder.Bytes),
            Dvc = dvc is null ? null : dvc.Target == path ? new DvcCheck(_git, cancellation).Check(dvc, path, null, folder, findings) : dvc with { State = "unverified" },
            Findings = findings,
        };
    }

    private (LfsPointer? Pointer, string? State) Tracked(string path, DataFileRecord? file)
    {
        if (file is null || _git.HeadText(path, LfsPointer.Largest) is not { } text || LfsPointer.Parse(text) is not { } pointer)
        {
            return (null, null);
        }

        return (pointer, pointer.Oid == file.Digest.Sha256 ? "matches" : "changed");
    }

    private static Finding LfsFinding(string path, LfsPointer pointer, string state, string? sha256)
    {
        var evidence = new JsonObject { ["path"] = path, ["oid"] = pointer.Oid, ["bytes"] = pointer.Bytes, ["sha256"] = sha256 };
        return state == "pointer"
            ? new Finding("lfs-pointer", Severity.High, $"'{path}' is only a Git LFS pointer: its {pointer.Bytes} bytes of data are not here, and the run read the pointer instead")
            {
                Evidence = evidence, Cause = "The repository was cloned without Git LFS, or with GIT_LFS_SKIP_SMUDGE=1.", Fix = $"git lfs pull --include '{Path.GetFileName(path)}'", Verify = "git lfs ls-files shows the file with a star",
            }
            : new Finding("lfs-changed", Severity.Medium, $"'{path}' has changed since it was committed to Git LFS: oid {pointer.Oid}, now {sha256}")
            {
                Evidence = evidence, Cause = "The file was edited and not committed; git.diff does not hold data that Git LFS keeps.", Fix = "git add and commit it, or git checkout to go back", Verify = "git status prints nothing for it",
            };
    }
}
