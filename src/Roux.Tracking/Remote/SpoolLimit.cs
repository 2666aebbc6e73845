using System.Globalization;

namespace Roux.Tracking.Remote;

/// <summary>
/// How much of the disk a spool may take while its server takes nothing, so that a server that is down for days never fills it: metrics and artifacts
/// logged beyond that are dropped, which is told and noted on their runs. Params, tags and the ends of runs are small and always kept.
/// </summary>
internal sealed class SpoolLimit
{
    /// <summary>The environment variable that sets it, such as <c>500MB</c> or <c>20GB</c>.</summary>
    public const string Variable = "ROUX_SPOOL_LIMIT";

    private const long Usual = 10_000_000_000;

    /// <summary>So much is left for others, whatever the server does.</summary>
    private const long LeastFree = 256_000_000;

    private static readonly (string Unit, long Factor)[] Units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("B", 1)];

    private readonly string folder;
    private readonly long most;
    private readonly Action<string> tell;
    private volatile bool isFull;

    /// <param name="folder">The spool.</param>
    /// <param name="most">In bytes.</param>
    /// <param name="tell">Says something to people.</param>
    public SpoolLimit(string folder, long most, Action<string> tell)
    {
        this.folder = folder;
        this.most = most;
        this.tell = tell;
    }

    /// <summary>What a text sets; the usual where there is none.</summary>
    /// <exception cref="TrackingException">It is no size.</exception>
    public static long Of(string? text) => string.IsNullOrWhiteSpace(text) ? Usual : Parse(text);

    /// <summary>Whether metrics and artifacts are dropped now.</summary>
    public bool IsFull => isFull;

    /// <summary>Looks again how much there is.</summary>
    /// <param name="serverTakesNothing">Whether the last attempt to send failed.</param>
    public void Look(bool serverTakesNothing)
    {
        var (size, free) = (Size(), Free());
        var full = free < LeastFree || (serverTakesNothing && size > most);
        if (full && !isFull)
        {
            tell(string.Create(CultureInfo.InvariantCulture, $"{folder}: {(free < LeastFree ? "the disk is nearly full" : $"what waits for the server is more than {most / 1e6:0.#} MB ({Variable} sets the limit)")}; metrics and artifacts are dropped until that changes. The program goes on"));
        }
        else if (!full && isFull)
        {
            tell($"{folder}: metrics and artifacts are kept again");
        }

        isFull = full;
    }

    private static long Parse(string text)
    {
        var trimmed = text.Trim();
        foreach (var (unit, factor) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && double.TryParse(trimmed.AsSpan(0, trimmed.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count * factor >= 1)
            {
                return (long)Math.Min(count * factor, 1e18);
            }
        }

        throw new TrackingException($"{Variable} '{text}': give a size with its unit, such as 500MB or 20GB");
    }

    private long Size()
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0; // A file went away while we looked; we look again soon.
        }
    }

    private long Free()
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
