using System.Globalization;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// SHAP values by the boosting libraries' own code, from a model made again of its stored form. That code trusts the model: use it for
/// models that were fitted here, not for files from elsewhere. Both libraries compute path-dependent TreeSHAP (Lundberg et al. 2020).
/// </summary>
internal static unsafe class NativeContributions
{
    private const string Configuration = """{"type": 2, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}""";

    /// <summary>Why the library of that format cannot be used here; <c>null</c> where it can.</summary>
    public static string? Unavailable(string kind) => kind == BoostingFormat.LightGbm.Kind ? LightGbmLibrary.Unavailable : XGBoostLibrary.Unavailable;

    /// <summary>Contributions of the features of rows to the raw scores of one member.</summary>
    /// <param name="kind">Kind of the model.</param>
    /// <param name="member">Its stored form.</param>
    /// <param name="values">Rows x columns, row-major; NaN is missing.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of features.</param>
    /// <param name="outputs">Raw scores of a row.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>Rows x outputs x (columns + 1), row-major; the last of each output is the expectation. LightGBM computes in double precision, XGBoost in single.</returns>
    /// <exception cref="LearnerException">The library refused.</exception>
    public static double[] Of(string kind, ReadOnlySpan<byte> member, float[] values, int rows, int columns, int outputs, int threads) =>
        kind == BoostingFormat.LightGbm.Kind ? LightGbm(member, values, rows, columns, outputs, threads) : XGBoost(member, values, rows, columns, outputs, threads);

    private static double[] LightGbm(ReadOnlySpan<byte> member, float[] values, int rows, int columns, int outputs, int threads)
    {
        byte[] terminated = [.. member, 0];
        var result = new double[(long)rows * outputs * (columns + 1)];
        using var lease = LightGbmLibrary.Lease(threads);
        fixed (byte* text = terminated)
        fixed (float* data = values)
        fixed (double* target = result)
        {
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterLoadModelFromString(text, out _, out var booster));
            using (booster)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_BoosterPredictForMat(
                    booster, data, LightGbmNative.Float32, rows, columns, 1, LightGbmNative.PredictContributions, 0, -1,
                    string.Create(CultureInfo.InvariantCulture, $"num_threads={lease.Threads}"), out var length, target));
                return length == result.Length ? result : throw new LearnerException($"LightGBM: {length} contributions instead of {result.Length}");
            }
        }
    }

    private static double[] XGBoost(ReadOnlySpan<byte> member, float[] values, int rows, int columns, int outputs, int threads)
    {
        XGBoostNative.Check(XGBoostNative.XGBoosterCreate(null, 0, out var booster));
        using (booster)
        fixed (byte* text = member)
        fixed (float* data = values)
        {
            XGBoostNative.Check(XGBoostNative.XGBoosterLoadModelFromBuffer(booster, text, (ulong)member.Length));
            var description = string.Create(CultureInfo.InvariantCulture, $$"""{"missing": NaN, "nthread": {{threads}}}""");
            XGBoostNative.Check(XGBoostNative.XGDMatrixCreateFromDense(XGBoostBooster.Array(data, "<f4", rows, columns), description, out var matrix));
            using (matrix)
            {
                XGBoostNative.Check(XGBoostNative.XGBoosterPredictFromDMatrix(booster, matrix, Configuration, out var shape, out var dimensions, out var result));
                long length = 1;
                for (ulong i = 0; i < dimensions; i++)
                {
                    length *= (long)shape[i];
                }

                if (length != (long)rows * outputs * (columns + 1))
                {
                    throw new LearnerException($"XGBoost: {length} contributions instead of {(long)rows * outputs * (columns + 1)}");
                }

                var contributions = new double[length];
                for (var i = 0; i < contributions.Length; i++)
                {
                    contributions[i] = result[i];
                }

                return contributions;
            }
        }
    }
}
