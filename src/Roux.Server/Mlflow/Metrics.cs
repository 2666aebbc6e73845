using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>metrics/…</c></summary>
internal static class Metrics
{
    private const int MostBulkRuns = 100;
    private const int MostBulkPoints = 25_000;
    private const int MostSampledSteps = 2500;
    private const int Long = 8192;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/metrics/get-history", Access.Run(Role.Viewer), History),
        new("GET", "/metrics/get-history-bulk", OfRuns("run_id"), Bulk),
        new("GET", "/metrics/get-history-bulk-interval", OfRuns("run_ids"), Interval),
    ];

    private static Access OfRuns(string field) => Access.Of(Role.Viewer, call => RunIds(call, field).Select(run => new Need(Role.Viewer, SubjectKind.Run, run)));

    private static async Task History(Call call)
    {
        var fields = call.Fields;
        var offset = fields.Offset;
        var most = fields.Whole("max_results");
        if (most is < 0)
        {
            throw Fields.Invalid("max_results", most.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), "0 (all) or more");
        }

        var key = fields.Required("metric_key");
        var series = call.Service.Metrics.History(fields.RunId, key);
        var from = (int)Math.Min(offset, series.Count);
        var to = most is null or 0 ? series.Count : (int)Math.Min(series.Count, from + most.Value);
        long? next = to < series.Count ? to : null;
        if (to - from <= Long)
        {
            await call.Json((series, key, from, to, next), static (json, page) =>
            {
                WriteMetrics(json, page.series, page.key, page.from, page.to);
                Call.WriteNext(json, page.next);
            }).ConfigureAwait(false);
            return;
        }

        var encoded = JsonEncodedText.Encode(key);
        await Reply.StreamAsync(
            call.Http, "metrics", to - from, (json, first, last) => WritePoints(json, series, encoded, from + first, from + last, null), json => Call.WriteNext(json, next)).ConfigureAwait(false);
    }

    private static Task Bulk(Call call)
    {
        var histories = call.Service.Metrics.Histories(RunIds(call, "run_id"), call.Fields.Required("metric_key"));
        var most = (int)Math.Clamp(call.Fields.Whole("max_results") ?? MostBulkPoints, 1, MostBulkPoints);
        return WriteHistories(call, histories, most);
    }

    private static Task Interval(Call call)
    {
        var fields = call.Fields;
        var (from, to) = (fields.Whole("start_step"), fields.Whole("end_step"));
        if (from is null != to is null)
        {
            throw ServiceException.Invalid("If either start step or end step are specified, both must be specified.");
        }

        if (from > to)
        {
            throw ServiceException.Invalid($"end_step must be greater than start_step. Found start_step={from} and end_step={to}.");
        }

        var most = Limits.MaxResults(fields.Whole("max_results") ?? MostSampledSteps, MostSampledSteps);
        return WriteHistories(call, call.Service.Metrics.Sample(RunIds(call, "run_ids"), fields.Required("metric_key"), from, to, most), int.MaxValue);
    }

    private static IReadOnlyList<string> RunIds(Call call, string name) => call.Fields.Texts(name) switch
    {
        [] => throw ServiceException.Missing(name),
        { Count: > MostBulkRuns } => throw ServiceException.Invalid($"GetMetricHistoryBulk request cannot specify more than {MostBulkRuns} run_ids"),
        var ids => ids,
    };

    private static Task WriteHistories(Call call, IReadOnlyList<RunHistory> histories, int most) =>
        call.Json((histories, key: JsonEncodedText.Encode(call.Fields.Required("metric_key")), most), static (json, page) =>
        {
            json.WriteStartArray("metrics"u8);
            var left = page.most;
            foreach (var history in page.histories)
            {
                var count = Math.Min(left, history.Series.Count);
                WritePoints(json, history.Series, page.key, 0, count, history.RunId);
                left -= count;
            }

            json.WriteEndArray();
        });

    private static void WriteMetrics(Utf8JsonWriter json, MetricSeries series, string key, int from, int to)
    {
        if (from < to)
        {
            json.WriteStartArray("metrics"u8);
            WritePoints(json, series, JsonEncodedText.Encode(key), from, to, null);
            json.WriteEndArray();
        }
    }

    private static void WritePoints(Utf8JsonWriter json, MetricSeries series, JsonEncodedText key, int from, int to, string? runId)
    {
        for (var index = from; index < to; index++)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key);
            Numbers.Write(json, "value"u8, series.Values[index]);
            json.WriteNumber("timestamp"u8, series.Timestamps[index]);
            json.WriteNumber("step"u8, series.Steps[index]);
            if (runId is not null)
            {
                json.WriteString("run_id"u8, runId);
            }

            json.WriteEndObject();
        }
    }
}
