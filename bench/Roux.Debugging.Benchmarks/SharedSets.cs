using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Learning.Data;

/// <summary>The data sets beside the checkout.</summary>
internal static class SharedSets
{
    public static readonly (string Name, string Target, TaskKind? Task, string[] Drop)[] All =
    [
        ("adult", "income", null, []), ("diamonds", "price", null, []), ("wine-white", "quality", TaskKind.Regression, []), ("digits", "target", TaskKind.Multiclass, []),
        ("sonar", "label", null, []), ("titanic", "survived", null, []), ("penguins", "species", null, []), ("movie-plots", "genre", null, ["genres"]),
    ];

    public static Table Read(string set, string part) => TableReader.Read(Path.Combine(Root(), "..", "shared", "data", set, part + ".csv")).Table;

    public static void Look(string[] wanted)
    {
        foreach (var (name, target, task, drop) in All.Where(set => wanted.Length == 0 || wanted.Contains(set.Name)))
        {
            var (train, test) = (Read(name, "train"), Read(name, "test"));
            var watch = Stopwatch.StartNew();
            var subject = TableSubject.Of(train, target, new TableOptions { Test = test, Task = task, Drop = drop });
            var context = new CheckContext { Threads = Environment.ProcessorCount };
            _ = subject.Profile;
            var slow = new List<string> { string.Create(CultureInfo.InvariantCulture, $"profile {watch.Elapsed.TotalSeconds:0.0}") };
            var findings = TableChecks.All.SelectMany(check =>
            {
                var one = Stopwatch.StartNew();
                var found = CheckRunner.Run([check], subject, context);
                slow.Add(string.Create(CultureInfo.InvariantCulture, $"{check.Name} {one.Elapsed.TotalSeconds:0.0}"));
                return found;
            }).ToArray();
            Console.WriteLine($"== {name}: {watch.Elapsed.TotalSeconds:0.0} s ({string.Join(", ", slow.Where(text => !text.EndsWith(" 0.0", StringComparison.Ordinal)))})");
            foreach (var finding in FindingList.Of(findings, [.. TableChecks.All.Select(CheckCard.Of)]))
            {
                var evidence = finding.Evidence?.DeepClone().AsObject() ?? [];
                evidence.Remove(EvidencePlot.Key);
                Console.WriteLine($"  {finding.Severity,-6} {finding.Check}: {finding.Message}");
                Console.WriteLine($"         {Short(evidence)}");
            }
        }
    }

    private static string Short(JsonObject evidence) => evidence.ToJsonString() is { Length: > 300 } text ? text[..300] + "…" : evidence.ToJsonString();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Roux.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("run this from a checkout of Roux");
    }
}
