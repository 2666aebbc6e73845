using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>PostgreSQL's forms.</summary>
internal sealed class PostgresDialect : StoreDialect
{
    private const int IndexedLength = 200;

    public static PostgresDialect Instance { get; } = new();

    /// <summary>Not FOR UPDATE: rows that refer to it may be added meanwhile.</summary>
    public override string Locked => " FOR NO KEY UPDATE";

    public override string Shared => " FOR SHARE";

    public override string Numbers(string parameter) => $"unnest(CAST({parameter} AS bigint[])) WITH ORDINALITY AS j(value, key)";

    public override string Texts(string parameter) => $"(SELECT unnest(CAST({parameter} AS text[])))";

    public override string Like(string expression, string pattern, bool ignoreCase) => ignoreCase
        ? $"coalesce(roux_fold({expression}) LIKE roux_fold({pattern}) ESCAPE '', false)"
        : $"coalesce({expression} LIKE {pattern} ESCAPE '', false)";

    public override string LongText(string expression, string value) =>
        $"({expression} = {value} AND left({expression}, {IndexedLength}) = left({value}, {IndexedLength}))";

    public override string TextArray(string expression) => $"coalesce(CAST(json_agg({expression}) AS text), '[]')";

    public override void NoteOwnId(StoreSession session, string table) =>
        session.Number($"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT greatest(max(id), 1) FROM {table}))");

    public override string LongKey(string column) => $"md5({column})";
}
