using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Learning.Studies;

/// <summary>
/// A file of JSON lines that several processes append to and read, one at a time under a lock that goes with its holder. A line counts once
/// its line break is written; what a process that was killed left without one is cut off by the next that writes.
/// </summary>
/// <param name="folder">Where it lies, with its lock.</param>
public sealed class TrialLog(string folder)
{
    private const int LongestLine = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerOptions.Default)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string lockFile = Path.Combine(folder, "lock");
    private long position;

    /// <summary>The file itself.</summary>
    public string File { get; } = Path.Combine(folder, "journal.jsonl");

    /// <summary>Takes the lock; it is let go when disposed, or when the process ends in whatever way.</summary>
    /// <exception cref="TrackingException">Another process holds it for a minute.</exception>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(folder);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 25))
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException) when (waited.Elapsed < Patience)
            {
                Thread.Sleep(pause);
            }
            catch (IOException e)
            {
                throw new TrackingException($"the study's journal {folder} cannot be locked: {e.Message}");
            }
        }
    }

    /// <summary>Appends lines at once. The lock is held, and everything was read.</summary>
    public void Append(IReadOnlyList<JsonObject> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line.ToJsonString(Plain)).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        using var stream = new FileStream(File, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, 1);

        // What is after the last whole line was never acknowledged.
        stream.SetLength(position);
        stream.Position = position;
        stream.Write(bytes);
        position += bytes.Length;
    }

    /// <summary>The whole lines that were appended since the last look; one that is no JSON object is left out.</summary>
    public IReadOnlyList<JsonElement> Read()
    {
        var lines = new List<JsonElement>();
        if (!System.IO.File.Exists(File))
        {
            return lines;
        }

        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (stream.Length <= position)
        {
            return lines;
        }

        stream.Position = position;
        position += Read(stream, File, lines);
        return lines;
    }

    /// <summary>The whole lines of a journal from wherever it lies.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public static IReadOnlyList<JsonElement> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var lines = new List<JsonElement>();
        Read(stream, StudyTags.JournalFile, lines);
        return lines;
    }

    private static long Read(Stream stream, string name, List<JsonElement> lines)
    {
        var whole = 0L;
        var buffer = new byte[LongestLine];
        var kept = 0;
        for (int count; (count = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            var (from, end) = (0, kept + count);
            for (int at; (at = buffer.AsSpan(from, end - from).IndexOf((byte)'\n')) >= 0; from += at + 1)
            {
                Parse(buffer.AsMemory(from, at), lines);
                whole += at + 1;
            }

            kept = end - from;
            if (kept == buffer.Length)
            {
                throw new TrackingException($"{name}: a line of more than {LongestLine:N0} bytes; this is no journal of a study");
            }

            Buffer.BlockCopy(buffer, from, buffer, 0, kept);
        }

        return whole;
    }

    private static void Parse(ReadOnlyMemory<byte> line, List<JsonElement> lines)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                lines.Add(document.RootElement.Clone());
            }
        }
        catch (JsonException)
        {
            // Not written by us.
        }
    }
}
