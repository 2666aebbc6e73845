using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Text;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Texts as TF-IDF weights of words and character n-grams; for trees also their length.</summary>
internal sealed class TextFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "text";

    /// <summary>With fewer rows than this a term that occurs once is kept.</summary>
    private const int FewRows = 100;

    private readonly TermWeights[] groups;
    private readonly bool lengths;
    private readonly bool indicator;
    private readonly float missingLength;

    private TextFeaturizer(ColumnSpec spec, TermWeights[] groups, bool lengths, bool indicator, bool keepMissing, double termsPerRow = 0)
        : base(spec, MakeFeatures(spec, groups, lengths, indicator)) =>
        (this.groups, this.lengths, this.indicator, missingLength, TermsPerRow) = (groups, lengths, indicator, keepMissing ? float.NaN : 0, termsPerRow);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override double TermsPerRow { get; }

    /// <summary>Fits to training rows.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var column = ColumnConversion.ToText(fit.Values);
        var lengths = fit.ForTrees && fit.Form.Text != TextEncoding.None;
        var featurizer = new TextFeaturizer(
            fit.Spec, FitGroups(fit, column), lengths, column.CountMissing() > 0 && !(lengths && fit.Form.KeepMissing), fit.Form.KeepMissing, MeanWords(column));
        return new FittedColumn(featurizer, featurizer.Encode(column, fit.Threads));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values) => Encode(ColumnConversion.ToText(values), 1);

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["lengths"] = lengths;
        json["indicator"] = indicator;
        json["keepMissing"] = float.IsNaN(missingLength);
        var list = new JsonArray();
        for (var i = 0; i < groups.Length; i++)
        {
            var group = new JsonObject();
            groups[i].Write(group, archive.In($"terms{i}"));
            list.Add(group);
        }

        json["groups"] = list;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TextFeaturizer Read(ColumnSpec spec, JsonNode json, ArchiveReader archive)
    {
        TermWeights[] groups = [.. json.List("groups").Select((group, i) => TermWeights.Read(group.AsObjectOf("a group of terms"), archive.In($"terms{i}")))];
        return new TextFeaturizer(spec, groups, json.Bool("lengths"), json.Bool("indicator"), json.Bool("keepMissing"));
    }

    private static double MeanWords(TextColumn column)
    {
        var words = new int[column.Levels.Length];
        var (total, rows) = (0L, 0);
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                words[code] = words[code] > 0 ? words[code] : CountWords(column.Levels[code]);
                total += words[code];
                rows++;
            }
        }

        return rows == 0 ? 0 : (double)total / rows;
    }

    private static int CountWords(string text)
    {
        var nothing = default(Nothing);
        return Ngrams.Words(text, ref nothing);
    }

    private static TermWeights[] FitGroups(ColumnFit fit, TextColumn column)
    {
        var (encoding, most) = (fit.Form.Text, fit.Form.MaxTextFeatures);
        var minRows = fit.Rows < FewRows ? 1 : 2;
        if (encoding == TextEncoding.None)
        {
            return [];
        }

        if (TextCorpus.Size(column) > TextCorpus.MaxCharacters)
        {
            // Character n-grams would cost several times the memory of the words, and add least where there is so much text.
            return [TermWeights.FitHashed(fit, column, most, minRows)];
        }

        var corpus = TextCorpus.Of(column);
        TermWeights Group(bool words, int share) => TermWeights.Fit(fit, column, corpus, words, share, minRows);
        if (encoding != (TextEncoding.Words | TextEncoding.Characters))
        {
            return [Group(encoding == TextEncoding.Words, most)];
        }

        // Half for the words; what they leave is for the characters.
        var words = Group(true, most / 2);
        return [words, Group(false, most - words.Count)];
    }

    private static Feature[] MakeFeatures(ColumnSpec spec, TermWeights[] groups, bool lengths, bool indicator)
    {
        var features = groups.SelectMany(group => group.MakeFeatures(spec.Name)).ToList();
        if (lengths)
        {
            features.Add(new Feature($"{spec.Name}@words", spec.Name, FeatureKind.Numeric));
            features.Add(new Feature($"{spec.Name}@characters", spec.Name, FeatureKind.Numeric));
        }

        if (indicator)
        {
            features.Add(new Feature($"{spec.Name}=(missing)", spec.Name, FeatureKind.Indicator));
        }

        return [.. features];
    }

    private Encoded Encode(TextColumn column, int threads)
    {
        var corpus = TextCorpus.Find(column);
        var sources = Array.ConvertAll(groups, group =>
        {
            var counts = corpus?.Counts(group.Words, threads, CancellationToken.None);
            return (counts, counts is null ? null : group.FeaturesOf(counts));
        });
        return new Encoded(column, this, corpus, sources);
    }

    private sealed class Encoded(TextColumn column, TextFeaturizer featurizer, TextCorpus? corpus, (TermCounts? Counts, int[]? Features)[] sources) : EncodedColumn
    {
        public override void Emit(int row, RowSink sink)
        {
            var offset = 0;
            var code = column.Codes[row];
            for (var i = 0; i < featurizer.groups.Length; i++)
            {
                var group = featurizer.groups[i];
                if (code >= 0 && sources[i].Features is { } features)
                {
                    group.Emit(sources[i].Counts!, features, corpus!.DocumentOfLevel[code], offset, featurizer.RowNorm, sink);
                }
                else if (code >= 0)
                {
                    group.Emit(column.Levels[code], offset, featurizer.RowNorm, sink);
                }

                offset += group.Count;
            }

            if (featurizer.lengths)
            {
                sink.Add(offset++, code < 0 ? featurizer.missingLength : Length(code));
                sink.Add(offset++, code < 0 ? featurizer.missingLength : column.Levels[code].Length);
            }

            if (featurizer.indicator && code < 0)
            {
                sink.Add(offset, 1);
            }
        }

        private int Length(int code)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                if (featurizer.groups[i].Words && sources[i].Counts is { } counts)
                {
                    return counts.Lengths[corpus!.DocumentOfLevel[code]];
                }
            }

            return CountWords(column.Levels[code]);
        }
    }

    private readonly struct Nothing : INgramSink
    {
        public void Add(ulong hash, int start, int length)
        {
        }
    }
}
