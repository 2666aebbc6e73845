using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Columns;
using Roux.Learning.Features.Tokens;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features;

/// <summary>Turns the columns of a table into features as learned from training rows. Immutable; safe to use from many threads.</summary>
public sealed class FittedFeaturizer
{
    /// <summary>Stands in where no column gives a feature, so that a matrix always has a column.</summary>
    private static readonly Feature Nothing = new("(none)", "", FeatureKind.Numeric);

    private readonly ColumnFeaturizer[] columns;
    private readonly int[] offsets;
    private readonly bool sparse;

    private FittedFeaturizer(FeatureForm form, ColumnFeaturizer[] columns, bool sparse)
    {
        (Form, this.columns, this.sparse) = (form, columns, sparse);
        offsets = Offsets(columns);
        Features = Named(columns);
    }

    /// <summary>The form it was fitted for.</summary>
    public FeatureForm Form { get; }

    /// <summary>What it makes.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>The columns that it reads.</summary>
    public IReadOnlyList<ColumnSpec> Columns => [.. columns.Select(column => column.Column)];

    /// <summary>The features of the rows of a table.</summary>
    /// <param name="table">Has at least the columns of <see cref="Columns"/>; others are passed over. A column may be stored as another type than in training where its values can be read as that one; values that cannot are missing.</param>
    /// <param name="ct">Asks to stop.</param>
    /// <exception cref="DataException">A column is not there, or holds dates for numbers or numbers for dates.</exception>
    public FeatureMatrix Transform(Table table, CancellationToken ct = default) => Transform(table, 1, ct);

    /// <summary>The same on several threads; the result does not depend on their number.</summary>
    public FeatureMatrix Transform(Table table, int threads, CancellationToken ct)
    {
        var encoded = new EncodedColumn[columns.Length];
        ParallelLoop.For(encoded.Length, threads, i => encoded[i] = columns[i].Encode(Find(table, columns[i].Column.Name)), ct);
        return Assemble(encoded, table.RowCount, threads, ct);
    }

    /// <summary>Writes all that <see cref="Read"/> needs.</summary>
    public void Write(ArchiveWriter archive)
    {
        var list = new JsonArray();
        for (var i = 0; i < columns.Length; i++)
        {
            var json = new JsonObject { ["kind"] = columns[i].Kind, ["column"] = ColumnSpecJson.Write(columns[i].Column), ["rowNorm"] = columns[i].RowNorm };
            columns[i].Write(json, archive.In($"columns/{i}"));
            list.Add(json);
        }

        var form = new JsonObject
        {
            ["categories"] = Form.Categories.ToString(),
            ["keepMissing"] = Form.KeepMissing,
            ["scale"] = Form.Scale.ToString(),
            ["text"] = Form.Text.ToString(),
            ["maxTextFeatures"] = Form.MaxTextFeatures,
        };
        if (Form.Tokens is { } tokens)
        {
            // The folder that a vocabulary came from is a path of one machine, and not needed: the vocabulary is stored.
            form["tokens"] = new JsonObject { ["maxTokens"] = tokens.MaxTokens, ["vocabularySize"] = tokens.VocabularySize };
        }

        archive.WriteJson("featurizer", new JsonObject
        {
            ["form"] = form,
            ["sparse"] = sparse,
            ["columns"] = list,
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Parts are missing or do not fit together.</exception>
    public static FittedFeaturizer Read(ArchiveReader archive)
    {
        var json = archive.ReadJson("featurizer");
        var stored = json.Field("form");
        var form = new FeatureForm(
            stored.Named<CategoryEncoding>("categories"), stored.Bool("keepMissing"), stored.Named<Scaling>("scale"),
            stored.Named<TextEncoding>("text"), stored.Int("maxTextFeatures"),
            stored.HasField("tokens") ? new TokenForm(stored.Field("tokens").Int("maxTokens", 3), stored.Field("tokens").Int("vocabularySize", 1)) : null);
        ColumnFeaturizer[] columns =
        [
            .. json.List("columns").Select((column, i) =>
            {
                var fields = column.AsObjectOf("a column");
                var read = ColumnFeaturizerCatalog.Read(fields.Text("kind"), ColumnSpecJson.Read(fields.Field("column")), fields, archive.In($"columns/{i}"));
                read.RowNorm = fields.Double("rowNorm");
                ArchiveJson.Require(read.RowNorm is > 0 and <= 1, $"column '{read.Column.Name}': a row norm of {read.RowNorm} is not in (0, 1]");
                return read;
            }),
        ];
        return new FittedFeaturizer(form, columns, json.Bool("sparse"));
    }

    /// <summary>Composes fitted columns; whether matrices are sparse is decided once, on the training rows.</summary>
    internal static FittedFeaturizer Make(FeatureForm form, ColumnFeaturizer[] columns, EncodedColumn[] training, int rows)
    {
        // Rows of term weights have a common norm within a column. With the same norm in every column, a title of three words would
        // weigh as much as a plot of a hundred, each of its words many times as much as theirs, and a linear model would learn titles by
        // heart. Norms in proportion to the square root of the number of terms give terms about equal weight wherever they stand,
        // as one vectorizer over all the texts would.
        var longest = columns.Select(column => column.TermsPerRow).DefaultIfEmpty().Max();
        foreach (var column in columns)
        {
            column.RowNorm = column.TermsPerRow > 0 ? Math.Sqrt(column.TermsPerRow / longest) : 1;
        }

        return new FittedFeaturizer(form, columns, MatrixAssembly.PrefersSparse(training, Offsets(columns), rows));
    }

    /// <summary>Puts encoded columns together.</summary>
    internal FeatureMatrix Assemble(EncodedColumn[] encoded, int rows, int threads, CancellationToken ct) =>
        MatrixAssembly.Build(encoded, offsets, Features, rows, sparse, threads, ct);

    /// <summary>The column of that name.</summary>
    /// <exception cref="DataException">There is none.</exception>
    internal static Column Find(Table table, string name) => table.Find(name)
        ?? throw new DataException($"{table.Name} has no column '{name}', which the model needs; it has: {string.Join(", ", table.Columns.Take(30).Select(column => column.Name))}{(table.Columns.Count > 30 ? ", …" : "")}");

    private static int[] Offsets(ColumnFeaturizer[] columns)
    {
        var offsets = new int[columns.Length + 1];
        for (var i = 0; i < columns.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + columns[i].Features.Count);
        }

        return offsets;
    }

    private static Feature[] Named(ColumnFeaturizer[] columns)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var features = new List<Feature>();
        foreach (var feature in columns.SelectMany(column => column.Features))
        {
            // A column may be called "a=b" beside a column "a" with a level "b".
            var name = feature.Name;
            for (var n = 2; !names.Add(name); n++)
            {
                name = $"{feature.Name} #{n}";
            }

            features.Add(name == feature.Name ? feature : feature with { Name = name });
        }

        return features.Count == 0 ? [Nothing] : [.. features];
    }
}
