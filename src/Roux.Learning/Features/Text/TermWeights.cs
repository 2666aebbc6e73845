using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Columns;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Text;

/// <summary>
/// The TF-IDF weights of one kind of n-gram, as scikit-learn's <c>TfidfVectorizer(sublinear_tf=True)</c>: a term that occurs t
/// times in a text weighs (1 + ln t) * (ln((1 + n) / (1 + df)) + 1), and the weights of a text are divided by their Euclidean norm.
/// </summary>
internal sealed class TermWeights
{
    private readonly double[] idf;
    private readonly TermTable lookup;

    private TermWeights(bool words, string[]? terms, int[]? buckets, bool signed, double[] idf)
    {
        (Words, Terms, Buckets, Signed, this.idf) = (words, terms, buckets, signed, idf);
        lookup = new TermTable(idf.Length);
        for (var i = 0; i < idf.Length; i++)
        {
            var added = lookup.GetOrAdd(terms is not null ? Ngrams.Hash(terms[i]) : BucketKey(buckets![i]));
            ArchiveJson.Require(added == i, $"term {i} of the vocabulary occurs twice");
        }
    }

    /// <summary>Words, or characters.</summary>
    public bool Words { get; }

    /// <summary>Number of features.</summary>
    public int Count => idf.Length;

    /// <summary>The terms, in ordinal order; <c>null</c> when hashed.</summary>
    private string[]? Terms { get; }

    /// <summary>Hashed: the buckets that are features, ascending.</summary>
    private int[]? Buckets { get; }

    /// <summary>Hashed: whether bit 63 of a term's hash makes its count negative, so that collisions cancel on average (Weinberger et al. 2009, section 2).</summary>
    private bool Signed { get; }

    /// <summary>Fits to training rows whose texts are counted.</summary>
    public static TermWeights Fit(ColumnFit fit, TextColumn column, TextCorpus corpus, bool words, int most, int minRows)
    {
        var counts = corpus.Counts(words, fit.Threads, fit.Cancellation);
        var (chosen, rowCounts) = TermSelection.Select(new CountedTermRows(column, corpus, counts), fit.Y, minRows, most, fit.Cancellation);
        var terms = Array.ConvertAll(chosen, counts.Term);
        Array.Sort(terms, chosen, StringComparer.Ordinal);
        return new TermWeights(words, terms, null, false, Idf(chosen, rowCounts, fit.Rows));
    }

    /// <summary>Fits to training rows whose texts are too large to count: words, hashed.</summary>
    public static TermWeights FitHashed(ColumnFit fit, TextColumn column, int most, int minRows)
    {
        var (chosen, rowCounts) = TermSelection.Select(new HashedTermRows(column), fit.Y, minRows, most, fit.Cancellation);
        Array.Sort(chosen);
        return new TermWeights(true, null, chosen, fit.Form.Scale != Scaling.MinMax, Idf(chosen, rowCounts, fit.Rows));
    }

    /// <summary>The features, of a column of that name.</summary>
    public IEnumerable<Feature> MakeFeatures(string column) => Enumerable.Range(0, Count).Select(i => new Feature(
        Terms is null ? $"{column}~#{Buckets![i]}" : Words ? $"{column}~\"{Terms[i]}\"" : $"{column}~'{Terms[i]}'", column, FeatureKind.Text));

    /// <summary>For each term of a corpus the number of its feature, or -1; <c>null</c> when hashed.</summary>
    public int[]? FeaturesOf(TermCounts counts) => Terms is null ? null : Array.ConvertAll(counts.Hashes, lookup.Find);

    /// <summary>Adds the weights of a document of a corpus, with the given Euclidean norm.</summary>
    public void Emit(TermCounts counts, int[] featureOfTerm, int document, int offset, double norm, RowSink sink)
    {
        var used = 0;
        var scratch = sink.Scratch;
        for (var i = counts.Starts[document]; i < counts.Starts[document + 1]; i++)
        {
            var feature = featureOfTerm[counts.Ids[i]];
            if (feature < 0)
            {
                continue;
            }

            if (used == scratch.Length)
            {
                scratch = sink.GrowScratch();
            }

            scratch[used++] = ((ulong)feature << 32) | counts.Counts[i];
        }

        Emit(used, offset, norm, sink);
    }

    /// <summary>Adds the weights of a text, with the given Euclidean norm.</summary>
    public void Emit(string text, int offset, double norm, RowSink sink)
    {
        var found = new Sink(this, sink);
        if (Words)
        {
            Ngrams.Words(text, ref found);
        }
        else
        {
            var buffer = new char[64];
            Ngrams.Characters(text, ref buffer, ref found);
        }

        Emit(found.Used, offset, norm, sink);
    }

    /// <summary>Writes the vocabulary and its weights.</summary>
    public void Write(JsonObject json, ArchiveWriter archive)
    {
        json["words"] = Words;
        json["signed"] = Signed;
        json["hashed"] = Terms is null;
        archive.WriteArray("idf", idf);
        if (Terms is null)
        {
            archive.WriteArray("buckets", Buckets);
        }
        else
        {
            archive.WriteJson("terms", ArchiveJson.ToJson(Terms));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TermWeights Read(JsonNode json, ArchiveReader archive)
    {
        var idf = archive.ReadDoubles("idf");
        var hashed = json.Bool("hashed");
        var terms = hashed ? null : ArchiveJson.TextsOf(archive.ReadJson("terms"), "terms");
        var buckets = hashed ? archive.ReadInts("buckets") : null;
        ArchiveJson.Require(idf.Length == (terms?.Length ?? buckets!.Length), $"vocabulary: {idf.Length} weights for {terms?.Length ?? buckets!.Length} terms");
        ArchiveJson.Require(Array.TrueForAll(idf, double.IsFinite), "vocabulary: a weight is not finite");
        ArchiveJson.Require(buckets is null || Array.TrueForAll(buckets, bucket => bucket is >= 0 and < 1 << HashedTermRows.BucketBits), "vocabulary: a bucket is out of range");
        return new TermWeights(json.Bool("words"), terms, buckets, json.Bool("signed"), idf);
    }

    private static double[] Idf(int[] chosen, int[] rowCounts, int rows) =>
        Array.ConvertAll(chosen, term => Math.Log((1.0 + rows) / (1.0 + rowCounts[term])) + 1);

    // Tables take no 0 and spread keys by their low bits, which buckets fill evenly.
    private static ulong BucketKey(int bucket) => (ulong)bucket + 1;

    private void Emit(int used, int offset, double norm, RowSink sink)
    {
        var pairs = sink.Scratch.AsSpan(0, used);
        pairs.Sort();
        var (kept, squares) = (0, 0.0);
        for (var i = 0; i < pairs.Length;)
        {
            var feature = (int)(pairs[i] >> 32);
            var count = 0;
            for (; i < pairs.Length && (int)(pairs[i] >> 32) == feature; i++)
            {
                count += (int)(uint)pairs[i];
            }

            if (count == 0)
            {
                continue;
            }

            var weight = (1 + Math.Log(Math.Abs(count))) * idf[feature] * Math.Sign(count);
            squares += weight * weight;
            pairs[kept++] = ((ulong)feature << 32) | BitConverter.SingleToUInt32Bits((float)weight);
        }

        var scale = squares > 0 ? norm / Math.Sqrt(squares) : 0;
        foreach (var pair in pairs[..kept])
        {
            sink.Add(offset + (int)(pair >> 32), (float)(BitConverter.UInt32BitsToSingle((uint)pair) * scale));
        }
    }

    private struct Sink(TermWeights weights, RowSink row) : INgramSink
    {
        private ulong[] scratch = row.Scratch;

        public int Used { get; private set; }

        public void Add(ulong hash, int start, int length)
        {
            var hashed = weights.Terms is null;
            var feature = weights.lookup.Find(hashed ? BucketKey(HashedTermRows.Bucket(hash)) : hash);
            if (feature < 0)
            {
                return;
            }

            if (Used == scratch.Length)
            {
                scratch = row.GrowScratch();
            }

            var count = hashed && weights.Signed && (long)hash < 0 ? -1 : 1;
            scratch[Used++] = ((ulong)feature << 32) | (uint)count;
        }
    }
}
