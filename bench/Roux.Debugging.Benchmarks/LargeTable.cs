using System.Diagnostics;
using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Learning.Data;

/// <summary>All checks of 400,000 training and 100,000 test rows of 30 columns: seconds and peak memory, the reading of the files included.</summary>
internal static class LargeTable
{
    public static void Measure()
    {
        var folder = Directory.CreateTempSubdirectory("roux-bench-");
        try
        {
            var random = new Random(1);
            var (trainFile, testFile) = (Path.Combine(folder.FullName, "train.csv"), Path.Combine(folder.FullName, "test.csv"));
            WideTable.Write(trainFile, 400_000, random);
            WideTable.Write(testFile, 100_000, random);
            GC.Collect();
            var watch = Stopwatch.StartNew();
            var (train, test) = (TableReader.Read(trainFile).Table, TableReader.Read(testFile).Table);
            var read = watch.Elapsed.TotalSeconds;
            var subject = TableSubject.Of(train, "y", new TableOptions { Test = test });
            _ = subject.Profile;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read {read:0.0} s, profile {watch.Elapsed.TotalSeconds - read:0.0} s"));
            foreach (var check in TableChecks.All)
            {
                var one = Stopwatch.StartNew();
                var found = CheckRunner.Run([check], subject, new CheckContext { Threads = 2 });
                if (one.Elapsed.TotalSeconds >= 0.1 || found.Count > 0)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Elapsed.TotalSeconds,6:0.0} s  {check.Name}  {string.Join("; ", found.Select(finding => $"{finding.Severity}: {finding.Message}"))}"));
                }
            }

            var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"500,000 x 30: {watch.Elapsed.TotalSeconds:0.0} s (target: 30), peak {process.PeakWorkingSet64 / 1e9:0.00} GB (target: 2)"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>22 numbers and 8 categories, some missing; the answer depends on a dozen of them, with noise.</summary>
}
