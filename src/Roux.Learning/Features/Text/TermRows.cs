using Roux.Learning.Data;

namespace Roux.Learning.Features.Text;

/// <summary>The distinct terms of each training row, by number.</summary>
internal abstract class TermRows
{
    /// <summary>Numbers run from 0 to this less 1.</summary>
    public abstract int Terms { get; }

    /// <summary>The distinct terms of a row; valid until the next call.</summary>
    public abstract ReadOnlySpan<int> Row(int row);

    /// <summary>A value by which terms are ordered where nothing else tells them apart; the same for a term whatever its number.</summary>
    public abstract ulong TieBreak(int term);
}

/// <summary>Terms counted in a corpus.</summary>
internal sealed class CountedTermRows(TextColumn column, TextCorpus corpus, TermCounts counts) : TermRows
{
    /// <inheritdoc/>
    public override int Terms => counts.Terms;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Row(int row)
    {
        if (column.Codes[row] < 0)
        {
            return [];
        }

        var document = corpus.DocumentOfLevel[column.Codes[row]];
        return counts.Ids.AsSpan(counts.Starts[document], counts.Starts[document + 1] - counts.Starts[document]);
    }

    /// <inheritdoc/>
    public override ulong TieBreak(int term) => counts.Hashes[term];
}

/// <summary>Words hashed into a fixed number of buckets as they are read, for texts too large to count in memory.</summary>
internal sealed class HashedTermRows(TextColumn column) : TermRows
{
    /// <summary>The lowest bits of a term's hash name its bucket.</summary>
    public const int BucketBits = 20;

    private readonly List<int> found = [];
    private int[] distinct = [];

    /// <inheritdoc/>
    public override int Terms => 1 << BucketBits;

    /// <summary>The bucket of a term.</summary>
    public static int Bucket(ulong hash) => (int)(hash & ((1 << BucketBits) - 1));

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Row(int row)
    {
        found.Clear();
        var sink = new Sink(found);
        Ngrams.Words(column[row], ref sink);
        found.Sort();
        if (distinct.Length < found.Count)
        {
            distinct = new int[found.Count * 2];
        }

        var count = 0;
        foreach (var bucket in found)
        {
            if (count == 0 || distinct[count - 1] != bucket)
            {
                distinct[count++] = bucket;
            }
        }

        return distinct.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public override ulong TieBreak(int term) => (ulong)term;

    private readonly struct Sink(List<int> found) : INgramSink
    {
        public void Add(ulong hash, int start, int length) => found.Add(Bucket(hash));
    }
}
