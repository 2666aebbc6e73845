using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Search;

namespace Roux.Tracking.Storage;

/// <summary>Reads experiments and runs. However many runs are read, the number of statements is the same.</summary>
internal sealed class RunReader(Store store)
{
    public static TrackingException NoSuchRun(string runId) =>
        new($"'{runId}': no run of that id; search the runs to see what there is");

    public static List<ExperimentRecord> Experiments(StoreSession session) => session.Rows(
        """
        SELECT id, name, created, (SELECT count(*) FROM runs WHERE experiment = experiments.id AND deleted IS NULL)
        FROM experiments WHERE deleted IS NULL ORDER BY name
        """,
        row => new ExperimentRecord(row.Int64(0).ToString(CultureInfo.InvariantCulture), row.Text(1), Time(row.Int64(2)), row.Int64(3)));

    /// <summary>The integer key of a run.</summary>
    public static long Key(StoreSession session, string runId) =>
        session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId)) ?? throw NoSuchRun(runId);

    public RunRecord Get(StoreSession session, string runId) => Load(session, [Key(session, runId)])[0];

    public RunRecord? Find(StoreSession session, string text)
    {
        var exact = session.Number("SELECT id FROM runs WHERE run_id = $text", ("$text", text));
        if (exact is { } key)
        {
            return Load(session, [key])[0];
        }

        var found = Candidates(session, "name = $text", text);
        var what = "are called";
        if (found.Count == 0 && text.Length is > 0 and < 32 && text.All(char.IsAsciiHexDigitLower))
        {
            found = Candidates(session, "run_id >= $text AND run_id < $text || 'g'", text);
            what = "have an id that begins with";
        }

        if (found.Count > 1)
        {
            var list = string.Join(", ", found.Take(5).Select(run => $"{run.Id[..12]} ({run.Name}, {Time(run.Started):yyyy-MM-dd HH:mm})"));
            throw new TrackingException($"several runs {what} '{text}': {list}{(found.Count > 5 ? ", …" : "")}; give more of the id");
        }

        return found.Count == 0 ? null : Load(session, [found[0].Key])[0];
    }

    public IReadOnlyList<RunRecord> Search(StoreSession session, RunSearch search)
    {
        var compiled = SearchCompiler.Compile(session, store.Keys, search);
        return compiled is null ? [] : Load(session, session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters));
    }

    /// <summary>The runs of given keys, in that order.</summary>
    public IReadOnlyList<RunRecord> Load(StoreSession session, IReadOnlyList<long> keys)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        var list = keys.ToArray();
        var drafts = new Dictionary<long, Draft>(keys.Count);
        var names = new Dictionary<long, string>();
        session.Each(
            $"""
            SELECT r.id, r.run_id, r.name, e.id, e.name, p.run_id, r.status, r.started, r.ended, r.deleted, r.error, r.user_id
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN runs r JOIN experiments e ON e.id = r.experiment LEFT JOIN runs p ON p.id = r.parent WHERE r.id = j.value
            """,
            row => drafts.Add(row.Int64(0), new Draft(Basics(row))),
            ("$runs", list));
        Each($"SELECT t.run, t.key, t.value FROM {session.Dialect.Numbers("$runs")} CROSS JOIN params t WHERE t.run = j.value",
            (draft, row) => draft.Params.Add(Name(row.Int64(1)), row.Text(2)));
        Each($"SELECT t.run, t.key, t.value FROM {session.Dialect.Numbers("$runs")} CROSS JOIN tags t WHERE t.run = j.value",
            (draft, row) => draft.Tags.Add(Name(row.Int64(1)), row.Text(2)));
        Each($"SELECT t.run, t.key, t.step, t.time, t.value FROM {session.Dialect.Numbers("$runs")} CROSS JOIN latest_metrics t WHERE t.run = j.value",
            (draft, row) => draft.Metrics.Add(
                Name(row.Int64(1)),
                new MetricPoint(row.Int64(2), Time(row.Int64(3)), row.IsNull(4) ? double.NaN : row.Double(4))));
        Each(
            $"""
            SELECT t.run, d.name, d.digest, d.source, d.bytes, d.rows, d.schema, t.context, d.source_type, d.profile, t.tags
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN run_datasets t JOIN datasets d ON d.id = t.dataset WHERE t.run = j.value
            """,
            (draft, row) => draft.Datasets.Add(InputOf(row)));
        Each(
            $"""
            SELECT t.run, m.model_id, t.is_input, t.step
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN run_models t JOIN logged_models m ON m.id = t.model WHERE t.run = j.value
            """,
            (draft, row) => draft.Models.Add(new RunModel(row.Text(1), row.Int64(2) != 0, row.Int64(3))));
        Each(
            $"""
            SELECT t.run, t.check_name, t.severity, t.message, t.columns, t.evidence, t.cause, t.fix, t.verify
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN findings t WHERE t.run = j.value ORDER BY t.id
            """,
            (draft, row) => draft.Findings.Add(FindingOf(row)));
        Each($"SELECT t.run, t.time, t.message FROM {session.Dialect.Numbers("$runs")} CROSS JOIN warnings t WHERE t.run = j.value ORDER BY t.id",
            (draft, row) => draft.Warnings.Add(new RunWarning(Time(row.Int64(1)), row.Text(2))));
        return keys.Select(key => drafts[key].Finish()).ToArray();

        // Rows come run by run, and most runs of a page have as many of each kind as the one before.
        void Each(string sql, Action<Draft, StoreRow> add)
        {
            var (present, draft) = (0L, (Draft?)null);
            session.Each(
                sql,
                row =>
                {
                    if (draft is null || row.Int64(0) != present)
                    {
                        var before = draft;
                        draft = drafts[present = row.Int64(0)];
                        draft.Expect(before);
                    }

                    add(draft, row);
                },
                ("$runs", list));
        }

        string Name(long key)
        {
            ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(names, key, out _);
            return name ??= store.Keys.Name(session, key);
        }
    }

    internal static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static List<(long Key, string Id, string Name, long Started)> Candidates(StoreSession session, string condition, string text) => session.Rows(
        $"SELECT id, run_id, name, started FROM runs WHERE deleted IS NULL AND {condition} ORDER BY started DESC, id DESC LIMIT 6",
        row => (row.Int64(0), row.Text(1), row.Text(2), row.Int64(3)),
        ("$text", text));

    private static RunRecord Basics(StoreRow row) => new()
    {
        Id = row.Text(1),
        Name = row.Text(2),
        ExperimentId = row.Int64(3).ToString(CultureInfo.InvariantCulture),
        Experiment = row.Text(4),
        ParentId = row.TextOrNull(5),
        Status = (RunStatus)row.Int64(6),
        Started = Time(row.Int64(7)),
        Ended = row.Int64OrNull(8) is { } ended ? Time(ended) : null,
        Deleted = row.Int64OrNull(9) is { } deleted ? Time(deleted) : null,
        Error = row.TextOrNull(10),
        User = row.TextOrNull(11),
    };

    private static DatasetInput InputOf(StoreRow row) => new(
        new Dataset(row.Text(1), row.Text(2), row.Text(3), row.Int64OrNull(4), row.Int64OrNull(5), row.TextOrNull(6))
        {
            SourceType = row.TextOrNull(8),
            Profile = row.TextOrNull(9),
        },
        row.Text(7))
    {
        Tags = row.TextOrNull(10) is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)! : RunRecord.EmptyText,
    };

    private static Finding FindingOf(StoreRow row) => new(row.Text(1), (Severity)row.Int64(2), row.Text(3))
    {
        Columns = JsonSerializer.Deserialize<string[]>(row.Text(4)) ?? [],
        Evidence = row.TextOrNull(5) is { } json ? JsonNode.Parse(json) as JsonObject : null,
        Cause = row.Text(6),
        Fix = row.Text(7),
        Verify = row.Text(8),
    };

    private sealed class Draft(RunRecord basics)
    {
        public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, MetricPoint> Metrics { get; } = new(StringComparer.Ordinal);

        public List<DatasetInput> Datasets { get; } = [];

        public List<Finding> Findings { get; } = [];

        public List<RunWarning> Warnings { get; } = [];

        public List<RunModel> Models { get; } = [];

        /// <summary>Makes room for as much as another run has.</summary>
        public void Expect(Draft? other)
        {
            if (other is not null)
            {
                Params.EnsureCapacity(other.Params.Count);
                Tags.EnsureCapacity(other.Tags.Count);
                Metrics.EnsureCapacity(other.Metrics.Count);
            }
        }

        public RunRecord Finish() => basics with
        {
            Params = Params,
            Tags = Tags,
            Metrics = Metrics,
            Datasets = Datasets,
            Findings = Findings,
            Warnings = Warnings,
            Models = Models,
        };
    }
}
