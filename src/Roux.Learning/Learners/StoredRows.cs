using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners;

/// <summary>Stores rows of features with a model. The features' names belong to the pipeline and are not stored again.</summary>
internal static class StoredRows
{
    public static void Write(ArchiveWriter archive, FeatureMatrix x)
    {
        if (x.IsSparse)
        {
            archive.WriteArray("row_starts", [.. x.RowStarts!.Select(start => (int)start)]);
            archive.WriteArray("indices", x.Indices);
        }

        archive.WriteArray("values", x.Dense ?? x.Values);
    }

    /// <exception cref="InvalidDataException">The arrays do not describe that many rows of that many features.</exception>
    public static FeatureMatrix Read(ArchiveReader archive, int rows, int columns)
    {
        var features = new Feature[columns];
        Array.Fill(features, new Feature("", "", FeatureKind.Numeric));
        var values = archive.ReadFloats("values");
        if (!archive.Has("row_starts.npy"))
        {
            return FeatureMatrix.FromDense(rows, features, StoredJson.Long(values, (long)rows * columns, "values"));
        }

        var starts = StoredJson.Long(archive.ReadInts("row_starts"), rows + 1L, "row_starts");
        var indices = StoredJson.Long(archive.ReadInts("indices"), values.Length, "indices");
        if (starts[0] != 0 || starts[^1] != values.Length || starts.Zip(starts.Skip(1)).Any(pair => pair.First > pair.Second) || indices.Any(index => index < 0 || index >= columns))
        {
            throw new InvalidDataException("row_starts.npy and indices.npy do not describe rows of the model's features");
        }

        return FeatureMatrix.FromSparse(features, [.. starts.Select(start => (long)start)], indices, values);
    }
}
