using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;
using Roux.Tracking.Notebooks;

namespace Roux.Cli.Commands;

/// <summary><c>roux diff RUN RUN</c>: what differs between two runs.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string> First = new("RUN") { Description = "The one to compare with." };
    private static readonly Argument<string> Second = new("OTHER") { Description = "The other." };
    private static readonly Option<bool> All = new("--all") { Description = "What is equal, too, and the use of resources." };

    public static Command Create()
    {
        var command = new Command("diff", "Compare two runs: params, metrics, data, code, packages, environment.") { First, Second, All };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var a = new RunDetails(tracker, StoreAccess.FindRun(tracker, call.GetValue(First)!));
        var b = new RunDetails(tracker, StoreAccess.FindRun(tracker, call.GetValue(Second)!));
        var comparison = RunComparison.Of(a, b, call.GetValue(All));
        var notebook = a.NotebookFile is { } before && b.NotebookFile is { } after ? NotebookDiff.Of(Notebook.Load(before), Notebook.Load(after)) : null;
        if (call.GetValue(CommonOptions.Json))
        {
            var json = Json(a.Run, b.Run, comparison);
            json["notebook"] = notebook is null ? null : NotebookChanges.Json(notebook);
            CommonOptions.WriteJson(json);
        }
        else
        {
            Write(a.Run, b.Run, comparison, notebook, call.GetValue(All));
        }

        return 0;
    }

    private static JsonObject Json(RunRecord a, RunRecord b, RunComparison comparison)
    {
        var json = new JsonObject
        {
            ["a"] = new JsonObject { ["run_id"] = a.Id, ["name"] = a.Name, ["status"] = RunJson.Status(a.Status) },
            ["b"] = new JsonObject { ["run_id"] = b.Id, ["name"] = b.Name, ["status"] = RunJson.Status(b.Status) },
            ["metrics"] = new JsonObject(comparison.Metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)new JsonObject { ["a"] = m.A, ["b"] = m.B, ["delta"] = m.Delta }))),
        };
        foreach (var section in comparison.Sections)
        {
            json[section.Key] = new JsonObject(section.Rows.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)new JsonObject { ["a"] = r.A, ["b"] = r.B })));
        }

        return json;
    }

    private static void Write(RunRecord a, RunRecord b, RunComparison comparison, IReadOnlyList<CellChange>? notebook, bool all)
    {
        var page = new Page();
        var (nameA, nameB) = ($"{a.Name} {a.Id[..8]}", $"{b.Name} {b.Id[..8]}");
        page.CutLine($"a  {nameA}  {RunJson.Status(a.Status)}, {HumanText.Ago(a.Started, DateTimeOffset.UtcNow)}");
        page.CutLine($"b  {nameB}  {RunJson.Status(b.Status)}, {HumanText.Ago(b.Started, DateTimeOffset.UtcNow)}");
        if (comparison.Metrics.Count > 0)
        {
            var table = page.Table(2).Column("", least: 16).Column("a", right: true).Column("b", right: true).Column("b - a", right: true).Column("", right: true);
            foreach (var metric in comparison.Metrics)
            {
                table.Row(metric.Key, Number(metric.A), Number(metric.B), metric.Delta is { } delta ? Signed(delta) : "", Percent(metric));
            }

            page.Heading("Metrics").Write(table, 2);
        }

        foreach (var section in comparison.Sections.Where(s => s.Rows.Count > 0))
        {
            var table = page.Table(2).Column("", least: 16).Column("a", least: 16).Column("b", least: 16);
            foreach (var (key, left, right) in section.Rows)
            {
                table.Row(key, left ?? "-", right ?? "-");
            }

            page.Heading(section.Title).Write(table, 2);
        }

        if (notebook is { Count: > 0 })
        {
            page.Heading($"Notebook: {NotebookChanges.Summary(notebook)}");
            NotebookChanges.Write(page, notebook, all);
        }

        if (notebook is not { Count: > 0 } && comparison.Metrics.Count == 0 && comparison.Sections.All(s => s.Rows.Count == 0))
        {
            page.Line().Line("Nothing differs. What is equal: --all");
        }
    }

    private static string Number(double? value) => value is { } v ? HumanText.Number(v) : "-";

    private static string Signed(double delta) => (delta > 0 ? "+" : "") + HumanText.Number(delta);

    private static string Percent(MetricDifference metric) =>
        metric is { Delta: { } delta, A: { } a } && a != 0 && double.IsFinite(delta / a) ? (delta / Math.Abs(a) * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + "%" : "";
}
