using System.Globalization;

namespace Roux.Cli.Studies;

/// <summary>
/// The processes that work on a study. Each holds a lock on a file of its own as long as it lives, and touches it every few seconds: on the same
/// machine the lock tells at once that a process is gone, on another one its silence does after a minute.
/// </summary>
internal sealed class StudyWorkers : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly string Machine = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit));
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly FileStream own;
    private readonly ITimer heart;
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);

    /// <param name="folder">The study's.</param>
    /// <param name="time">The clock of the heartbeats.</param>
    public StudyWorkers(string folder, TimeProvider time)
    {
        this.time = time;
        this.folder = Path.Combine(folder, "workers");
        Directory.CreateDirectory(this.folder);
        Name = string.Create(CultureInfo.InvariantCulture, $"{Machine}-{Environment.ProcessId}-{Guid.NewGuid():N}");
        var path = Path.Combine(this.folder, Name);
        own = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        heart = time.CreateTimer(_ => Touch(path), null, Beat, Beat);
    }

    /// <summary>This process.</summary>
    public string Name { get; }

    /// <summary>Whether other processes work on the study now.</summary>
    public bool HasOthers => Directory.EnumerateFiles(folder).Select(Path.GetFileName).Any(name => name != Name && IsAlive(name!));

    /// <summary>Whether a process still works on the study.</summary>
    /// <param name="name">Its name.</param>
    public bool IsAlive(string name)
    {
        if (name == Name)
        {
            return true;
        }

        // A name comes from a file: nothing in it leads elsewhere.
        if (gone.Contains(name) || name != Path.GetFileName(name))
        {
            return false;
        }

        var path = Path.Combine(folder, name);
        try
        {
            if (!name.StartsWith(Machine + "-", StringComparison.Ordinal))
            {
                return File.Exists(path) && time.GetUtcNow() - File.GetLastWriteTimeUtc(path) < Silence;
            }

            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1))
            {
                // Nobody holds it: its process is no more.
            }

            File.Delete(path);
        }
        catch (FileNotFoundException)
        {
            // It ended as it should.
        }
        catch (IOException)
        {
            return true;
        }

        gone.Add(name);
        return false;
    }

    public void Dispose()
    {
        heart.Dispose();
        own.Dispose();
    }

    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next beat tries again.
        }
    }
}
