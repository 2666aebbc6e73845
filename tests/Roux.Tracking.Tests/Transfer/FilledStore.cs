using System.Text;
using Roux.Tracking.Service;

namespace Roux.Tracking.Tests.Transfer;

/// <summary>A store with something of everything, and what it holds in a form that compares.</summary>
internal static class FilledStore
{
    /// <summary>A store with a parent and two children, metrics of all kinds of values, artifacts, data, findings and a model.</summary>
    public static Tracker Make(string store)
    {
        var tracker = Tracker.Open(store);
        using var parent = tracker.Experiment("films").StartRun("parent", tags: new Dictionary<string, string> { ["team"] = "ä<x>" });
        parent.Log("lr", 0.1).LogMetrics("loss", [.. Enumerable.Range(0, 9000).Select(step => 1.0 / (step + 3))]);
        foreach (var (step, value) in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, BitConverter.Int64BitsToDouble(0x7FF8000000000123) }.Index())
        {
            parent.LogMetric("odd", value, step % 3);
        }

        parent.LogText("notes/a.txt", "text").LogBytes("model/weights.bin", "w"u8).LogBytes("empty", []);
        parent.LogDataset(new Dataset("train", "sha256:1", "data.csv", 12, 3, "{}"), "training");
        parent.LogFinding(new Finding("leak", Severity.High, "it leaks") { Columns = ["a", "b"], Evidence = new() { ["auc"] = 0.99 }, Cause = "c", Fix = "f", Verify = "v" });
        parent.Warn("beware");
        using (var child = parent.StartChild("child"))
        {
            child.LogMetric("acc", 0.9);
        }

        using (var failed = parent.StartChild("failed"))
        {
            failed.Fail(new InvalidOperationException("no luck"));
        }

        parent.Finish();
        tracker.Models.Register("films", parent.Id, "model", "first", new Dictionary<string, string> { ["k"] = "v" });
        tracker.Models.SetAlias("films", "champion", 1);
        tracker.Models.SetStage("films", 1, ModelStage.Production);
        var service = new TrackingService(tracker);
        var report = service.Reports.CreateAsync("default", "Weekly", "[]", "ann").GetAwaiter().GetResult();
        service.Reports.ChangeAsync(report, "bob", now => (now.Title, """[{"id":"b-1","kind":"markdown","text":"ä"}]""")).GetAwaiter().GetResult();
        service.Views.SaveAsync("default", tracker.FindRun("parent")!.ExperimentId, "good ones", "?q=metrics.acc > 0.5", "ann", isShared: true).GetAwaiter().GetResult();
        return tracker;
    }

    /// <summary>All files of an export but its head, which tells the time.</summary>
    public static List<(string, string)> Contents(string export) =>
        [.. Directory.GetFiles(export, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("roux-export.json", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(export, file), Encoding.Latin1.GetString(File.ReadAllBytes(file)))).Order()];
}
