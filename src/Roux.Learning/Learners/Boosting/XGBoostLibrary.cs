using System.Reflection;
using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// Finds XGBoost's shared library, which is not part of Roux: the one named by the environment variable <c>ROUX_XGBOOST</c>, else
/// <c>libxgboost.so.0</c> (Debian and Ubuntu's package) or <c>libxgboost.so</c> (built from source, or a Python package's folder on the library path).
/// </summary>
public static class XGBoostLibrary
{
    internal const string PathVariable = "ROUX_XGBOOST";

    private static readonly Lazy<(nint Handle, string? Problem)> Loaded = new(() =>
    {
        OpenMp.WaitPassively();
        var (handle, problem) = Load(Environment.GetEnvironmentVariable(PathVariable), Candidates);
        if (problem is null)
        {
            NativeLibrary.SetDllImportResolver(typeof(XGBoostLibrary).Assembly, Resolve);
            var (major, minor) = XGBoostNative.Version(handle);
            problem = DiagnoseVersion(major, minor);
        }

        return (handle, problem);
    });

    private static string[] Candidates =>
        OperatingSystem.IsWindows() ? ["xgboost.dll"]
        : OperatingSystem.IsMacOS() ? ["libxgboost.dylib"]
        : ["libxgboost.so.0", "libxgboost.so"];

    /// <summary><c>null</c> when XGBoost can be used here; else why it cannot and what to do.</summary>
    public static string? Unavailable => Loaded.Value.Problem;

    /// <summary>Loads the named library, or else the first candidate that loads.</summary>
    internal static (nint Handle, string? Problem) Load(string? path, string[] candidates)
    {
        foreach (var name in string.IsNullOrEmpty(path) ? candidates : [path])
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                return (handle, null);
            }
        }

        return (0, string.IsNullOrEmpty(path)
            ? $"XGBoost's shared library ({string.Join(" or ", candidates)}) is not installed; install it: apt-get install -y libxgboost0 (Debian, Ubuntu), or set {PathVariable} to its path"
            : $"{PathVariable}='{path}': no library loads from there; give the path of libxgboost.so, or unset it and install the library: apt-get install -y libxgboost0 (Debian, Ubuntu)");
    }

    internal static string? DiagnoseVersion(int major, int minor) =>
        major > 1 || (major == 1 && minor >= 7) ? null : $"XGBoost {major}.{minor} is too old; 1.7 or later is needed";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == XGBoostNative.Library ? Loaded.Value.Handle : 0;
}
