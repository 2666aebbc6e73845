using System.Collections.Concurrent;

namespace Roux.Tracking.Transfer;

/// <summary>What became of one kind of thing.</summary>
/// <param name="Kind">What, in words for people.</param>
/// <param name="Taken">How many are new.</param>
/// <param name="There">How many were there already, as they are.</param>
/// <param name="Left">How many were left out; the notes say why.</param>
public sealed record TransferCount(string Kind, long Taken, long There, long Left);

/// <summary>What a transfer did, as it goes on.</summary>
public sealed class TransferReport
{
    private const int MostNotes = 1000;

    private readonly Lock counting = new();
    private readonly Dictionary<string, (long Taken, long There, long Left)> counts = new(StringComparer.Ordinal);
    private readonly List<string> kinds = [];
    private readonly ConcurrentQueue<string> notes = new();
    private long unnoted;

    /// <summary>Counts by kind, in the order that kinds came.</summary>
    public IReadOnlyList<TransferCount> Counts
    {
        get
        {
            lock (counting)
            {
                return [.. kinds.Select(kind => new TransferCount(kind, counts[kind].Taken, counts[kind].There, counts[kind].Left))];
            }
        }
    }

    /// <summary>Conflicts, and what was left out and why. The first thousand.</summary>
    public IReadOnlyList<string> Notes => [.. notes];

    /// <summary>How many notes came after those.</summary>
    public long FurtherNotes => Interlocked.Read(ref unnoted);

    /// <summary>Whether anything was left out.</summary>
    public bool IsComplete => Counts.All(count => count.Left == 0);

    internal void Taken(string kind, long count = 1) => Add(kind, count, 0, 0);

    internal void There(string kind, long count = 1) => Add(kind, 0, count, 0);

    internal void Left(string kind, string why, long count = 1)
    {
        Add(kind, 0, 0, count);
        Note(why);
    }

    internal void Note(string note)
    {
        if (notes.Count < MostNotes)
        {
            notes.Enqueue(note);
        }
        else
        {
            Interlocked.Increment(ref unnoted);
        }
    }

    private void Add(string kind, long taken, long there, long left)
    {
        lock (counting)
        {
            if (!counts.TryGetValue(kind, out var known))
            {
                kinds.Add(kind);
            }

            counts[kind] = (known.Taken + taken, known.There + there, known.Left + left);
        }
    }
}
