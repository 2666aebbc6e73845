using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Roux.Learning.Learners.Rules;

/// <summary>
/// Makes sure that a condition is one expression and nothing else. DuckDB's own parser takes apart the query that will run, and its tree must be that of
/// a single column computed from the one table; text is never searched for suspicious words.
/// </summary>
internal static class RuleCondition
{
    private static readonly string[] Unrepeatable = ["random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "nextval", "currval"];

    /// <summary>The query of a condition. The line break ends a comment at the end of the condition.</summary>
    public static string Query(string condition) => $"SELECT ({condition}\n) FROM {RuleDatabase.TableName}";

    /// <summary>Checks all conditions.</summary>
    /// <returns>Names that they refer to: columns, and names of their own in lambdas.</returns>
    /// <exception cref="RuleException">One does not parse, or is more than an expression.</exception>
    public static HashSet<string> Check(IReadOnlyList<Rule> rules)
    {
        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Condition is { } condition)
            {
                Check(connection, condition, i + 1, columns);
            }
        }

        return columns;
    }

    private static void Check(DuckDBConnection connection, string condition, int number, HashSet<string> columns)
    {
        using var command = connection.CreateCommand();
        // The function takes a literal only, not a parameter; in a literal of standard SQL the quote is the one character with a meaning.
        command.CommandText = $"SELECT json_serialize_sql('{Query(condition).Replace("'", "''", StringComparison.Ordinal)}')::VARCHAR";
        JsonObject tree;
        try
        {
            tree = JsonNode.Parse((string)command.ExecuteScalar()!)!.AsObject();
        }
        catch (DuckDBException e)
        {
            throw Wrong(number, condition, "it cannot be read as SQL", e);
        }

        if (tree["error"]!.GetValue<bool>())
        {
            throw Wrong(number, condition, tree["error_message"]?.ToString() ?? "it does not parse");
        }

        if (tree["statements"] is not JsonArray { Count: 1 } statements
            || statements[0]!["node"] is not JsonObject select
            || (string?)select["type"] != "SELECT_NODE"
            || select["select_list"] is not JsonArray { Count: 1 } list
            || (string?)select["from_table"]?["type"] != "BASE_TABLE"
            || (string?)select["from_table"]?["table_name"] != RuleDatabase.TableName
            || select["modifiers"] is not JsonArray { Count: 0 }
            || select["cte_map"]?["map"] is not JsonArray { Count: 0 }
            || select["group_sets"] is not JsonArray { Count: 0 }
            || new[] { "where_clause", "having", "qualify", "sample" }.Any(part => select[part] is not null))
        {
            throw Wrong(number, condition, "it is more than one SQL expression");
        }

        Walk(list[0]!, columns, what => throw Wrong(number, condition, what));
    }

    public static RuleException Wrong(int number, string condition, string what, Exception? inner = null)
    {
        var shown = condition.Length > 200 ? string.Concat(condition.AsSpan(0, 200), "…") : condition;
        var message = $"rule {number} (if {shown}): {what}";
        return inner is null ? new RuleException(message) : new RuleException(message, inner);
    }

    private static void Walk(JsonNode? node, HashSet<string> columns, Action<string> refuse)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Walk(item, columns, refuse);
            }
        }

        if (node is not JsonObject part)
        {
            return;
        }

        switch ((string?)part["class"])
        {
            case "SUBQUERY":
                refuse("subqueries are not allowed; a condition is one expression over the columns of a row");
                break;
            case "WINDOW":
                refuse("window functions are not allowed; a condition looks at one row");
                break;
            case "STAR":
                refuse("* is not allowed; name the columns");
                break;
            case "FUNCTION" when Unrepeatable.Contains((string?)part["function_name"], StringComparer.OrdinalIgnoreCase):
                refuse($"{part["function_name"]}() gives another answer each time; rules must be repeatable");
                break;
            case "COLUMN_REF" when part["column_names"] is JsonArray names:
                columns.UnionWith(names.Select(name => name!.ToString()));
                break;
        }

        foreach (var (_, child) in part)
        {
            Walk(child, columns, refuse);
        }
    }
}
