using System.Diagnostics;
using System.Globalization;

namespace Roux.Tracking.Runs;

/// <summary>The process that has a run open: machine, process number, and when it started, since numbers come round again.</summary>
internal sealed record RunOwner(string Machine, int Process, long Started)
{
    /// <summary>This process.</summary>
    public static RunOwner Current { get; } = new(Environment.MachineName, Environment.ProcessId, StartOf(System.Diagnostics.Process.GetCurrentProcess()));

    /// <summary>Whether that process ran on this machine and is no more.</summary>
    public bool IsGone
    {
        get
        {
            if (Machine != Current.Machine || this == Current)
            {
                return false;
            }

            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(Process);
                return Math.Abs(StartOf(process) - Started) > 2;
            }
            catch (ArgumentException)
            {
                return true;
            }
            catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It ended just now, or is not ours to look at: leave the run alone.
                return false;
            }
        }
    }

    public static RunOwner? Parse(string text) =>
        text.Split('|') is [var machine, var process, var started]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(started, NumberStyles.Integer, CultureInfo.InvariantCulture, out var start)
            ? new RunOwner(machine, number, start)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}|{Process}|{Started}");

    // Seconds: on Linux the start time is derived from the uptime and wavers by fractions.
    private static long StartOf(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
}
