using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Roux.Server.Components.Runs;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary>What pages show, as CSV: a table of runs, and the points of metrics.</summary>
internal static class TableRoutes
{
    private const int AtOnce = 1000;
    private const int MostRuns = 200_000;
    private const int MostSeries = 50;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/runs/table.csv", Access.SignedIn, RunsAsync),
        new("GET", "/metrics/table.csv", Access.Of(Role.Viewer, call => RunIds(call).Select(run => new Need(Role.Viewer, SubjectKind.Run, run))), MetricsAsync),
    ];

    private static async Task RunsAsync(Call call)
    {
        var text = call.Fields;
        var view = RunsView.Parse(text.Text("experiment_id"), text.Text("q"), text.Text("sort"), text.Text("cols"), null, null, text.Text("show"));
        var selection = view.Selection(call.Reach);
        var columns = ServiceException.Checked(() => view.Columns ?? UsualColumns.Of(call.Service.Table.Fields(selection)));
        var first = ServiceException.Checked(() => call.Service.Table.Rows(selection, columns, 0, AtOnce));
        await using var csv = Begin(call, "runs.csv");
        await LineAsync(csv, ["run_id", "name", "experiment", "status", "started", "ended", .. columns.Select(FilterCompletion.Write)]).ConfigureAwait(false);
        for (var (offset, rows) = (0, first); rows.Count > 0 && offset < MostRuns; rows = rows.Count < AtOnce ? [] : call.Service.Table.Rows(selection, columns, offset, AtOnce))
        {
            foreach (var row in rows)
            {
                await LineAsync(csv, [row.Id, row.Name, row.Experiment, row.Status.ToString().ToUpperInvariant(), Time(row.Started), row.Ended is { } ended ? Time(ended) : "", .. row.Cells]).ConfigureAwait(false);
            }

            offset += rows.Count;
            await csv.FlushAsync(call.Cancellation).ConfigureAwait(false);
        }
    }

    private static async Task MetricsAsync(Call call)
    {
        var key = call.Fields.Required("metric_key");
        foreach (var run in RunIds(call))
        {
            call.Service.Runs.Get(run); // an unknown one is told before the answer begins
        }

        await using var csv = Begin(call, "metric.csv");
        await LineAsync(csv, ["run_id", "step", "timestamp", key]).ConfigureAwait(false);
        foreach (var run in RunIds(call))
        {
            var series = call.Service.Metrics.History(run, key);
            for (var index = 0; index < series.Count; index++)
            {
                await LineAsync(csv, [run, (double)series.Steps[index], (double)series.Timestamps[index], series.Values[index]]).ConfigureAwait(false);
                if (index % AtOnce == AtOnce - 1)
                {
                    await csv.FlushAsync(call.Cancellation).ConfigureAwait(false);
                }
            }
        }
    }

    private static string[] RunIds(Call call) => call.Fields.Required("run_ids").Split(',') is { Length: <= MostSeries } ids ? ids : throw ServiceException.Invalid($"at most {MostSeries} runs at once");

    private static StreamWriter Begin(Call call, string name)
    {
        call.Http.Response.ContentType = "text/csv; charset=utf-8";
        call.Http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
        return new StreamWriter(call.Http.Response.Body, new UTF8Encoding(false), 1 << 16) { NewLine = "\r\n" };
    }

    private static Task LineAsync(StreamWriter csv, IReadOnlyList<object?> cells) => csv.WriteLineAsync(string.Join(',', cells.Select(Cell)));

    /// <summary>A cell as RFC 4180 has it. A text that a spreadsheet would take for a formula gets a quote in front.</summary>
    internal static string Cell(object? value)
    {
        if (value is double number)
        {
            return number.ToString("R", CultureInfo.InvariantCulture);
        }

        var text = value as string ?? "";
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny("\",\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
