using System.IO.Compression;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Features.Tokens;
using Roux.Learning.Pipelines;
using Shouldly;

namespace Roux.Learning.Tests.Features;

/// <summary>Small tables and the ways to compare matrices that the feature tests share.</summary>
internal static class Tables
{
    private static readonly string[] Words =
        ["space", "ship", "love", "war", "ghost", "detective", "summer", "night", "money", "family", "alien", "king", "élan", "naïve", "don't", "X-ray", "3D"];

    public static FeatureForm MinMax { get; } = new(CategoryEncoding.OneHot, KeepMissing: false, Scaling.MinMax);

    public static FeatureForm Means { get; } = new(CategoryEncoding.TargetMean, KeepMissing: false, Scaling.None, TextEncoding.Words, 1_500);

    public static FeatureForm[] Forms { get; } = [FeatureForm.Linear, FeatureForm.Trees, MinMax, Means, FeatureForm.Sequences(new TokenForm(12, 60))];

    public static IReadOnlyList<ColumnSpec> MixedColumns { get; } =
    [
        new("amount", ColumnType.Real, ColumnRole.Numeric),
        new("gross", ColumnType.Real, ColumnRole.Numeric),
        new("colour", ColumnType.Text, ColumnRole.Categorical),
        new("director", ColumnType.Text, ColumnRole.Categorical),
        new("released", ColumnType.Date, ColumnRole.Date),
        new("sequel", ColumnType.Boolean, ColumnRole.Boolean),
        new("plot", ColumnType.Text, ColumnRole.Text),
        new("cast", ColumnType.Text, ColumnRole.List, "|"),
        new("key", ColumnType.Text, ColumnRole.Id),
    ];

    /// <summary>A column of every role, a tenth of the values missing.</summary>
    public static Table Mixed(int rows, int seed)
    {
        var random = new Random(seed);
        bool Missing() => random.Next(10) == 0;
        string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));
        T[] Make<T>(Func<T> value) => [.. Enumerable.Range(0, rows).Select(_ => value())];
        return new Table("mixed", [
            new NumberColumn("amount", Make(() => Missing() ? double.NaN : random.NextDouble() * 100 - 50)),
            new NumberColumn("gross", Make(() => Missing() ? double.NaN : Math.Exp(random.NextDouble() * 12))),
            TextColumn.From("colour", Make(() => Missing() ? null : ((string[])["red", "green", "blue"])[random.Next(3)])),
            TextColumn.From("director", Make(() => Missing() ? null : $"d{(int)(400 * random.NextDouble() * random.NextDouble())}")),
            new DateColumn("released", Make(() => Missing() ? DateColumn.Missing : new DateTime(1950, 1, 1).AddMinutes(random.Next(30_000_000)).Ticks)),
            new NumberColumn("sequel", Make(() => Missing() ? double.NaN : random.Next(2)), ColumnType.Boolean),
            TextColumn.From("plot", Make(() => Missing() ? null : Text(random.Next(12)))),
            TextColumn.From("cast", Make(() => Missing() ? null : string.Join('|', Enumerable.Range(0, random.Next(5)).Select(_ => $"actor {random.Next(40)}")))),
            TextColumn.From("key", Enumerable.Range(0, rows).Select(row => $"k{row}")),
        ]);
    }

    public static Target Classes(int rows, int classes, int seed)
    {
        var random = new Random(seed);
        return Target.Classification([.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))], [.. Enumerable.Range(0, classes).Select(k => $"c{k}")]);
    }

    public static Target Numbers(int rows, int seed)
    {
        var random = new Random(seed);
        return Target.Regression([.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() * 10)]);
    }

    public static (FittedFeaturizer Featurizer, FeatureMatrix Training) Fit(
        Table table, IReadOnlyList<ColumnSpec> columns, Target y, FeatureForm form, int seed = 1, int threads = 1) =>
        Featurizer.Fit(table, columns, y, form, seed, threads, CancellationToken.None);

    /// <summary>Fits one column.</summary>
    public static (FittedFeaturizer Featurizer, FeatureMatrix Training) Fit(Column column, ColumnRole role, FeatureForm form, Target? y = null, string? separator = null) =>
        Fit(new Table("one", [column]), [new ColumnSpec(column.Name, column.Type, role, separator)], y ?? Classes(column.Length, 2, 5), form);

    public static FeatureMatrix Transform(this FittedFeaturizer featurizer, Column column) => featurizer.Transform(new Table("new", [column]));

    /// <summary>The value of a feature in a row.</summary>
    public static float At(this FeatureMatrix x, int row, string feature)
    {
        var column = x.Features.Select((candidate, i) => (candidate, i)).Single(pair => pair.candidate.Name == feature).i;
        return x.ToDense()[row * x.Columns + column];
    }

    public static string[] Names(this FeatureMatrix x) => [.. x.Features.Select(feature => feature.Name)];

    public static float[] ToDense(this FeatureMatrix x)
    {
        if (x.Dense is not null)
        {
            return x.Dense;
        }

        var dense = new float[x.Rows * x.Columns];
        for (var row = 0; row < x.Rows; row++)
        {
            for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
            {
                dense[row * x.Columns + x.Indices![i]] = x.Values![i];
            }
        }

        return dense;
    }

    /// <summary>Equal to the last bit, in the same storage.</summary>
    public static void ShouldBeSameAs(this FeatureMatrix actual, FeatureMatrix expected)
    {
        actual.Features.ShouldBe(expected.Features);
        actual.IsSparse.ShouldBe(expected.IsSparse);
        actual.Rows.ShouldBe(expected.Rows);
        if (actual.IsSparse)
        {
            actual.RowStarts.ShouldBe(expected.RowStarts);
            actual.Indices.ShouldBe(expected.Indices);
        }

        Bits(actual.Dense ?? actual.Values!).ShouldBe(Bits(expected.Dense ?? expected.Values!));
    }

    public static FittedFeaturizer SaveAndLoad(FittedFeaturizer featurizer)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            featurizer.Write(new ArchiveWriter(zip));
        }

        using var reading = new ZipArchive(stream, ZipArchiveMode.Read);
        return FittedFeaturizer.Read(new ArchiveReader(reading));
    }

    private static uint[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToUInt32Bits);
}
