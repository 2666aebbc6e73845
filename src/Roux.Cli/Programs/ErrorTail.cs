using System.Text;

namespace Roux.Cli.Programs;

/// <summary>Keeps the end of a stream of bytes: the last lines of standard error, where the exception stands.</summary>
internal sealed class ErrorTail
{
    private const int Kept = 8192;
    private const int MostLines = 30;
    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[Kept];
    private long _written;

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var b in bytes.Length > Kept ? bytes[^Kept..] : bytes)
            {
                _ring[_written++ % Kept] = b;
            }
        }
    }

    /// <summary>The last Python traceback where there is one, else the last lines.</summary>
    public override string ToString()
    {
        byte[] bytes;
        lock (_gate)
        {
            var start = (int)(_written % Kept);
            bytes = _written <= Kept ? _ring[..(int)_written] : [.. _ring[start..], .. _ring[..start]];
        }

        var text = Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n").TrimEnd();
        var traceback = text.LastIndexOf("Traceback (most recent call last)", StringComparison.Ordinal);
        if (traceback >= 0)
        {
            return text[traceback..];
        }

        var lines = text.Split('\n');
        return string.Join('\n', lines.TakeLast(MostLines));
    }
}
