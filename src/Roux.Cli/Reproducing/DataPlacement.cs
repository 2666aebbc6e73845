using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>Brings the data of a run to where the program will look for it.</summary>
internal sealed class DataPlacement
{
    private static readonly TimeSpan PullLimit = TimeSpan.FromMinutes(30);
    private readonly Workspace _workspace;
    private readonly RunRecipe _recipe;
    private readonly CancellationToken _stop;
    private readonly DataSearch _search;

    public DataPlacement(Workspace workspace, RunRecipe recipe, CancellationToken stop)
    {
        (_workspace, _recipe, _stop) = (workspace, recipe, stop);
        _search = new DataSearch(workspace.Source ?? (Directory.Exists(workspace.RecordedTree) ? workspace.RecordedTree : null), workspace.Tree, stop);
    }

    /// <summary>Files whose bytes are not those of the first run.</summary>
    public List<Difference> Changed { get; } = [];

    /// <summary>Files that are not to be found.</summary>
    public List<Difference> Missing { get; } = [];

    /// <summary>Paths of absolute arguments that lie elsewhere now.</summary>
    public Dictionary<string, string> Moved { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the files are that the program will read.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Finds and places every file.</summary>
    public void Place()
    {
        foreach (var need in _recipe.Data)
        {
            _stop.ThrowIfCancellationRequested();
            var place = _search.Find(need, _workspace.RecordedTree);
            if (place.State is DataState.Changed or DataState.Missing && Pull(need))
            {
                place = _search.Find(need, _workspace.RecordedTree);
            }

            Take(place);
        }
    }

    private void Take(DataPlace place)
    {
        var need = place.Need;
        if (place.State == DataState.Missing)
        {
            Missing.Add(new Difference(DifferenceKind.Data, $"{need.Name} is not to be found", "sha256:" + need.Sha256, null, need.Md5 is null
                ? $"bring it back to {need.Path}" : $"bring it back to {need.Path}, or: dvc pull"));
            return;
        }

        if (place.State == DataState.Changed)
        {
            Changed.Add(new Difference(DifferenceKind.Data, $"{need.Name} differs", "sha256:" + need.Sha256, place.FoundSha256 is null ? "unreadable" : "sha256:" + place.FoundSha256, $"bring back the file as it was at {need.Path}; keep data in git or DVC"));
        }

        var inTree = DataSearch.Relative(_workspace.RecordedTree, need.Path) is not null;
        var target = _workspace.Place(need.Path);
        if (_workspace.Holds(place.Path!) && Path.GetFullPath(place.Path!) == target)
        {
            Files.Add(target);
        }
        else if (inTree || IsNamedRelatively(need.Path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // A copy and not a link: the program may write to it, and the user's file stays as it is.
            File.Copy(place.Path!, target, overwrite: true);
            File.SetAttributes(target, FileAttributes.Normal);
            Files.Add(target);
        }
        else
        {
            Files.Add(place.Path!);
            if (place.Path != need.Path)
            {
                Moved[need.Path] = place.Path!;
            }
        }
    }

    private bool IsNamedRelatively(string path) => _recipe.Command.Skip(1)
        .Select(a => a.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? a[(equals + 1)..] : a)
        .Any(a => a.Length is > 0 and < 4096 && !a.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(a) && Path.GetFullPath(Path.Combine(_recipe.WorkingDirectory, a)) == path);

    private bool Pull(DataNeed need)
    {
        var target = _workspace.Place(need.Path);
        if (need.Md5 is null || Roux.Tracking.Capture.ProgramSearch.Find("dvc", Environment.GetEnvironmentVariable("PATH")) is not { } dvc || !Directory.Exists(Path.GetDirectoryName(target)))
        {
            return false;
        }

        if (ChildProgram.Run(dvc, ["remote", "list"], Path.GetDirectoryName(target)!, TimeSpan.FromMinutes(1), _stop) is not { Ok: true, Output.Length: > 0 })
        {
            return false;
        }

        Console.Error.WriteLine(Terminal.OneLine($"roux: dvc pull {need.Name}"));
        return ChildProgram.Run(dvc, ["pull", "--", Path.GetFileName(target)], Path.GetDirectoryName(target)!, PullLimit, _stop).Ok && File.Exists(target);
    }
}
