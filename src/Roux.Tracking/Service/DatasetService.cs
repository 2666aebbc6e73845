using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>
/// The data sets that runs logged. A data set is a name; each distinct digest under it is a version. Only what runs used that are not deleted and lie within reach is
/// there at all. A digest of SHA-256 counts as the same with and without its prefix, as commands and captures write it.
/// </summary>
internal sealed class DatasetService(Tracker tracker)
{
    private const string Prefix = "sha256:";
    private const string PlainDigest = "CASE WHEN d.digest LIKE 'sha256:%' THEN substr(d.digest, 8) ELSE d.digest END";
    private const string Made = "SELECT DISTINCT d.name AS name, " + PlainDigest + " AS digest, v.model AS model, v.version AS version FROM model_versions v JOIN runs r ON r.id = v.run JOIN run_datasets t ON t.run = r.id OR t.run = r.parent JOIN datasets d ON d.id = t.dataset";

    /// <summary>A digest without the prefix that says what it is.</summary>
    public static string Plain(string digest) => digest.StartsWith(Prefix, StringComparison.Ordinal) ? digest[Prefix.Length..] : digest;

    /// <summary>Data sets whose name contains a text, those used last first.</summary>
    /// <param name="find">Part of the name, in any case; empty: all.</param>
    /// <param name="offset">Passed over.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="reach">What the caller sees.</param>
    public IReadOnlyList<DatasetHistory> Search(string find, int offset, int most, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        var found = session.Rows(
            $"""
            SELECT d.name, count(DISTINCT {PlainDigest}), count(DISTINCT r.id), min(r.started), max(r.started), max(d.id)
            FROM run_datasets t JOIN runs r ON r.id = t.run JOIN datasets d ON d.id = t.dataset
            WHERE r.deleted IS NULL AND {scope.Sql} AND ($find = '' OR {session.Dialect.Like("d.name", "$pattern", ignoreCase: true)})
            GROUP BY d.name ORDER BY max(r.started) DESC, d.name LIMIT $most OFFSET $offset
            """,
            row => (Name: row.Text(0), Versions: row.Int64(1), Runs: row.Int64(2), First: row.Int64(3), Last: row.Int64(4), Latest: row.Int64(5)),
            [.. scope.Parameters, ("$find", find), ("$pattern", "%" + find + "%"), ("$most", (long)most), ("$offset", (long)offset)]);
        var latest = session.Rows(
                $"SELECT d.id, d.name, d.digest, d.source, d.bytes, d.rows, d.source_type FROM {session.Dialect.Numbers("$ids")} CROSS JOIN datasets d WHERE d.id = j.value",
                row => (Id: row.Int64(0), Dataset: DatasetOf(row, 1)), ("$ids", found.Select(row => row.Latest).ToArray())).ToDictionary(row => row.Id, row => row.Dataset);
        var models = session.Rows($"SELECT name, count(*) FROM (SELECT DISTINCT name, model, version FROM ({Made} WHERE r.deleted IS NULL AND {scope.Sql}) m) n GROUP BY name", row => (row.Text(0), row.Int64(1)), scope.Parameters)
            .ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
        return found.Select(row => new DatasetHistory(
            row.Name, row.Versions, row.Runs, models.GetValueOrDefault(row.Name), RunReader.Time(row.First), RunReader.Time(row.Last), latest[row.Latest])).ToList();
    });

    /// <summary>How many data sets there are.</summary>
    public long Count(Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        return session.Number($"SELECT count(DISTINCT d.name) FROM run_datasets t JOIN runs r ON r.id = t.run JOIN datasets d ON d.id = t.dataset WHERE r.deleted IS NULL AND {scope.Sql}", scope.Parameters) ?? 0;
    });

    /// <summary>The versions of a data set, the newest (by their first use) first.</summary>
    public IReadOnlyList<DatasetVersion> Versions(string name, int most, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        var models = session.Rows($"SELECT digest, count(*) FROM ({Made} WHERE d.name = $name AND r.deleted IS NULL AND {scope.Sql}) m GROUP BY digest", row => (row.Text(0), row.Int64(1)), [.. scope.Parameters, ("$name", name)])
            .ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
        return session.Rows(
            $"""
            SELECT min(d.name), min(d.digest), max(d.source), max(d.bytes), max(d.rows), max(d.source_type), min(r.started), max(r.started), count(DISTINCT r.id)
            FROM datasets d JOIN run_datasets t ON t.dataset = d.id JOIN runs r ON r.id = t.run
            WHERE d.name = $name AND r.deleted IS NULL AND {scope.Sql}
            GROUP BY {PlainDigest} ORDER BY min(r.started) DESC, min(d.digest) LIMIT $most
            """,
            row => new DatasetVersion(DatasetOf(row, 0) with { Digest = row.Text(1) }, RunReader.Time(row.Int64(6)), RunReader.Time(row.Int64(7)), row.Int64(8), models.GetValueOrDefault(Plain(row.Text(1)))),
            [.. scope.Parameters, ("$name", name), ("$most", (long)most)]);
    });

    /// <summary>What is known of the columns of a content: profile and schema as they were logged with it, under any name.</summary>
    public (IReadOnlyList<string> Profiles, string? Schema) Content(string digest, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        var rows = session.Rows(
            $"""
            SELECT d.profile, d.schema FROM datasets d WHERE d.digest IN {session.Dialect.Texts("$digests")} AND (d.profile IS NOT NULL OR d.schema IS NOT NULL)
              AND EXISTS (SELECT 1 FROM run_datasets t JOIN runs r ON r.id = t.run WHERE t.dataset = d.id AND {scope.Sql}) ORDER BY d.id LIMIT 20
            """,
            row => (Profile: row.TextOrNull(0), Schema: row.TextOrNull(1)), [.. scope.Parameters, ("$digests", Digests(digest))]);
        return ((IReadOnlyList<string>)[.. rows.Select(row => row.Profile).OfType<string>()], rows.Select(row => row.Schema).FirstOrDefault(schema => schema is not null));
    });

    /// <summary>Runs that used a version, the newest first.</summary>
    public IReadOnlyList<DatasetUse> Uses(string name, string digest, int offset, int most, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        // The runs first, then what belongs to them: most of a hundred thousand are not shown.
        var runs = session.Rows(
            $"""
            SELECT r.id FROM datasets d JOIN run_datasets t ON t.dataset = d.id JOIN runs r ON r.id = t.run
            WHERE d.name = $name AND d.digest IN {session.Dialect.Texts("$digests")} AND r.deleted IS NULL AND {scope.Sql}
            GROUP BY r.id, r.started ORDER BY r.started DESC, r.id DESC LIMIT $most OFFSET $offset
            """,
            row => row.Int64(0), [.. scope.Parameters, ("$name", name), ("$digests", Digests(digest)), ("$most", (long)most), ("$offset", (long)offset)]);
        return session.Rows(
            $"""
            SELECT r.run_id, r.name, r.experiment, e.name, r.status, r.started, {session.Dialect.TextArray("t.context")}
            FROM {session.Dialect.Numbers("$runs")} CROSS JOIN runs r JOIN experiments e ON e.id = r.experiment JOIN run_datasets t ON t.run = r.id JOIN datasets d ON d.id = t.dataset
            WHERE r.id = j.value AND d.name = $name AND d.digest IN {session.Dialect.Texts("$digests")}
            GROUP BY r.id, r.run_id, r.name, r.experiment, e.name, r.status, r.started ORDER BY r.started DESC, r.id DESC
            """,
            row => new DatasetUse(row.Text(0), row.Text(1), row.Int64(2).ToString(CultureInfo.InvariantCulture), row.Text(3), (RunStatus)row.Int64(4), RunReader.Time(row.Int64(5)), Contexts(row.Text(6))),
            ("$runs", runs.ToArray()), ("$name", name), ("$digests", Digests(digest)));
    });

    /// <summary>Versions of models that were made from a version, the newest first.</summary>
    public IReadOnlyList<DatasetModel> Models(string name, string digest, int most, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        return session.Rows(
            $"""
            SELECT DISTINCT m.name, v.version, v.stage, r.run_id, r.name, v.created FROM model_versions v JOIN models m ON m.id = v.model JOIN runs r ON r.id = v.run
            JOIN run_datasets t ON t.run = r.id OR t.run = r.parent JOIN datasets d ON d.id = t.dataset
            WHERE d.name = $name AND d.digest IN {session.Dialect.Texts("$digests")} AND r.deleted IS NULL AND {scope.Sql} ORDER BY v.created DESC, m.name, v.version DESC LIMIT $most
            """,
            row => new DatasetModel(row.Text(0), (int)row.Int64(1), (ModelStage)row.Int64(2), row.Text(3), row.Text(4)),
            [.. scope.Parameters, ("$name", name), ("$digests", Digests(digest)), ("$most", (long)most)]);
    });

    /// <summary>Other names of the same content, and other data from the same source.</summary>
    public IReadOnlyList<DatasetKin> Kin(Dataset dataset, int most, Reach reach) => tracker.Database.Read(session =>
    {
        var scope = new RunScope(session, reach);
        return session.Rows(
            $"""
            SELECT DISTINCT d.name, d.digest FROM datasets d
            WHERE d.name != $name AND (d.digest IN {session.Dialect.Texts("$digests")} OR ($source != '' AND {session.Dialect.LongText("d.source", "$source")}))
              AND EXISTS (SELECT 1 FROM run_datasets t JOIN runs r ON r.id = t.run WHERE t.dataset = d.id AND r.deleted IS NULL AND {scope.Sql})
            ORDER BY d.name, d.digest LIMIT $most
            """,
            row => new DatasetKin(row.Text(0), row.Text(1), Plain(row.Text(1)) == Plain(dataset.Digest)),
            [.. scope.Parameters, ("$name", dataset.Name), ("$source", dataset.Source), ("$digests", Digests(dataset.Digest)), ("$most", (long)most)]);
    });

    /// <summary>The forms that a digest may have been logged in.</summary>
    internal static string[] Digests(string digest) => Plain(digest) is var plain && plain.Length == 64 ? [plain, Prefix + plain] : [digest, plain];

    private static List<string> Contexts(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(context => (string?)context ?? "").Where(context => context.Length > 0).Distinct(StringComparer.Ordinal)];

    private static Dataset DatasetOf(StoreRow row, int from) =>
        new(row.Text(from), row.Text(from + 1), row.Text(from + 2), row.Int64OrNull(from + 3), row.Int64OrNull(from + 4)) { SourceType = row.TextOrNull(from + 5) };
}
