using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Whether LightGBM's native library can be loaded on this machine, and what to do if not.</summary>
public static class LightGbmLibrary
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        OpenMp.WaitPassively();
        return Diagnose(
            NativeLibrary.TryLoad(LightGbmNative.Library, typeof(LightGbmLibrary).Assembly, null, out _),
            OperatingSystem.IsLinux() && !NativeLibrary.TryLoad("libgomp.so.1", out _));
    });

    private static readonly Lock Gate = new();
    private static int running;
    private static int runningThreads;

    /// <summary><c>null</c> when LightGBM works here; else why it does not and what to do.</summary>
    public static string? Unavailable => Problem.Value;

    internal static string? Diagnose(bool loads, bool openMpMissing) =>
        loads ? null
        : openMpMissing ? "LightGBM needs the OpenMP runtime libgomp.so.1, which is not installed; install it: apt-get install -y libgomp1 (Debian, Ubuntu), dnf install libgomp (Fedora), apk add libgomp (Alpine)"
        : $"LightGBM's native library does not load on {RuntimeInformation.RuntimeIdentifier}; its package has builds for linux-x64, win-x64 and osx-x64 only";

    /// <summary>
    /// Announces a fit and answers how many threads it must use. LightGBM keeps the number of threads in one variable of the
    /// process and sizes buffers by it, so fits that overlap must agree: who comes later takes the number in use.
    /// Models do not depend on it.
    /// </summary>
    internal static ThreadLease Lease(int threads)
    {
        lock (Gate)
        {
            if (running++ == 0)
            {
                runningThreads = threads;
            }

            return new ThreadLease(runningThreads);
        }
    }

    /// <summary>The right to run with so many threads, until disposed.</summary>
    internal sealed class ThreadLease(int threads) : IDisposable
    {
        private bool ended;

        public int Threads { get; } = threads;

        public void Dispose()
        {
            lock (Gate)
            {
                if (!ended)
                {
                    ended = true;
                    running--;
                }
            }
        }
    }
}
