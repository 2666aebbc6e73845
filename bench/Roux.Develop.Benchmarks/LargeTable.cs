using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>500,000 generated rows of 30 columns through `roux develop --time-budget 120s`: time and peak memory.</summary>
internal static class LargeTable
{
    private const int Rows = 500_000;

    public static void Run(string root)
    {
        var folder = Directory.CreateTempSubdirectory("roux-bench-");
        var data = Path.Combine(folder.FullName, "large.csv");
        WideTable.Write(data, Rows, new Random(1));
        var start = new ProcessStartInfo(Path.Combine(root, "roux")) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        foreach (var argument in new[] { "develop", data, "--target", "y", "--time-budget", "120s", "--json" })
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(100))
        {
            process.Refresh();
            peak = Math.Max(peak, process.PeakWorkingSet64);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine(error.Result);
        }
        else
        {
            var json = JsonNode.Parse(output.Result)!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Rows:N0} x 30: {seconds:0} s (target: 120, within 10%), peak {peak / 1e9:0.00} GB (target: 6), winner {json["winner"]}, test roc_auc {json["test"]!["roc_auc"]!.GetValue<double>():0.0000}"));
        }

        folder.Delete(recursive: true);
    }

    /// <summary>22 numbers and 8 categories, some missing; the answer depends on a dozen of them, with noise.</summary>
}
