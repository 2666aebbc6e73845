using System.Globalization;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Boosting;

/// <summary>A native XGBoost training in progress.</summary>
internal sealed unsafe class XGBoostBooster : IBooster
{
    private const string PredictWhole = """{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}""";

    private readonly XGBoostMatrixHandle training;
    private readonly XGBoostMatrixHandle? validation;
    private readonly XGBoostBoosterHandle booster;
    private readonly ValidationLoss? loss;
    private int rounds;

    /// <summary>Takes over the matrices, which are freed with this.</summary>
    public XGBoostBooster(XGBoostMatrixHandle training, XGBoostMatrixHandle? validation, ValidationLoss? loss, IEnumerable<(string Name, string Value)> parameters)
    {
        (this.training, this.validation, this.loss) = (training, validation, loss);
        try
        {
            // Predictions of the matrices named here are kept and only added to.
            var cached = stackalloc nint[2];
            cached[0] = training.DangerousGetHandle();
            cached[1] = validation?.DangerousGetHandle() ?? 0;
            XGBoostNative.Check(XGBoostNative.XGBoosterCreate(cached, validation is null ? 1u : 2u, out booster));
            foreach (var (name, value) in parameters)
            {
                XGBoostNative.Check(XGBoostNative.XGBoosterSetParam(booster, name, value));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A native matrix of the given rows.</summary>
    public static XGBoostMatrixHandle Matrix(FeatureMatrix x, int[] rows, float[] labels, float[]? weights, int threads)
    {
        var taken = WithoutZeros(rows.Length == x.Rows ? x : x.Take(rows));
        var configuration = string.Create(CultureInfo.InvariantCulture, $$"""{"missing": NaN, "nthread": {{threads}}}""");
        XGBoostMatrixHandle matrix;
        if (taken.IsSparse)
        {
            fixed (long* starts = taken.RowStarts)
            fixed (int* indices = taken.Indices)
            fixed (float* values = taken.Values)
            {
                var count = taken.RowStarts![^1];
                XGBoostNative.Check(XGBoostNative.XGDMatrixCreateFromCSR(
                    Array(starts, "<i8", taken.RowStarts.Length), Array(indices, "<i4", count), Array(values, "<f4", count), (ulong)taken.Columns, configuration, out matrix));
            }
        }
        else
        {
            fixed (float* values = taken.Dense)
            {
                XGBoostNative.Check(XGBoostNative.XGDMatrixCreateFromDense(Array(values, "<f4", taken.Rows, taken.Columns), configuration, out matrix));
            }
        }

        try
        {
            SetInfo(matrix, "label", labels, rows);
            if (weights is not null)
            {
                SetInfo(matrix, "weight", weights, rows);
            }

            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    /// <summary>Absent entries of a sparse matrix are missing to XGBoost, so the zeros among the stored ones must be absent too.</summary>
    private static FeatureMatrix WithoutZeros(FeatureMatrix x)
    {
        if (!x.IsSparse || !x.Values.AsSpan().Contains(0f))
        {
            return x;
        }

        var starts = new long[x.Rows + 1];
        var indices = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < x.Rows; row++)
        {
            for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
            {
                if (x.Values![i] != 0)
                {
                    indices.Add(x.Indices![i]);
                    values.Add(x.Values[i]);
                }
            }

            starts[row + 1] = values.Count;
        }

        return FeatureMatrix.FromSparse(x.Features, starts, [.. indices], [.. values]);
    }

    /// <summary>NumPy's array interface, by which XGBoost is told of memory.</summary>
    internal static string Array(void* data, string type, params ReadOnlySpan<long> shape) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"data": [{{(ulong)data}}, true], "shape": [{{(shape.Length == 1 ? $"{shape[0]}" : $"{shape[0]}, {shape[1]}")}}], "typestr": "{{type}}", "version": 3}""");

    private static void SetInfo(XGBoostMatrixHandle matrix, string field, float[] values, int[] rows)
    {
        var taken = System.Array.ConvertAll(rows, row => values[row]);
        fixed (float* pointer = taken)
        {
            XGBoostNative.Check(XGBoostNative.XGDMatrixSetFloatInfo(matrix, field, pointer, (ulong)taken.Length));
        }
    }

    public bool Advance()
    {
        XGBoostNative.Check(XGBoostNative.XGBoosterUpdateOneIter(booster, rounds++, training));
        return true;
    }

    public double ValidationLoss()
    {
        XGBoostNative.Check(XGBoostNative.XGBoosterPredictFromDMatrix(booster, validation!, PredictWhole, out var shape, out var dimensions, out var result));
        long length = 1;
        for (ulong i = 0; i < dimensions; i++)
        {
            length *= (long)shape[i];
        }

        var predictions = new double[length];
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = result[i];
        }

        return loss!.Of(predictions, byClass: false);
    }

    public byte[] Save(int rounds)
    {
        XGBoostNative.Check(XGBoostNative.XGBoosterSlice(booster, 0, Math.Min(rounds, this.rounds), 1, out var slice));
        using (slice)
        {
            XGBoostNative.Check(XGBoostNative.XGBoosterSaveModelToBuffer(slice, """{"format": "json"}""", out var length, out var bytes));
            return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
        }
    }

    public void Dispose()
    {
        booster?.Dispose();
        validation?.Dispose();
        training.Dispose();
    }
}
