using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Text;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// Cells of several levels, as one feature a level (multi-hot). Rare levels share one. Where there are many levels, models that
/// are not trees get them weighted by inverse document frequency and each row divided by its norm, as words are, so that a cast of
/// twenty does not outweigh everything else in the row.
/// </summary>
internal sealed class ListFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "list";

    /// <summary>Used where a schema names no separator.</summary>
    public const string DefaultSeparator = "|";

    private const int MaxUnweighted = 100;
    private const int FewRows = 100;

    private readonly string[] items;
    private readonly double[]? idf;
    private readonly bool other;
    private readonly bool count;
    private readonly bool indicator;
    private readonly Dictionary<string, int> lookup = new(StringComparer.Ordinal);

    private ListFeaturizer(ColumnSpec spec, string[] items, double[]? idf, bool other, bool count, bool indicator, double termsPerRow = 0)
        : base(spec, MakeFeatures(spec, items, idf is not null, other, count, indicator))
    {
        (this.items, this.idf, this.other, this.count, this.indicator, TermsPerRow) = (items, idf, other, count, indicator, termsPerRow);
        for (var i = 0; i < items.Length; i++)
        {
            ArchiveJson.Require(lookup.TryAdd(items[i], i), $"column '{spec.Name}': item '{items[i]}' occurs twice");
        }
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override double TermsPerRow { get; }

    /// <summary>Fits to training rows.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var column = ColumnConversion.ToText(fit.Values);
        var rows = new ItemRows(column, fit.Spec.Separator ?? DefaultSeparator);
        var most = fit.Form.MaxTextFeatures;
        var (chosen, rowCounts) = TermSelection.Select(rows, fit.Y, fit.Rows < FewRows ? 1 : 2, most, fit.Cancellation);
        var items = Array.ConvertAll(chosen, item => rows.Items[item]);
        Array.Sort(items, chosen, StringComparer.Ordinal);
        var weighted = items.Length > MaxUnweighted && fit.Form.Scale == Scaling.Standard;
        var idf = weighted ? Array.ConvertAll(chosen, item => Math.Log((1.0 + fit.Rows) / (1.0 + rowCounts[item])) + 1) : null;
        var featurizer = new ListFeaturizer(
            fit.Spec, items, idf, other: !weighted && items.Length < rows.Terms, fit.ForTrees, !fit.Form.KeepMissing && column.CountMissing() > 0,
            weighted ? Enumerable.Range(0, fit.Rows).Average(row => (double)rows.Row(row).Length) : 0);
        return new FittedColumn(featurizer, featurizer.Encode(column));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values)
    {
        var column = ColumnConversion.ToText(values);
        var rows = new ItemRows(column, Column.Separator ?? DefaultSeparator);
        var featureOfItem = rows.Items.Select(item => lookup.GetValueOrDefault(item, -1)).ToArray();
        foreach (var level in rows.ItemsOfLevel)
        {
            for (var i = 0; i < level?.Length; i++)
            {
                level[i] = featureOfItem[level[i]];
            }

            if (level is not null)
            {
                Array.Sort(level);
            }
        }

        return new Encoded(column.Codes, rows.ItemsOfLevel, this);
    }

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["other"] = other;
        json["count"] = count;
        json["indicator"] = indicator;
        json["weighted"] = idf is not null;
        archive.WriteJson("items", ArchiveJson.ToJson(items));
        if (idf is not null)
        {
            archive.WriteArray("idf", idf);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ListFeaturizer Read(ColumnSpec spec, JsonNode json, ArchiveReader archive)
    {
        ArchiveJson.Require(spec.Separator is not "", $"column '{spec.Name}': the separator is empty");
        var items = ArchiveJson.TextsOf(archive.ReadJson("items"), "items");
        var idf = json.Bool("weighted") ? archive.ReadDoubles("idf") : null;
        ArchiveJson.Require(idf is null || (idf.Length == items.Length && Array.TrueForAll(idf, double.IsFinite)), $"column '{spec.Name}': the weights do not fit the {items.Length} items");
        return new ListFeaturizer(spec, items, idf, json.Bool("other"), json.Bool("count"), json.Bool("indicator"));
    }

    private static Feature[] MakeFeatures(ColumnSpec spec, string[] items, bool weighted, bool other, bool count, bool indicator)
    {
        var kind = weighted ? FeatureKind.Text : FeatureKind.Indicator;
        var features = items.Select(item => new Feature($"{spec.Name}={item}", spec.Name, kind)).ToList();
        if (other)
        {
            features.Add(new Feature($"{spec.Name}=(other)", spec.Name, FeatureKind.Indicator));
        }

        if (count)
        {
            features.Add(new Feature($"{spec.Name}@count", spec.Name, FeatureKind.Numeric));
        }

        if (indicator)
        {
            features.Add(new Feature($"{spec.Name}=(missing)", spec.Name, FeatureKind.Indicator));
        }

        return [.. features];
    }

    /// <summary>The distinct items of each level that occurs.</summary>
    private sealed class ItemRows : TermRows
    {
        private readonly TextColumn column;

        public ItemRows(TextColumn column, string separator)
        {
            this.column = column;
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            ItemsOfLevel = new int[]?[column.Levels.Length];
            foreach (var code in column.Codes)
            {
                if (code >= 0)
                {
                    ItemsOfLevel[code] ??= Split(column.Levels[code], separator, numbers);
                }
            }

            Items = [.. numbers.Keys];
        }

        public int[]?[] ItemsOfLevel { get; }

        public string[] Items { get; }

        public override int Terms => Items.Length;

        public override ReadOnlySpan<int> Row(int row) => column.Codes[row] < 0 ? [] : ItemsOfLevel[column.Codes[row]];

        public override ulong TieBreak(int term) => Ngrams.Hash(Items[term]);

        private static int[] Split(string cell, string separator, Dictionary<string, int> numbers)
        {
            var found = new List<int>();
            foreach (var item in cell.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!numbers.TryGetValue(item, out var number))
                {
                    numbers.Add(item, number = numbers.Count);
                }

                if (!found.Contains(number))
                {
                    found.Add(number);
                }
            }

            return [.. found];
        }
    }

    private sealed class Encoded(int[] codes, int[]?[] featuresOfLevel, ListFeaturizer featurizer) : EncodedColumn
    {
        public override void Emit(int row, RowSink sink)
        {
            var found = codes[row] < 0 ? [] : featuresOfLevel[codes[row]]!;
            var scale = featurizer.idf is { } idf ? Scale(found, idf, featurizer.RowNorm) : 1;
            foreach (var feature in found)
            {
                if (feature >= 0)
                {
                    sink.Add(feature, (float)((featurizer.idf?[feature] ?? 1) * scale));
                }
            }

            var next = featurizer.items.Length;
            if (featurizer.other)
            {
                if (found.Length > 0 && found[0] < 0) // sorted: unknown items come first
                {
                    sink.Add(next, 1);
                }

                next++;
            }

            if (featurizer.count)
            {
                sink.Add(next++, found.Length);
            }

            if (featurizer.indicator && codes[row] < 0)
            {
                sink.Add(next, 1);
            }
        }

        private static double Scale(int[] found, double[] idf, double norm)
        {
            var squares = 0.0;
            foreach (var feature in found)
            {
                squares += feature >= 0 ? idf[feature] * idf[feature] : 0;
            }

            return squares > 0 ? norm / Math.Sqrt(squares) : 0;
        }
    }
}
