using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>The SQL behind the records of evaluation datasets.</summary>
internal static class EvaluationRecords
{
    private const string UserTag = "mlflow.user";

    /// <summary>Inserts records and merges those whose inputs are there already; returns how many of each.</summary>
    public static (int Inserted, int Updated) Upsert(WriteSession session, long dataset, IReadOnlyList<NewEvaluationRecord> records, long time)
    {
        var (inserted, updated) = (0, 0);
        string? user = null;
        var known = session.Sql.Rows("SELECT schema FROM evaluation_datasets WHERE id = $dataset", row => row.TextOrNull(0), ("$dataset", dataset))[0];
        var schema = (known is null ? null : JsonNode.Parse(known) as JsonObject) ?? EvaluationJson.EmptySchema();
        foreach (var record in records)
        {
            var by = UserOf(record.Tags);
            user = by ?? user;
            if (Insert(session, dataset, record, by, time))
            {
                inserted++;
            }
            else
            {
                updated++;
            }

            EvaluationJson.Extend(schema, record);
        }

        session.Sql.Execute(
            "UPDATE evaluation_datasets SET schema = $schema, records = records + $inserted, updated = $time, updated_by = coalesce($user, updated_by) WHERE id = $dataset",
            ("$schema", schema.ToJsonString()), ("$inserted", (long)inserted), ("$time", time), ("$user", user), ("$dataset", dataset));
        return (inserted, updated);
    }

    public static List<EvaluationRecord> Page(StoreSession session, long dataset, string datasetId, int limit, long offset) => session.Rows(
        """
        SELECT record_id, inputs, created, updated, outputs, expectations, tags, source, created_by, updated_by
        FROM evaluation_records WHERE dataset = $dataset ORDER BY id LIMIT $limit OFFSET $offset
        """,
        row => new EvaluationRecord(row.Text(0), datasetId, row.Text(1), row.Int64(2), row.Int64(3))
        {
            Outputs = row.TextOrNull(4),
            Expectations = row.TextOrNull(5),
            Tags = row.TextOrNull(6),
            Source = row.TextOrNull(7),
            CreatedBy = row.TextOrNull(8),
            UpdatedBy = row.TextOrNull(9),
        },
        ("$dataset", dataset), ("$limit", (long)limit), ("$offset", offset));

    private static string? UserOf(JsonElement? tags) =>
        tags is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(UserTag, out var user) && user.ValueKind == JsonValueKind.String ? user.GetString() : null;

    private static bool Insert(WriteSession session, long dataset, NewEvaluationRecord record, string? by, long time)
    {
        var hash = EvaluationJson.Hash(record.Inputs);
        var known = session.Sql.Rows(
            "SELECT id, expectations, tags, outputs FROM evaluation_records WHERE dataset = $dataset AND input_hash = $hash",
            row => (Id: row.Int64(0), Expectations: row.TextOrNull(1), Tags: row.TextOrNull(2), Outputs: row.TextOrNull(3)), ("$dataset", dataset), ("$hash", hash));
        if (known is [var old])
        {
            session.Sql.Execute(
                "UPDATE evaluation_records SET outputs = $outputs, expectations = $expectations, tags = $tags, updated = $time, updated_by = coalesce($by, updated_by) WHERE id = $id",
                ("$outputs", record.Outputs is { } outputs ? Raw(outputs) : old.Outputs), ("$expectations", EvaluationJson.Merge(old.Expectations, record.Expectations)),
                ("$tags", EvaluationJson.Merge(old.Tags, record.Tags)), ("$time", time), ("$by", by), ("$id", old.Id));
            return false;
        }

        session.Sql.Execute(
            """
            INSERT INTO evaluation_records (dataset, record_id, input_hash, inputs, outputs, expectations, tags, source, created, updated, created_by, updated_by)
            VALUES ($dataset, $recordId, $hash, $inputs, $outputs, $expectations, $tags, $source, $time, $time, $by, $by)
            """,
            ("$dataset", dataset), ("$recordId", "dr-" + Guid.NewGuid().ToString("N")), ("$hash", hash), ("$inputs", record.Inputs.GetRawText()),
            ("$outputs", Raw(record.Outputs)), ("$expectations", Raw(record.Expectations)), ("$tags", Raw(record.Tags)), ("$source", Raw(record.Source)),
            ("$time", time), ("$by", by));
        return true;
    }

    private static string? Raw(JsonElement? value) => value is { ValueKind: not JsonValueKind.Null } given ? given.GetRawText() : null;
}
