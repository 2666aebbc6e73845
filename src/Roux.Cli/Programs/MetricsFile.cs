using System.Text;
using Roux.Tracking;

namespace Roux.Cli.Programs;

/// <summary>A file to which a program of any language appends JSON lines, and which is read into its run while it grows.</summary>
/// <remarks>A plain file and not a pipe: a program may open and close it as often as it likes, and never waits for a reader.</remarks>
internal sealed class MetricsFile : IDisposable
{
    /// <summary>The environment variable that tells the program where it is.</summary>
    public const string Variable = "ROUX_METRICS_FILE";

    private const int LongestLine = 64 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly string _folder;
    private readonly MetricLines _lines;
    private readonly Run _run;
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _reader;
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly List<byte> _line = [];
    private long _position;
    private bool _skipping;
    private bool _disposed;

    private MetricsFile(Run run, string workingDirectory, Action<string, double, long>? seen)
    {
        _run = run;
        _lines = new MetricLines(run, workingDirectory, seen);
        // Readable by the owner only.
        _folder = Directory.CreateTempSubdirectory("roux-run-").FullName;
        Path = System.IO.Path.Combine(_folder, "metrics.jsonl");
        File.Create(Path).Dispose();
        _reader = new Thread(Follow) { IsBackground = true, Name = "metrics file" };
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Makes an empty file and reads it until disposed.</summary>
    /// <param name="run">Gets what is written.</param>
    /// <param name="workingDirectory">What paths of artifacts are relative to.</param>
    /// <param name="seen">Hears of every metric: name, value and step.</param>
    public static MetricsFile Watch(Run run, string workingDirectory, Action<string, double, long>? seen = null)
    {
        var file = new MetricsFile(run, workingDirectory, seen);
        file._reader.Start();
        return file;
    }

    /// <summary>Reads the rest and removes the file.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _end.Set();
        _reader.Join();
        _end.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A daemon that the program left behind may still write: the temporary folder is swept by the system.
        }
    }

    private void Follow()
    {
        try
        {
            while (!_end.Wait(Pause))
            {
                Read();
            }

            Read();
            EndLine();
            _lines.End();
        }
        catch (TrackingException error)
        {
            Console.Error.WriteLine($"roux: what the program writes to {Variable} is no longer recorded: {Terminal.OneLine(error.Message)}");
        }
    }

    private void Read()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length < _position)
            {
                // Opened anew by a program that does not append.
                _position = 0;
                _line.Clear();
            }

            file.Position = _position;
            int got;
            while ((got = file.Read(_buffer)) > 0)
            {
                _position += got;
                Take(_buffer.AsSpan(0, got));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours any more: perhaps back at the next look.
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b == (byte)'\n')
            {
                EndLine();
            }
            else if (_line.Count < LongestLine)
            {
                _line.Add(b);
            }
            else if (!_skipping)
            {
                _skipping = true;
                _run.Warn($"{Variable}: a line of more than {LongestLine >> 10} KiB was left out");
            }
        }
    }

    private void EndLine()
    {
        if (!_skipping && _line.Count > 0)
        {
            _lines.Take(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line)));
        }

        _line.Clear();
        _skipping = false;
    }
}
