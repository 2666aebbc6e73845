using System.Text.Json;
using DuckDB.NET.Data;
using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Query;

/// <summary>A view for queries: its columns as DuckDB declares them, and how to fill it from the store.</summary>
internal sealed record QueryView(string Name, string Columns, Action<StoreSession, DuckDBAppender, CancellationToken> Fill);

/// <summary>The views of docs/query.md.</summary>
internal static class QueryViews
{
    private const string RunStatusText =
        "CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 4 THEN 'FAILED' ELSE 'KILLED' END";

    public static IReadOnlyList<QueryView> All { get; } =
    [
        View("runs",
            """
            run_id VARCHAR, name VARCHAR, experiment VARCHAR, parent_run_id VARCHAR, status VARCHAR,
            start_time TIMESTAMP, end_time TIMESTAMP, duration_seconds DOUBLE, error VARCHAR
            """,
            $"""
            SELECT r.run_id, r.name, e.name, p.run_id, {RunStatusText}, r.started, r.ended, CAST(r.ended - r.started AS DOUBLE PRECISION) / 1000, r.error
            FROM runs r JOIN experiments e ON e.id = r.experiment LEFT JOIN runs p ON p.id = r.parent WHERE r.deleted IS NULL ORDER BY r.id
            """,
            [Text, Text, Text, Text, Text, Time, Time, Number, Text]),
        View("params", "run_id VARCHAR, key VARCHAR, value VARCHAR",
            "SELECT r.run_id, k.name, t.value FROM params t JOIN runs r ON r.id = t.run JOIN keys k ON k.id = t.key WHERE r.deleted IS NULL",
            [Text, Text, Text]),
        View("tags", "run_id VARCHAR, key VARCHAR, value VARCHAR",
            "SELECT r.run_id, k.name, t.value FROM tags t JOIN runs r ON r.id = t.run JOIN keys k ON k.id = t.key WHERE r.deleted IS NULL",
            [Text, Text, Text]),
        View("latest_metrics", "run_id VARCHAR, key VARCHAR, step BIGINT, timestamp TIMESTAMP, value DOUBLE",
            "SELECT r.run_id, k.name, t.step, t.time, t.value FROM latest_metrics t JOIN runs r ON r.id = t.run JOIN keys k ON k.id = t.key WHERE r.deleted IS NULL",
            [Text, Text, Whole, Time, NumberOrNan]),
        new QueryView("metrics", "run_id VARCHAR, key VARCHAR, step BIGINT, timestamp TIMESTAMP, value DOUBLE", FillMetrics),
        View("datasets",
            "run_id VARCHAR, context VARCHAR, name VARCHAR, digest VARCHAR, source VARCHAR, bytes BIGINT, rows BIGINT, schema VARCHAR",
            """
            SELECT r.run_id, t.context, d.name, d.digest, d.source, d.bytes, d.rows, d.schema
            FROM run_datasets t JOIN runs r ON r.id = t.run JOIN datasets d ON d.id = t.dataset WHERE r.deleted IS NULL
            """,
            [Text, Text, Text, Text, Text, Whole, Whole, Text]),
        View("models",
            """
            name VARCHAR, version INTEGER, stage VARCHAR, aliases VARCHAR[], run_id VARCHAR, artifact_path VARCHAR, digest VARCHAR,
            bytes BIGINT, description VARCHAR, created TIMESTAMP
            """,
            dialect => $"""
            SELECT m.name, v.version, CASE v.stage WHEN 0 THEN 'None' WHEN 1 THEN 'Staging' WHEN 2 THEN 'Production' ELSE 'Archived' END,
              (SELECT {dialect.TextArray("alias")} FROM model_aliases a WHERE a.model = v.model AND a.version = v.version),
              r.run_id, v.artifact_path, v.digest, v.bytes, v.description, v.created
            FROM model_versions v JOIN models m ON m.id = v.model LEFT JOIN runs r ON r.id = v.run ORDER BY m.name, v.version
            """,
            [Text, Small, Text, Texts, Text, Text, Text, Whole, Text, Time]),
        View("findings",
            "run_id VARCHAR, check_name VARCHAR, severity VARCHAR, message VARCHAR, columns VARCHAR[], evidence VARCHAR, cause VARCHAR, fix VARCHAR, verify VARCHAR",
            """
            SELECT r.run_id, f.check_name, CASE f.severity WHEN 0 THEN 'info' WHEN 1 THEN 'low' WHEN 2 THEN 'medium' ELSE 'high' END,
              f.message, f.columns, f.evidence, f.cause, f.fix, f.verify
            FROM findings f JOIN runs r ON r.id = f.run WHERE r.deleted IS NULL ORDER BY f.id
            """,
            [Text, Text, Text, Text, Texts, Text, Text, Text, Text]),
    ];

    private delegate void Append(IDuckDBAppenderRow target, StoreRow row, int column);

    private static QueryView View(string name, string columns, string sql, Append[] appends) => View(name, columns, _ => sql, appends);

    private static QueryView View(string name, string columns, Func<StoreDialect, string> sql, Append[] appends) => new(name, columns, (session, appender, cancellation) =>
        session.Each(sql(session.Dialect), row =>
        {
            cancellation.ThrowIfCancellationRequested();
            var target = appender.CreateRow();
            for (var column = 0; column < appends.Length; column++)
            {
                if (row.IsNull(column) && appends[column] != NumberOrNan)
                {
                    target.AppendNullValue();
                }
                else
                {
                    appends[column](target, row, column);
                }
            }

            target.EndRow();
        }));

    private static void Text(IDuckDBAppenderRow target, StoreRow row, int column) => target.AppendValue(row.Text(column));

    private static void Whole(IDuckDBAppenderRow target, StoreRow row, int column) => target.AppendValue((long?)row.Int64(column));

    private static void Small(IDuckDBAppenderRow target, StoreRow row, int column) => target.AppendValue((int?)(int)row.Int64(column));

    private static void Number(IDuckDBAppenderRow target, StoreRow row, int column) => target.AppendValue((double?)row.Double(column));

    private static void NumberOrNan(IDuckDBAppenderRow target, StoreRow row, int column) =>
        target.AppendValue((double?)(row.IsNull(column) ? double.NaN : row.Double(column)));

    private static void Time(IDuckDBAppenderRow target, StoreRow row, int column) =>
        target.AppendValue((DateTime?)RunReader.Time(row.Int64(column)).UtcDateTime);

    private static void Texts(IDuckDBAppenderRow target, StoreRow row, int column) =>
        target.AppendValue(JsonSerializer.Deserialize<List<string>>(row.Text(column)));

    private static void FillMetrics(StoreSession session, DuckDBAppender appender, CancellationToken cancellation) => session.Each(
        """
        SELECT r.run_id, k.name, c.points
        FROM metric_chunks c JOIN runs r ON r.id = c.run JOIN keys k ON k.id = c.key WHERE r.deleted IS NULL ORDER BY c.run, c.key, c.id
        """,
        row =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (run, key) = (row.Text(0), row.Text(1));
            var block = MetricChunk.Decode(row.Blob(2));
            for (var index = 0; index < block.Count; index++)
            {
                appender.CreateRow().AppendValue(run).AppendValue(key).AppendValue((long?)block.Steps[index])
                    .AppendValue((DateTime?)RunReader.Time(block.Timestamps[index]).UtcDateTime).AppendValue((double?)block.Values[index]).EndRow();
            }
        });
}
