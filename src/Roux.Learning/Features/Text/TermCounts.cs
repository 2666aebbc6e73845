namespace Roux.Learning.Features.Text;

/// <summary>How often each n-gram of one kind occurs in each of many documents: compressed rows over numbered terms.</summary>
internal sealed class TermCounts
{
    private readonly string[] levels;
    private readonly int[] documents;
    private readonly Occurrence[] first;
    private readonly bool words;

    private TermCounts(string[] levels, int[] documents, bool words, Builder built)
    {
        (this.levels, this.documents, this.words) = (levels, documents, words);
        (Starts, Ids, Counts, Hashes, first, Lengths) = (built.Starts, built.Ids, built.Counts, built.Hashes, built.First, built.Lengths);
    }

    /// <summary>Document d occupies [Starts[d], Starts[d + 1]) of <see cref="Ids"/> and <see cref="Counts"/>.</summary>
    public int[] Starts { get; }

    /// <summary>Numbers of the distinct terms of each document.</summary>
    public int[] Ids { get; }

    /// <summary>How often each occurs; stops at 65,535.</summary>
    public ushort[] Counts { get; }

    /// <summary>The hash of each term.</summary>
    public ulong[] Hashes { get; }

    /// <summary>Number of words of each document; for characters empty.</summary>
    public int[] Lengths { get; }

    /// <summary>Number of distinct terms.</summary>
    public int Terms => Hashes.Length;

    /// <summary>Counts the n-grams of the given levels. Each thread takes a run of documents; the numbers of terms, which depend on the split, show in no result.</summary>
    public static TermCounts Count(string[] levels, int[] documents, bool words, int threads, CancellationToken cancellation)
    {
        var parts = Math.Clamp(threads, 1, Math.Max(1, documents.Length / 64));
        var builders = new Builder[parts];
        ParallelLoop.For(parts, threads, part =>
        {
            var from = (int)((long)documents.Length * part / parts);
            var to = (int)((long)documents.Length * (part + 1) / parts);
            builders[part] = new Builder(levels, documents, from, to, words, cancellation);
        }, cancellation);
        return new TermCounts(levels, documents, words, parts == 1 ? builders[0] : Builder.Merge(builders));
    }

    /// <summary>The text of a term.</summary>
    public string Term(int id)
    {
        var place = first[id];
        return Ngrams.Term(levels[documents[place.Document]], place.Start, place.Length, words);
    }

    private readonly record struct Occurrence(int Document, int Start, int Length);

    private sealed class Builder
    {
        private readonly TermTable table = new();
        private int entries;
        private int document;
        private int documentStart;
        private int[] last = new int[1024]; // per term its latest entry, which belongs to the current document if it lies behind documentStart

        private Builder()
        {
        }

        public Builder(string[] levels, int[] documents, int from, int to, bool words, CancellationToken cancellation)
        {
            Starts = new int[to - from + 1];
            Lengths = new int[words ? to - from : 0];
            var buffer = new char[64];
            var sink = new Sink(this);
            for (document = from; document < to; document++)
            {
                if ((document & 63) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                documentStart = entries;
                if (words)
                {
                    Lengths[document - from] = Ngrams.Words(levels[documents[document]], ref sink);
                }
                else
                {
                    Ngrams.Characters(levels[documents[document]], ref buffer, ref sink);
                }

                Starts[document - from + 1] = entries;
            }

            Trim();
        }

        public int[] Starts { get; private set; } = [];

        public int[] Ids { get; private set; } = new int[4096];

        public ushort[] Counts { get; private set; } = new ushort[4096];

        public ulong[] Hashes { get; private set; } = new ulong[1024];

        public Occurrence[] First { get; private set; } = new Occurrence[1024];

        public int[] Lengths { get; private set; } = [];

        public static Builder Merge(Builder[] parts)
        {
            var merged = new Builder();
            var starts = new List<int> { 0 };
            merged.Ids = new int[parts.Sum(part => part.Ids.Length)];
            merged.Counts = new ushort[merged.Ids.Length];
            foreach (var part in parts)
            {
                var map = new int[part.Hashes.Length];
                for (var id = 0; id < map.Length; id++)
                {
                    map[id] = merged.Number(part.Hashes[id], part.First[id]);
                }

                for (var i = 0; i < part.Ids.Length; i++)
                {
                    merged.Ids[merged.entries + i] = map[part.Ids[i]];
                }

                part.Counts.CopyTo(merged.Counts, merged.entries);
                starts.AddRange(part.Starts.Skip(1).Select(start => start + merged.entries));
                merged.entries += part.Ids.Length;
            }

            merged.Starts = [.. starts];
            merged.Lengths = [.. parts.SelectMany(part => part.Lengths)];
            merged.Trim();
            return merged;
        }

        private void Add(ulong hash, int start, int length)
        {
            var before = table.Count;
            var id = table.GetOrAdd(hash);
            if (id == before)
            {
                Remember(id, hash, new Occurrence(document, start, length));
            }
            else if (last[id] >= documentStart)
            {
                ref var count = ref Counts[last[id]];
                count += (ushort)(count < ushort.MaxValue ? 1 : 0);
                return;
            }

            if (entries == Ids.Length)
            {
                Ids = Resized(Ids, entries * 2);
                Counts = Resized(Counts, entries * 2);
            }

            last[id] = entries;
            Ids[entries] = id;
            Counts[entries++] = 1;
        }

        private int Number(ulong hash, Occurrence place)
        {
            var before = table.Count;
            var id = table.GetOrAdd(hash);
            if (id == before)
            {
                Remember(id, hash, place);
            }

            return id;
        }

        private void Remember(int id, ulong hash, Occurrence place)
        {
            if (id == Hashes.Length)
            {
                Hashes = Resized(Hashes, id * 2);
                First = Resized(First, id * 2);
                last = Resized(last, id * 2);
            }

            Hashes[id] = hash;
            First[id] = place;
        }

        private void Trim()
        {
            Ids = Resized(Ids, entries);
            Counts = Resized(Counts, entries);
            Hashes = Resized(Hashes, table.Count);
            First = Resized(First, table.Count);
            last = [];
        }

        private static T[] Resized<T>(T[] array, int length)
        {
            Array.Resize(ref array, length);
            return array;
        }

        private readonly struct Sink(Builder builder) : INgramSink
        {
            public void Add(ulong hash, int start, int length) => builder.Add(hash, start, length);
        }
    }
}
