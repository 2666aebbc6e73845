using Roux.Tracking.Storage;

namespace Roux.Tracking.Sqlite;

/// <summary>SQLite's forms. It has one writer at a time, so nothing needs a lock of its own.</summary>
internal sealed class SqliteDialect : StoreDialect
{
    public static SqliteDialect Instance { get; } = new();

    public override string Locked => "";

    public override string Shared => "";

    public override string Numbers(string parameter) => $"json_each({parameter}) j";

    public override string Texts(string parameter) => $"(SELECT value FROM json_each({parameter}))";

    public override string Like(string expression, string pattern, bool ignoreCase) => $"like_match({expression}, {pattern}, {(ignoreCase ? 1 : 0)})";

    public override string LongText(string expression, string value) => $"{expression} = {value}";

    public override string LongKey(string column) => column;

    public override string TextArray(string expression) => $"json_group_array({expression})";
}
