using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>The part of LightGBM's C API (c_api.h of version 4) that training and explaining need. Every function but the first returns 0, or -1 with a text in LGBM_GetLastError of the same thread.</summary>
internal static unsafe partial class LightGbmNative
{
    internal const string Library = "lib_lightgbm";
    internal const int Float32 = 0;
    internal const int Int64 = 3;
    internal const int PredictContributions = 3;

    [LibraryImport(Library)]
    internal static partial nint LGBM_GetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetCreateFromMat(
        float* data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out LightGbmDatasetHandle dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetCreateFromCSR(
        long* rowStarts, int rowStartsType, int* indices, float* values, int valuesType, long rowStartsLength, long valuesLength, long columns,
        string parameters, nint reference, out LightGbmDatasetHandle dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetGetSubset(
        LightGbmDatasetHandle dataset, int* rows, int rowCount, string parameters, out LightGbmDatasetHandle subset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetSetField(LightGbmDatasetHandle dataset, string field, void* data, int length, int type);

    [LibraryImport(Library)]
    internal static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterCreate(LightGbmDatasetHandle training, string parameters, out LightGbmBoosterHandle booster);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterAddValidData(LightGbmBoosterHandle booster, LightGbmDatasetHandle validation);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterUpdateOneIter(LightGbmBoosterHandle booster, out int isFinished);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterGetNumPredict(LightGbmBoosterHandle booster, int dataIndex, out long length);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterGetPredict(LightGbmBoosterHandle booster, int dataIndex, out long length, double* predictions);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterSaveModelToString(
        LightGbmBoosterHandle booster, int startIteration, int iterations, int importanceType, long capacity, out long length, byte* text);

    /// <summary>Reads a model text, which must end in a zero byte.</summary>
    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterLoadModelFromString(byte* text, out int iterations, out LightGbmBoosterHandle booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterPredictForMat(
        LightGbmBoosterHandle booster, float* data, int dataType, int rows, int columns, int isRowMajor, int predictType, int start, int iterations,
        string parameters, out long length, double* result);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterFree(nint booster);

    /// <summary>Turns a failed call into an exception.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new LearnerException($"LightGBM: {Marshal.PtrToStringUTF8(LGBM_GetLastError())}");
        }
    }
}

/// <summary>Owns a native data set.</summary>
internal sealed class LightGbmDatasetHandle : SafeHandle
{
    private long pressure;

    public LightGbmDatasetHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Tells the collector how much native memory hangs on this small object.</summary>
    internal void AddPressure(long bytes)
    {
        pressure = Math.Max(bytes, 1);
        GC.AddMemoryPressure(pressure);
    }

    protected override bool ReleaseHandle()
    {
        if (pressure > 0)
        {
            GC.RemoveMemoryPressure(pressure);
        }

        return LightGbmNative.LGBM_DatasetFree(handle) == 0;
    }
}

/// <summary>Owns a native booster.</summary>
internal sealed class LightGbmBoosterHandle : SafeHandle
{
    public LightGbmBoosterHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LightGbmNative.LGBM_BoosterFree(handle) == 0;
}
