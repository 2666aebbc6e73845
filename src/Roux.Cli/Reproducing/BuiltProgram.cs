using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>
/// A run may have been started from what a build left (<c>bin/Release/net10.0/app</c>, or the SDK's build of a file-based program), which is no part of the code.
/// This says how to build and start the same from the sources.
/// </summary>
internal static class BuiltProgram
{
    /// <summary>The command that builds and starts it.</summary>
    /// <param name="recipe">What the run recorded.</param>
    /// <param name="workspace">Its sources.</param>
    /// <param name="recorded">The command as recorded.</param>
    /// <param name="moved">The same with paths moved.</param>
    /// <returns>Null where it is no such program, or its sources are not to be found.</returns>
    public static IReadOnlyList<string>? FromSources(RunRecipe recipe, Workspace workspace, IReadOnlyList<string> recorded, IReadOnlyList<string> moved)
    {
        var at = Path.GetFileNameWithoutExtension(recorded[0]) == "dotnet" && recorded.Count > 1 && recorded[1].EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (!recorded[at].Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        var program = Path.GetFullPath(Path.Combine(recipe.WorkingDirectory, recorded[at]));
        var (kind, entry, root) = (recipe.Setting("program", "kind"), recipe.Setting("program", "entry"), recipe.Setting("program", "root"));
        var source = entry is null ? null : Path.Combine(workspace.Tree, Path.GetRelativePath(workspace.RecordedTree, Path.GetFullPath(Path.Combine(root ?? workspace.RecordedTree, entry))));
        var folders = program.Split('/');
        if (folders.Contains("runfile") && kind == "file-based" && File.Exists(source))
        {
            return ["dotnet", "run", "--file", source, "--", .. moved.Skip(at + 1)];
        }

        if (DataSearch.Relative(workspace.RecordedTree, program) is not { } relative || File.Exists(Path.Combine(workspace.Tree, relative)) || Array.LastIndexOf(folders, "bin") is not (> 0 and var bin))
        {
            return null;
        }

        var project = kind == "project" && File.Exists(source) ? source : ProjectIn(Path.Combine(workspace.Tree, Path.GetRelativePath(workspace.RecordedTree, string.Join('/', folders[..bin]))));
        return project is null ? null : ["dotnet", "run", "--project", project, "-c", folders.Contains("Release") ? "Release" : "Debug", "--", .. moved.Skip(at + 1)];
    }

    private static string? ProjectIn(string folder) => Directory.Exists(folder) && Directory.GetFiles(folder, "*.??proj") is [var only] ? only : null;
}
