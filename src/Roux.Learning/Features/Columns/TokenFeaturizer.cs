using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Tokens;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Texts as ids of word pieces, one feature a place: the id plus 1, or 0 after the end of the text. A missing text has a beginning and an end.</summary>
internal sealed class TokenFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "tokens";

    /// <summary>Most places of a text.</summary>
    private const int MaxPlaces = 100_000;

    private readonly WordPieces pieces;

    private TokenFeaturizer(ColumnSpec spec, WordPieces pieces, int places)
        : base(spec, [.. Enumerable.Range(0, places).Select(i => new Feature($"{spec.Name}@{i}", spec.Name, FeatureKind.Token, pieces.Count))]) => this.pieces = pieces;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Fits to training rows: the vocabulary is that of all text columns together.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var featurizer = new TokenFeaturizer(fit.Spec, fit.Pieces!.Value, fit.Form.Tokens!.MaxTokens);
        return new FittedColumn(featurizer, featurizer.Encode(ColumnConversion.ToText(fit.Values), fit.Threads, fit.Cancellation));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values) => Encode(ColumnConversion.ToText(values), 1, CancellationToken.None);

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["places"] = Features.Count;
        pieces.Write(json, archive);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TokenFeaturizer Read(ColumnSpec spec, JsonNode json, ArchiveReader archive) =>
        new(spec, WordPieces.Read(json, archive), json.Int("places", 3, MaxPlaces));

    private Encoded Encode(TextColumn column, int threads, CancellationToken cancellation)
    {
        var ids = new int[]?[column.Levels.Length];
        int[] used = [.. column.Codes.Where(code => code >= 0).Distinct()];
        ParallelLoop.For(used.Length, threads, i => ids[used[i]] = pieces.Encode(column.Levels[used[i]], Features.Count), cancellation);
        return new Encoded(column.Codes, ids, pieces.Encode("", Features.Count));
    }

    private sealed class Encoded(int[] codes, int[]?[] ids, int[] missing) : EncodedColumn
    {
        public override void Emit(int row, RowSink sink)
        {
            var of = codes[row] < 0 ? missing : ids[codes[row]]!;
            for (var i = 0; i < of.Length; i++)
            {
                sink.Add(i, of[i] + 1);
            }
        }
    }
}
