using Roux.Tests;

namespace Roux.Tracking.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private string? store;

    public TemporaryStore() => Folder = Directory.CreateTempSubdirectory("roux-tracking-").FullName;

    public string Folder { get; }

    public string Store => store ??= StoreUnderTest.Address(Folder);

    public string Artifacts => Path.Combine(Folder, "store", "artifacts");

    public string File(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
