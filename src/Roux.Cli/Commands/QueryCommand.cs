using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux query "SELECT …"</c>: read-only SQL over the store.</summary>
internal static class QueryCommand
{
    private const int MostRowsShown = 1000;
    private static readonly Argument<string> Sql = new("SQL")
    {
        Description = "A query in DuckDB's dialect over runs, params, metrics, latest_metrics, tags, datasets, models, findings.",
    };

    public static Command Create()
    {
        var command = new Command("query", "Ask the store in SQL; nothing in it can change.") { Sql };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        using var tracker = StoreAccess.Open(call);
        var result = tracker.Query(call.GetValue(Sql)!, cancellation);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(result));
            return 0;
        }

        var page = new Page();
        var table = page.Table();
        for (var i = 0; i < result.Columns.Count; i++)
        {
            table.Column(result.Columns[i].Name, right: IsNumber(result.Columns[i].Type), least: 6);
        }

        foreach (var row in result.Rows.Take(MostRowsShown))
        {
            table.Row([.. row.Select(Text)]);
        }

        page.Write(table);
        if (result.Rows.Count > MostRowsShown)
        {
            page.Line($"The first {MostRowsShown} of {result.Rows.Count} rows; all of them with --json, or fewer with LIMIT.");
        }

        return 0;
    }

    private static JsonObject Json(QueryResult result)
    {
        // Two columns may bear one name; as names of an object they must differ.
        var names = new List<string>();
        foreach (var column in result.Columns)
        {
            var name = column.Name;
            for (var i = 2; names.Contains(name); i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{column.Name}_{i}");
            }

            names.Add(name);
        }

        return new JsonObject
        {
            ["columns"] = new JsonArray([.. result.Columns.Select((c, i) => new JsonObject { ["name"] = names[i], ["type"] = c.Type })]),
            ["rows"] = new JsonArray([.. result.Rows.Select(row => new JsonObject(row.Select((value, i) => KeyValuePair.Create(names[i], Node(value)))))]),
        };
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        double number => JsonValue.Create(number),
        float number => JsonValue.Create(number),
        sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        DateTime time => JsonValue.Create(RunJson.Time(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)))),
        IDictionary map => new JsonObject(map.Keys.Cast<object>().Select(k => KeyValuePair.Create(Convert.ToString(k, CultureInfo.InvariantCulture)!, Node(map[k])))),
        byte[] bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        string text => text,
        byte[] bytes => $"{bytes.Length} bytes",
        IDictionary or IEnumerable => Node(value)!.ToJsonString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool IsNumber(string type) =>
        type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UBIGINT" or "UINTEGER" or "FLOAT" or "DOUBLE" || type.StartsWith("DECIMAL", StringComparison.Ordinal);
}
