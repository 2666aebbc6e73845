namespace Roux.Tracking.Capture;

/// <summary>State of the git working tree that a run was started in.</summary>
/// <param name="Root">Top folder of the working tree, or of the repository itself where it is bare.</param>
/// <param name="Commit">Full hash of HEAD, or null before the first commit.</param>
/// <param name="Branch">Name of the branch, or null where HEAD is detached.</param>
/// <param name="RemoteUrl">URL of the remote without credentials, or null.</param>
/// <param name="Dirty">Whether tracked files or submodules differ from HEAD; null where it could not be found out.</param>
/// <param name="Diff">What <c>git apply</c> needs to get from the commit to the working tree, or empty.</param>
/// <param name="Untracked">Files that git neither tracks nor ignores, at most <see cref="GitCapture.LargestFileList"/>.</param>
/// <param name="LeftOut">Changed files that the diff does not hold.</param>
/// <param name="Submodules">Submodules and their commits.</param>
/// <param name="Warnings">What could not be recorded, in one line each.</param>
/// <param name="State">What is unusual about it, among <c>detached</c>, <c>shallow</c>, <c>worktree</c>, <c>no-commit</c>, <c>bare</c>.</param>
/// <param name="Complete">Whether commit and diff together are the whole code; null where it could not be found out.</param>
internal sealed record GitRecord(
    string Root,
    string? Commit,
    string? Branch,
    string? RemoteUrl,
    bool? Dirty,
    string Diff,
    IReadOnlyList<GitFile> Untracked,
    IReadOnlyList<GitLeftOut> LeftOut,
    IReadOnlyList<GitSubmodule> Submodules,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> State,
    bool? Complete);

/// <summary>A file by its path relative to the working tree.</summary>
/// <param name="Path">With forward slashes.</param>
/// <param name="Bytes">Size.</param>
/// <param name="InDiff">Whether the recorded diff holds it.</param>
internal sealed record GitFile(string Path, long Bytes, bool InDiff = false);

/// <summary>A change that the recorded diff does not hold.</summary>
/// <param name="Path">With forward slashes.</param>
/// <param name="Reason">Why: binary, too large, looks like it holds secrets.</param>
internal sealed record GitLeftOut(string Path, string Reason);

/// <summary>A submodule.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Commit">What is checked out, or null where it is not.</param>
/// <param name="Expected">What HEAD names.</param>
/// <param name="Url">Where it is cloned from, without credentials.</param>
/// <param name="Dirty">Whether tracked files in it differ from its commit; null where it is not checked out.</param>
internal sealed record GitSubmodule(string Path, string? Commit, string? Expected, string? Url = null, bool? Dirty = null);
