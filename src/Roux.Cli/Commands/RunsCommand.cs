using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux runs</c>: finds runs and lists them.</summary>
internal static class RunsCommand
{
    private static readonly Option<string?> Filter = new("--filter", "-f")
    {
        Description = "Conditions as in MLflow: \"metrics.acc > 0.9 and params.lr = '0.1'\". With a filter, runs that are parts of others are searched too.", HelpName = "TEXT",
    };

    private static readonly Option<string[]> OrderBy = new("--order-by", "-o")
    {
        Description = "Sort key such as \"metrics.acc desc\"; may be repeated.", HelpName = "KEY", DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> Limit = new("--limit", "-n") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Option<string?> Experiment = new("--experiment", "-e") { Description = "Only runs of this experiment.", HelpName = "NAME" };
    private static readonly Option<bool> All = new("--all", "--children") { Description = "Runs that are parts of others (folds, trials) as well." };

    public static Command Create()
    {
        var command = new Command("runs", "Find runs and list them, the latest first.") { Filter, OrderBy, Limit, Experiment, All };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.TryOpen(call);
        var query = Query(call);
        var runs = tracker is null ? [] : tracker.SearchRuns(query);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["runs"] = new JsonArray([.. runs.Select(RunJson.Brief)]) });
            return 0;
        }

        var page = new Page();
        if (runs.Count == 0)
        {
            var any = tracker?.SearchRuns(new RunQuery { MaxResults = 1 }).Count > 0;
            page.Line(any ? "No run fits. All of them: roux runs --all" : $"No runs yet in {CommonOptions.ShownStore(call)}. {char.ToUpperInvariant(StoreAccess.FirstSteps[0])}{StoreAccess.FirstSteps[1..]}");
            return 0;
        }

        page.Write(Table(page, runs, [query.Filter, .. query.OrderBy], DateTimeOffset.UtcNow));
        if (runs.Count == query.MaxResults)
        {
            page.Line($"The first {runs.Count}; more with --limit N.");
        }

        return 0;
    }

    private static RunQuery Query(ParseResult call)
    {
        var limit = call.GetValue(Limit);
        if (limit is < 1 or > 50_000)
        {
            throw new UsageException($"--limit {limit}: a number from 1 to 50000");
        }

        var filter = call.GetValue(Filter);
        var experiment = call.GetValue(Experiment);
        var everything = call.GetValue(All) || !string.IsNullOrWhiteSpace(filter);
        return new RunQuery
        {
            Filter = everything ? filter ?? "" : "attributes.parent_run_id IS NULL",
            OrderBy = call.GetValue(OrderBy) ?? [],
            MaxResults = limit,
            Experiments = experiment is null ? null : [experiment],
        };
    }

    /// <summary>Runs with as many of their metrics as fit: first those that filter and order name, then the headline metrics of the runs, then those that most runs have.</summary>
    internal static TextTable Table(Page page, IReadOnlyList<RunRecord> runs, IReadOnlyList<string> wanted, DateTimeOffset now)
    {
        const int Fixed = 8 + 2 + 20 + 2 + 8 + 2 + 10 + 2 + 12;
        const int PerMetric = 12;
        var headline = runs.Select(run => run.Tags.GetValueOrDefault(Development.MetricTag)).OfType<string>().Distinct().SelectMany(name => new[] { name, $"cv_{name}", $"test_{name}" }).ToHashSet(StringComparer.Ordinal);
        var metrics = runs.SelectMany(r => r.Metrics.Keys).Where(k => !k.StartsWith("system/", StringComparison.Ordinal)).GroupBy(k => k, StringComparer.Ordinal)
            .OrderByDescending(g => wanted.Any(w => w.Contains("metrics." + g.Key, StringComparison.Ordinal) || w.Contains($"`{g.Key}`", StringComparison.Ordinal)))
            .ThenByDescending(g => headline.Contains(g.Key)).ThenByDescending(g => g.Count()).ThenBy(g => g.Key.Length).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key).Take(Math.Max(1, (page.Width - Fixed) / PerMetric)).ToList();
        var table = page.Table().Column("run").Column("name", least: 8).Column("status").Column("started").Column("took");
        foreach (var metric in metrics)
        {
            table.Column(metric, right: true, least: 6);
        }

        foreach (var run in runs)
        {
            string[] cells =
            [
                run.Id[..8], run.ParentId is null ? run.Name : "└ " + run.Name, RunJson.Status(run.Status), HumanText.Ago(run.Started, now),
                run.Duration is { } took ? HumanText.Span(took) : "",
                .. metrics.Select(m => run.Metric(m) is { } value ? HumanText.Number(value) : ""),
            ];
            table.Row(cells);
        }

        return table;
    }
}
