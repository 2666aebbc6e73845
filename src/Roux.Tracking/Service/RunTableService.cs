using System.Globalization;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Which runs a table shows.</summary>
internal sealed record RunSelection
{
    /// <summary>Ids of experiments; <c>null</c>: all.</summary>
    public IReadOnlyList<string>? Experiments { get; init; }

    /// <summary>See <see cref="RunQuery.Filter"/>.</summary>
    public string Filter { get; init; } = "";

    /// <summary>See <see cref="RunQuery.OrderBy"/>.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>Live runs, deleted ones or both.</summary>
    public View View { get; init; } = View.ActiveOnly;

    /// <summary>The projects that the caller sees.</summary>
    public required Reach Reach { get; init; }
}

/// <summary>A run in a table: what it is, and its values in the columns asked for: a text, a number, or <c>null</c> for each.</summary>
internal sealed record RunRow(
    string Id, string Name, string ExperimentId, string Experiment, string? ParentId, RunStatus Status, DateTimeOffset Started, DateTimeOffset? Ended, bool IsDeleted, string? User,
    IReadOnlyList<object?> Cells);

/// <summary>Runs that share a value.</summary>
/// <param name="Value">The value; <c>null</c>: runs that have none.</param>
/// <param name="Runs">Their number.</param>
/// <param name="Latest">When the last of them began.</param>
/// <param name="Spreads">For each metric asked for, how its values lie; <c>null</c> where there are none.</param>
internal sealed record RunGroup(string? Value, long Runs, DateTimeOffset Latest, IReadOnlyList<Spread?> Spreads);

/// <summary>How numbers lie: their count, mean, standard deviation (of the sample), least and greatest.</summary>
internal sealed record Spread(long Count, double Mean, double Deviation, double Least, double Greatest);

/// <summary>Tables of runs, read by the page: a hundred thousand runs cost no more than those that are seen.</summary>
internal sealed class RunTableService(Tracker tracker)
{
    /// <summary>The runs at the top of a selection whose columns stand for those of all.</summary>
    private const int LookedAt = 200;

    /// <summary>How many runs a selection holds.</summary>
    /// <exception cref="TrackingException">The filter is not understood.</exception>
    public long Count(RunSelection selection) => tracker.Database.Read(session =>
        SearchCompiler.CompileCount(session, tracker.Database.Keys, Understood(session, selection, 1, 0)) is { } compiled ? session.Number(compiled.Sql, compiled.Parameters) ?? 0 : 0);

    /// <summary>Part of a selection, with the values of some fields.</summary>
    /// <exception cref="TrackingException">The filter or the order is not understood.</exception>
    public IReadOnlyList<RunRow> Rows(RunSelection selection, IReadOnlyList<Field> columns, int offset, int most) => tracker.Database.Read(session =>
    {
        var keys = Keys(session, Understood(session, selection, most, offset));
        return keys.Count == 0 ? [] : Load(session, keys, columns);
    });

    /// <summary>Ids of the runs of a selection, at most so many.</summary>
    /// <exception cref="TrackingException">The filter or the order is not understood.</exception>
    public IReadOnlyList<string> Ids(RunSelection selection, int most) => tracker.Database.Read(session =>
    {
        var keys = Keys(session, Understood(session, selection, most, 0)).ToArray();
        return session.Rows($"SELECT r.run_id FROM {session.Dialect.Numbers("$runs")} CROSS JOIN runs r WHERE r.id = j.value ORDER BY j.key", row => row.Text(0), ("$runs", keys));
    });

    /// <summary>The fields that the newest runs of a selection have: metrics, params, then tags, each by name.</summary>
    public IReadOnlyList<Field> Fields(RunSelection selection) => tracker.Database.Read(session =>
    {
        var keys = Keys(session, Understood(session, selection with { Order = [], Filter = "" }, LookedAt, 0)).ToArray();
        return new[] { (FieldKind.Metric, "latest_metrics"), (FieldKind.Param, "params"), (FieldKind.Tag, "tags") }
            .SelectMany(kind => session.Rows(
                    $"SELECT DISTINCT t.key FROM {session.Dialect.Numbers("$runs")} CROSS JOIN {kind.Item2} t WHERE t.run = j.value", row => row.Int64(0), ("$runs", keys))
                .Select(key => new Field(kind.Item1, tracker.Database.Keys.Name(session, key))).OrderBy(field => field.Key, StringComparer.OrdinalIgnoreCase))
            .ToList();
    });

    /// <summary>Values that a param or tag has, those that begin so, in order.</summary>
    public IReadOnlyList<string> Values(Field field, string prefix, int most) => field.Kind is not (FieldKind.Param or FieldKind.Tag) ? [] : tracker.Database.Read(session =>
        tracker.Database.Keys.Find(session, field.Key) is not { } key ? [] : session.Rows(
            $"""
            SELECT DISTINCT t.value FROM {(field.Kind == FieldKind.Param ? "params" : "tags")} t
            WHERE t.key = $key AND substr(t.value, 1, CAST($length AS INTEGER)) = $prefix AND length(t.value) < 200 ORDER BY t.value LIMIT $most
            """,
            row => row.Text(0), ("$key", key), ("$prefix", prefix), ("$length", (long)prefix.Length), ("$most", (long)most)));

    /// <summary>The groups of a selection by the value of a field, the largest first.</summary>
    /// <exception cref="TrackingException">The filter is not understood.</exception>
    public IReadOnlyList<RunGroup> Groups(RunSelection selection, Field by, IReadOnlyList<Field> metrics, int most) => tracker.Database.Read(session =>
        SearchCompiler.CompileGroups(session, tracker.Database.Keys, Understood(session, selection, most, 0), by, metrics) is not { } compiled ? [] : session.Rows(
            compiled.Sql,
            row => new RunGroup(row.TextOrNull(0), row.Int64(1), RunReader.Time(row.Int64(2)), [.. metrics.Select((_, index) => SpreadOf(row, 3 + (5 * index)))]),
            compiled.Parameters));

    private static Spread? SpreadOf(StoreRow row, int column)
    {
        var count = row.Int64(column);
        if (count == 0)
        {
            return null;
        }

        var (mean, squares) = (row.Double(column + 1), row.Double(column + 2));
        var variance = count > 1 ? Math.Max(0, squares - (mean * mean)) * count / (count - 1) : 0;
        return new Spread(count, mean, Math.Sqrt(variance), row.Double(column + 3), row.Double(column + 4));
    }

    private static RunSearch Understood(StoreSession session, RunSelection selection, int most, int offset)
    {
        var query = new RunQuery { MaxResults = most, Offset = offset, IncludeDeleted = selection.View == View.All };
        return new RunSearch(FilterParser.ParseFilter(selection.Filter), [.. selection.Order.Select(FilterParser.ParseOrder)], query)
        {
            OnlyDeleted = selection.View == View.DeletedOnly,
            ExperimentKeys = selection.Experiments is { } ids ? selection.Reach.Of(session, ExperimentService.Keys(ids))
                : selection.Reach.IsAll ? null
                : selection.Reach.Of(session, session.Rows("SELECT id FROM experiments", row => row.Int64(0))),
        };
    }

    private List<long> Keys(StoreSession session, RunSearch search) =>
        SearchCompiler.Compile(session, tracker.Database.Keys, search) is { } compiled ? session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters) : [];

    private List<RunRow> Load(StoreSession session, List<long> keys, IReadOnlyList<Field> columns)
    {
        var list = keys.ToArray();
        var cells = keys.ToDictionary(key => key, _ => new object?[columns.Count]);
        foreach (var (kind, table) in new[] { (FieldKind.Metric, "latest_metrics"), (FieldKind.Param, "params"), (FieldKind.Tag, "tags") })
        {
            var places = new Dictionary<long, int>();
            for (var index = 0; index < columns.Count; index++)
            {
                if (columns[index].Kind == kind && tracker.Database.Keys.Find(session, columns[index].Key) is { } key)
                {
                    places[key] = index;
                }
            }

            if (places.Count > 0)
            {
                session.Each(
                    $"SELECT t.run, t.key, t.value FROM {session.Dialect.Numbers("$runs")} CROSS JOIN {table} t WHERE t.run = j.value AND t.key IN ({string.Join(", ", places.Keys.Select(key => key.ToString(CultureInfo.InvariantCulture)))})",
                    row => cells[row.Int64(0)][places[row.Int64(1)]] = kind != FieldKind.Metric ? row.Text(2) : row.IsNull(2) ? double.NaN : row.Double(2),
                    ("$runs", list));
            }
        }

        return session.Rows(
            $"""
            SELECT r.id, r.run_id, r.name, r.experiment, e.name, p.run_id, r.status, r.started, r.ended, r.deleted, r.user_id
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN runs r JOIN experiments e ON e.id = r.experiment LEFT JOIN runs p ON p.id = r.parent WHERE r.id = j.value ORDER BY j.key
            """,
            row => new RunRow(
                row.Text(1), row.Text(2), row.Int64(3).ToString(CultureInfo.InvariantCulture), row.Text(4), row.TextOrNull(5), (RunStatus)row.Int64(6), RunReader.Time(row.Int64(7)),
                row.Int64OrNull(8) is { } ended ? RunReader.Time(ended) : null, !row.IsNull(9), row.TextOrNull(10), cells[row.Int64(0)]),
            ("$runs", list));
    }
}
