namespace Roux.Tracking.Capture;

/// <summary>Finds a program as a shell would.</summary>
public static class ProgramSearch
{
    /// <summary>Full path of a program.</summary>
    /// <param name="program">A name looked for on the path, or a path.</param>
    /// <param name="path">Value of PATH.</param>
    /// <param name="workingDirectory">What a relative path starts from; null for the current directory.</param>
    /// <returns>Null where there is no such executable file.</returns>
    public static string? Find(string program, string? path, string? workingDirectory = null)
    {
        if (program.Length == 0)
        {
            return null;
        }

        if (program.Contains('/', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && program.Contains('\\', StringComparison.Ordinal)))
        {
            return Executable(Path.GetFullPath(program, Path.GetFullPath(workingDirectory ?? ".")));
        }

        foreach (var folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Executable(Path.Combine(folder, program)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Executable(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new[] { "", ".exe", ".cmd", ".bat" }.Select(e => path + e).FirstOrDefault(File.Exists);
        }

        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0 ? path : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
