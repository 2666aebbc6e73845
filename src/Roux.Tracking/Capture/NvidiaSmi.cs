using System.Diagnostics;
using System.Globalization;

namespace Roux.Tracking.Capture;

/// <summary>Asks <c>nvidia-smi</c> about NVIDIA graphics processors.</summary>
/// <param name="program">Full path of the tool.</param>
internal sealed class NvidiaSmi(string program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The tool, or null where it is not on the path.</summary>
    /// <param name="searchPath">Value of PATH.</param>
    public static NvidiaSmi? Find(string? searchPath) => ProgramSearch.Find("nvidia-smi", searchPath) is { } found ? new NvidiaSmi(found) : null;

    /// <summary>Name, memory and driver of each processor.</summary>
    /// <exception cref="InvalidOperationException">The tool failed; the message says how.</exception>
    public IReadOnlyList<GpuRecord> List() => Parse(Query("name,memory.total,driver_version", CancellationToken.None));

    /// <summary>What each processor is doing.</summary>
    /// <exception cref="InvalidOperationException">The tool failed; the message says how.</exception>
    public IReadOnlyList<GpuUsage> Usage(CancellationToken cancellation) => ParseUsage(Query("index,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu", cancellation));

    /// <summary>Reads a table of name, memory in MiB, driver.</summary>
    internal static IReadOnlyList<GpuRecord> Parse(string csv)
    {
        var gpus = new List<GpuRecord>();
        foreach (var cells in Rows(csv))
        {
            if (cells.Length == 3)
            {
                gpus.Add(new GpuRecord(cells[0], Number(cells[1]) is { } memory ? (long)memory : null, cells[2]));
            }
        }

        return gpus;
    }

    /// <summary>Reads a table of index, utilisation in percent, used and total memory in MiB, power in watts, temperature in degrees Celsius; cells such as <c>[N/A]</c> are null.</summary>
    internal static IReadOnlyList<GpuUsage> ParseUsage(string csv)
    {
        var gpus = new List<GpuUsage>();
        foreach (var cells in Rows(csv))
        {
            if (cells.Length == 6 && Number(cells[0]) is >= 0 and < 1024 and var index)
            {
                gpus.Add(new GpuUsage((int)index, Number(cells[1]), Number(cells[2]), Number(cells[3]), Number(cells[4]), Number(cells[5])));
            }
        }

        return gpus;
    }

    private string Query(string fields, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [$"--query-gpu={fields}", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            try
            {
                process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
                output.Wait(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                throw new InvalidOperationException($"it did not answer within {Patience.TotalSeconds:0} seconds");
            }

            return process.ExitCode == 0 ? output.Result : throw new InvalidOperationException($"exit code {process.ExitCode}: {FirstLine(output.Result, error)}");
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or AggregateException or IOException)
        {
            throw new InvalidOperationException(error.Message.ReplaceLineEndings(" "), error);
        }
    }

    // nvidia-smi writes its errors to standard output.
    private static string FirstLine(string output, Task<string> error)
    {
        var text = output.Trim() is { Length: > 0 } said ? said : error.Wait(TimeSpan.FromSeconds(1)) ? error.Result.Trim() : "";
        var line = text.Split('\n')[0].Trim();
        return line.Length <= 200 ? line : line[..200];
    }

    private static IEnumerable<string[]> Rows(string csv) => csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split(',', StringSplitOptions.TrimEntries));

    private static double? Number(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}

/// <summary>What a graphics processor is doing; null where it does not tell.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Percent">Share of the last moments in which it computed, 0 to 100.</param>
/// <param name="MemoryMiB">Memory in use by all programs.</param>
/// <param name="TotalMiB">Memory that it has.</param>
/// <param name="Watts">Power drawn.</param>
/// <param name="Celsius">Temperature.</param>
internal sealed record GpuUsage(int Index, double? Percent, double? MemoryMiB, double? TotalMiB, double? Watts, double? Celsius);
