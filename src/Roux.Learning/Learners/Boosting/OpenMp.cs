using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Settings of the OpenMP runtime that LightGBM and XGBoost share.</summary>
internal static partial class OpenMp
{
    private static readonly Lazy<bool> Passive = new(() =>
    {
        try
        {
            return SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    });

    /// <summary>
    /// Makes idle OpenMP threads sleep instead of spin; to be called before the runtime is loaded. Spinning threads hold the cores that other
    /// fits need: on two busy cores a fit took fifteen times as long with them. What the user has set in the environment stands.
    /// </summary>
    /// <remarks>The runtime reads the environment of the C library, which .NET's own copy does not reach.</remarks>
    public static void WaitPassively()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Passive.Value;
        }
    }

    /// <summary>Threads worth their overhead for so many cells.</summary>
    public static int ThreadsFor(long cells, int allowed) => (int)Math.Clamp(cells / 200_000, 1, Math.Max(1, allowed));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
