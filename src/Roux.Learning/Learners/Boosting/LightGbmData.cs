using System.Globalization;
using System.Runtime.CompilerServices;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// Binned rows of a feature matrix. Binning is the costly part of preparing data and depends on neither the answers nor most settings,
/// so it is kept as long as the matrix lives and fits take copies of the binned rows they need.
/// </summary>
internal static unsafe class LightGbmData
{
    /// <summary>Binnings kept for one matrix; the least recently used goes first.</summary>
    private const int KeptPerMatrix = 2;

    private static readonly ConditionalWeakTable<FeatureMatrix, Binnings> Cache = [];

    /// <summary>A native data set of the given rows with their answers and weights.</summary>
    /// <param name="x">All rows; bins are chosen on all of them.</param>
    /// <param name="rows">Rows to take, ascending.</param>
    /// <param name="labels">One per row of <paramref name="x"/>.</param>
    /// <param name="weights">One per row of <paramref name="x"/>, or <c>null</c>.</param>
    /// <param name="parameters">Binning parameters of LightGBM; data sets are shared between fits with equal ones.</param>
    /// <param name="threads">Threads to work with.</param>
    public static LightGbmDatasetHandle Create(FeatureMatrix x, int[] rows, float[] labels, float[]? weights, string parameters, int threads)
    {
        var subset = Cache.GetOrCreateValue(x).Subset(x, rows, parameters, threads);
        try
        {
            SetField(subset, "label", labels, rows);
            if (weights is not null)
            {
                SetField(subset, "weight", weights, rows);
            }

            return subset;
        }
        catch
        {
            subset.Dispose();
            throw;
        }
    }

    private static void SetField(LightGbmDatasetHandle dataset, string name, float[] values, int[] rows)
    {
        var taken = Array.ConvertAll(rows, row => values[row]);
        fixed (float* pointer = taken)
        {
            LightGbmNative.Check(LightGbmNative.LGBM_DatasetSetField(dataset, name, pointer, taken.Length, LightGbmNative.Float32));
        }
    }

    /// <summary>The features that hold category codes, as LightGBM's parameter; empty where there are none.</summary>
    internal static string CategoricalParameter(IReadOnlyList<Feature> features)
    {
        var indices = Enumerable.Range(0, features.Count).Where(i => features[i].Kind == FeatureKind.Category)
            .Select(i => i.ToString(CultureInfo.InvariantCulture));
        var list = string.Join(',', indices);
        return list.Length == 0 ? "" : $" categorical_feature={list}";
    }

    private static LightGbmDatasetHandle Bin(FeatureMatrix x, string parameters)
    {
        LightGbmDatasetHandle dataset;
        if (x.IsSparse)
        {
            fixed (long* starts = x.RowStarts)
            fixed (int* indices = x.Indices)
            fixed (float* values = x.Values)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_DatasetCreateFromCSR(
                    starts, LightGbmNative.Int64, indices, values, LightGbmNative.Float32,
                    x.RowStarts!.Length, x.RowStarts[^1], x.Columns, parameters, 0, out dataset));
            }

            dataset.AddPressure(2 * x.RowStarts[^1]);
        }
        else
        {
            fixed (float* values = x.Dense)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_DatasetCreateFromMat(
                    values, LightGbmNative.Float32, x.Rows, x.Columns, 1, parameters, 0, out dataset));
            }

            dataset.AddPressure((long)x.Rows * x.Columns);
        }

        return dataset;
    }

    /// <summary>The binnings of one matrix. They are never trained on, only copied from.</summary>
    private sealed class Binnings
    {
        private readonly Lock gate = new();
        private readonly List<(string Parameters, LightGbmDatasetHandle Dataset)> kept = [];

        public LightGbmDatasetHandle Subset(FeatureMatrix x, int[] rows, string parameters, int threads)
        {
            // Under the lock throughout: what is evicted is in nobody's hands.
            lock (gate)
            {
                var at = kept.FindIndex(item => item.Parameters == parameters);
                // The number of threads is told on every call, but is no part of the key: bins do not depend on it.
                var full = string.Create(CultureInfo.InvariantCulture, $"{parameters} num_threads={threads}");
                var item = at >= 0 ? kept[at] : (parameters, Bin(x, full));
                if (at >= 0)
                {
                    kept.RemoveAt(at);
                }
                else if (kept.Count == KeptPerMatrix)
                {
                    kept[0].Dataset.Dispose();
                    kept.RemoveAt(0);
                }

                kept.Add(item);
                fixed (int* pointer = rows)
                {
                    LightGbmNative.Check(LightGbmNative.LGBM_DatasetGetSubset(item.Item2, pointer, rows.Length, full, out var subset));
                    return subset;
                }
            }
        }
    }
}
