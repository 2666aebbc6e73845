namespace Roux.Tracking;

/// <summary>Checks whose findings come from capture: of code, data and environment, not of the work itself.</summary>
internal static class CaptureChecks
{
    /// <summary>Their names.</summary>
    public static string[] Names { get; } =
        ["git-no-commit", "git-shallow", "git-incomplete", "git-submodule", "dvc-changed", "dvc-missing", "dvc-uncommitted", "dvc-stale", "lfs-pointer", "lfs-changed", "notebook-order", "notebook-unreadable", "no-seed"];
}
