using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>The part of XGBoost's C API (c_api.h of version 1.7) that training and explaining need. Functions return 0, or -1 with a text in XGBGetLastError of the same thread.</summary>
internal static unsafe partial class XGBoostNative
{
    internal const string Library = "xgboost";

    [LibraryImport(Library)]
    private static partial nint XGBGetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixCreateFromDense(string values, string configuration, out XGBoostMatrixHandle matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixCreateFromCSR(
        string rowStarts, string indices, string values, ulong columns, string configuration, out XGBoostMatrixHandle matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSetFloatInfo(XGBoostMatrixHandle matrix, string field, float* values, ulong length);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Library)]
    internal static partial int XGBoosterCreate(nint* cached, ulong length, out XGBoostBoosterHandle booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetParam(XGBoostBoosterHandle booster, string name, string value);

    [LibraryImport(Library)]
    internal static partial int XGBoosterUpdateOneIter(XGBoostBoosterHandle booster, int iteration, XGBoostMatrixHandle training);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterPredictFromDMatrix(
        XGBoostBoosterHandle booster, XGBoostMatrixHandle matrix, string configuration, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library)]
    internal static partial int XGBoosterSlice(XGBoostBoosterHandle booster, int begin, int end, int step, out XGBoostBoosterHandle slice);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSaveModelToBuffer(XGBoostBoosterHandle booster, string configuration, out ulong length, out byte* bytes);

    [LibraryImport(Library)]
    internal static partial int XGBoosterLoadModelFromBuffer(XGBoostBoosterHandle booster, byte* bytes, ulong length);

    [LibraryImport(Library)]
    internal static partial int XGBoosterFree(nint booster);

    /// <summary>Turns a failed call into an exception.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            // The text starts with the place in the library's source and may end with a stack trace: the first line says what is wrong.
            var text = Marshal.PtrToStringUTF8(XGBGetLastError()) ?? "";
            var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "unknown error";
            throw new LearnerException($"XGBoost: {line}");
        }
    }

    /// <summary>The version of a loaded library; (0, 0) when it does not say.</summary>
    internal static (int Major, int Minor) Version(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "XGBoostVersion", out var function))
        {
            return (0, 0);
        }

        int major, minor, patch;
        ((delegate* unmanaged<int*, int*, int*, void>)function)(&major, &minor, &patch);
        return (major, minor);
    }
}

/// <summary>Owns a native matrix.</summary>
internal sealed class XGBoostMatrixHandle : SafeHandle
{
    public XGBoostMatrixHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => XGBoostNative.XGDMatrixFree(handle) == 0;
}

/// <summary>Owns a native booster.</summary>
internal sealed class XGBoostBoosterHandle : SafeHandle
{
    public XGBoostBoosterHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => XGBoostNative.XGBoosterFree(handle) == 0;
}
