using System.Globalization;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>A run as a page for people.</summary>
internal sealed class RunPage(Tracker tracker, RunDetails details, bool all)
{
    private const int MostLines = 30;
    private const int MostSeriesDrawn = 60;
    private readonly Page _page = new();
    private readonly RunRecord _run = details.Run;

    /// <summary>Writes the page to stdout.</summary>
    public void Write()
    {
        Head();
        Pairs("Params", _run.Params);
        Metrics();
        Pairs("Tags", _run.Tags.Where(t => all || !(t.Key.StartsWith("mlflow.", StringComparison.Ordinal) || t.Key.StartsWith("roux.", StringComparison.Ordinal))));
        Data();
        Findings();
        Warnings();
        Children();
        Artifacts();
        Environment();
        Reproduce();
    }

    private void Head()
    {
        var now = DateTimeOffset.UtcNow;
        _page.CutLine($"{_run.Name}  {RunJson.Status(_run.Status)}");
        _page.CutLine($"  run         {_run.Id}");
        _page.CutLine($"  experiment  {_run.Experiment}");
        if (_run.ParentId is { } parent)
        {
            _page.CutLine($"  part of     {parent[..8]} {tracker.FindRun(parent)?.Name}");
        }

        _page.CutLine($"  started     {_run.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC ({HumanText.Ago(_run.Started, now)})");
        if (_run.Duration is { } took)
        {
            _page.CutLine($"  took        {HumanText.Span(took)}");
        }

        if (!string.IsNullOrWhiteSpace(_run.Error))
        {
            _page.Heading(_run.Status == RunStatus.Killed ? "Killed" : "Error");
            var lines = _run.Error.ReplaceLineEndings("\n").Split('\n');
            foreach (var line in lines.Take(all ? lines.Length : 12))
            {
                _page.CutLine("  " + line);
            }
        }
    }

    private void Pairs(string heading, IEnumerable<KeyValuePair<string, string>> values)
    {
        var sorted = values.OrderBy(v => v.Key, StringComparer.Ordinal).ToList();
        if (sorted.Count == 0)
        {
            return;
        }

        var table = _page.Table(2).Column("", least: 20).Column("", least: 20);
        foreach (var (key, value) in Some(sorted))
        {
            table.Row(key, value);
        }

        _page.Heading(heading).Write(table, 2, headings: false);
        More(sorted.Count, heading);
    }

    private void Metrics()
    {
        var shown = _run.Metrics.Where(m => !m.Key.StartsWith("system/", StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        if (shown.Count > 0)
        {
            _page.Heading("Metrics").Write(MetricTable(Some(shown)), 2);
            More(shown.Count, "Metrics");
        }

        var resources = _run.Metrics.Where(m => m.Key.StartsWith("system/", StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        if (resources.Count > 0)
        {
            _page.Heading("Resources").Write(MetricTable(resources, "G4"), 2);
        }
    }

    private TextTable MetricTable(IEnumerable<KeyValuePair<string, MetricPoint>> metrics, string format = "G6")
    {
        var table = _page.Table(2).Column("", least: 16).Column("last", right: true).Column("min", right: true).Column("max", right: true).Column("points", right: true).Column("");
        var drawn = 0;
        foreach (var (key, point) in metrics)
        {
            var values = tracker.GetMetricSeries(_run.Id, key).Values;
            var finite = values.Where(v => !double.IsNaN(v)).ToList();
            var several = finite.Count > 1;
            table.Row(key, HumanText.Number(point.Value, format), several ? HumanText.Number(finite.Min(), format) : "", several ? HumanText.Number(finite.Max(), format) : "",
                values.Length.ToString(CultureInfo.InvariantCulture), finite.Count > 2 && drawn++ < MostSeriesDrawn ? Sparkline.Of(values, 16) : "");
        }

        return table;
    }

    private void Data()
    {
        if (_run.Datasets.Count == 0)
        {
            return;
        }

        var table = _page.Table(2).Column("", least: 12).Column("part").Column("rows", right: true).Column("size", right: true).Column("digest", least: 16);
        foreach (var (data, context) in _run.Datasets.Select(d => (d.Dataset, d.Context)))
        {
            table.Row(data.Name, context, data.Rows?.ToString(CultureInfo.InvariantCulture) ?? "", data.Bytes is { } bytes ? HumanText.Bytes(bytes) : "", data.Digest);
        }

        _page.Heading("Data").Write(table, 2);
    }

    private void Findings()
    {
        if (_run.Findings.Count == 0)
        {
            return;
        }

        _page.Heading("Findings");
        foreach (var finding in Some(_run.Findings.OrderByDescending(f => f.Severity).ToList()))
        {
            _page.Paragraph($"{finding.Severity} {finding.Check}: {finding.Message}{(finding.Fix.Length == 0 ? "" : $" Fix: {finding.Fix}")}", 2);
        }

        More(_run.Findings.Count, "Findings");
    }

    private void Warnings()
    {
        if (_run.Warnings.Count == 0)
        {
            return;
        }

        _page.Heading("Warnings");
        foreach (var warning in Some(_run.Warnings))
        {
            _page.Paragraph(warning.Message, 2);
        }

        More(_run.Warnings.Count, "Warnings");
    }

    private void Children()
    {
        if (details.Children.Count > 0)
        {
            _page.Heading($"Parts ({HumanText.Count(details.Children.Count, "run")})").Write(RunsCommand.Table(_page, [.. Some(details.Children)], [], DateTimeOffset.UtcNow));
            More(details.Children.Count, "Parts");
        }
    }

    private void Artifacts()
    {
        if (details.Artifacts.Count == 0)
        {
            return;
        }

        var table = _page.Table(2).Column("", least: 20).Column("", right: true);
        foreach (var artifact in Some(details.Artifacts))
        {
            table.Row(artifact.Path, HumanText.Bytes(artifact.Bytes));
        }

        _page.Heading("Artifacts").Write(table, 2, headings: false).CutLine($"  in {tracker.ArtifactDirectory(_run.Id)}");
        More(details.Artifacts.Count, "Artifacts");
    }

    private void Environment()
    {
        var tags = details.Captured.Tags;
        var rows = new List<(string Name, string? Value)>
        {
            ("command", tags.GetValueOrDefault("roux.command")),
            ("folder", tags.GetValueOrDefault("roux.working_directory")),
            ("user", tags.TryGetValue("mlflow.user", out var user) ? $"{user} on {tags.GetValueOrDefault("roux.host")}" : null),
            ("commit", Commit(tags)),
            ("seed", tags.TryGetValue("roux.seed", out var seed) ? $"{seed} ({tags.GetValueOrDefault("roux.seed.source")})" : tags.ContainsKey("roux.seed.source") ? "none seen" : null),
            ("python", tags.GetValueOrDefault("roux.python")),
            ("runtime", tags.GetValueOrDefault("roux.runtime")),
            ("packages", details.Packages().Count is > 0 and var count ? count.ToString(CultureInfo.InvariantCulture) : null),
            ("system", tags.GetValueOrDefault("roux.os")),
            ("cpu", tags.GetValueOrDefault("roux.cpu")),
            ("memory", long.TryParse(details.Setting("memory", "total_bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var memory) ? HumanText.Bytes(memory) : null),
            ("gpu", tags.GetValueOrDefault("roux.gpu")),
            ("container", string.Join(' ', new[] { "roux.container", "roux.container.image" }.Select(k => tags.GetValueOrDefault(k)).OfType<string>()) is { Length: > 0 } container ? container : null),
        };
        var table = _page.Table(2).Column("").Column("", least: 20);
        foreach (var (name, value) in rows.Where(r => r.Value is not null))
        {
            table.Row(name, value!);
        }

        if (rows.Any(r => r.Value is not null))
        {
            _page.Heading(details.Captured.Id == _run.Id ? "Environment" : $"Environment (of run {details.Captured.Id[..8]})").Write(table, 2, headings: false);
        }
    }

    private static string? Commit(IReadOnlyDictionary<string, string> tags)
    {
        if (!tags.TryGetValue("mlflow.source.git.commit", out var commit))
        {
            return null;
        }

        var branch = tags.TryGetValue("mlflow.source.git.branch", out var name) ? $" on {name}" : "";
        var dirty = tags.GetValueOrDefault("roux.git.dirty") == "true" ? ", with uncommitted changes" : "";
        var state = tags.TryGetValue("roux.git.state", out var words) ? $" ({words.Replace(" ", ", ", StringComparison.Ordinal)})" : "";
        return commit[..Math.Min(12, commit.Length)] + branch + state + dirty;
    }

    private void Reproduce()
    {
        var lines = details.HowToReproduce();
        if (lines.Count > 0)
        {
            _page.Heading("How to reproduce");
            foreach (var line in lines)
            {
                _page.Verbatim(line, 2);
            }
        }
    }

    private IEnumerable<T> Some<T>(IReadOnlyList<T> items) => all ? items : items.Take(MostLines);

    private void More(int count, string what)
    {
        if (!all && count > MostLines)
        {
            _page.Line($"  … {what} 1 to {MostLines} of {count}; all with --all");
        }
    }
}
