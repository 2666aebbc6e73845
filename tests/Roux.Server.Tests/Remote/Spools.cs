using Roux.Tracking;

namespace Roux.Server.Tests.Remote;

/// <summary>A folder for the spools of a test.</summary>
internal sealed class Spools : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-spools-");

    public string Root => folder.FullName;

    /// <summary>Folders of spools that are not sent in full.</summary>
    public IReadOnlyList<string> Left => [.. folder.EnumerateFiles("spool.json", SearchOption.AllDirectories).Select(file => file.DirectoryName!)];

    public Tracker Open(string server, TimeSpan? patience = null) => Tracker.Open(server, new TrackerOptions
    {
        SpoolRoot = Root, ExitPatience = patience ?? TimeSpan.FromSeconds(30), HandleProcessEnd = false, StartedAs = null, FlushInterval = TimeSpan.FromMilliseconds(100),
    });

    public void Dispose() => folder.Delete(recursive: true);
}
