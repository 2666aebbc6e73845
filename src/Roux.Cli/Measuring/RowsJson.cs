using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Cli.Measuring;

/// <summary>A small table as JSON that keeps the type of every column, so that what is measured are rows as the model was given them.</summary>
internal static class RowsJson
{
    public static JsonArray Write(Table table) => new([.. table.Columns.Select(column => (JsonNode)Write(column))]);

    /// <exception cref="InvalidDataException">It is not what <see cref="Write(Table)"/> wrote.</exception>
    public static Table Read(JsonNode? json)
    {
        try
        {
            return new Table("rows", [.. json!.AsArray().Select(column => Read(column!.AsObject()))]);
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"the rows to measure with are damaged: {e.Message}", e);
        }
    }

    private static JsonObject Write(Column column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type.ToString(),
        ["words"] = column is NumberColumn { Type: ColumnType.Boolean } truth ? new JsonArray(truth.Words.False, truth.Words.True) : null,
        ["values"] = new JsonArray([.. Enumerable.Range(0, column.Length).Select(row => column.IsMissing(row) ? null : column switch
        {
            NumberColumn numbers => double.IsFinite(numbers.Values[row]) ? JsonValue.Create(numbers.Values[row]) : (JsonNode)(numbers.Values[row] > 0),
            DateColumn dates => JsonValue.Create(dates.Ticks[row]),
            _ => JsonValue.Create(column.Format(row)),
        })]),
    };

    private static Column Read(JsonObject json)
    {
        var (name, values) = (json["name"]!.GetValue<string>(), json["values"]!.AsArray());
        var type = Enum.Parse<ColumnType>(json["type"]!.GetValue<string>());
        return type switch
        {
            ColumnType.Text => TextColumn.From(name, values.Select(value => value?.GetValue<string>())),
            ColumnType.Date => new DateColumn(name, [.. values.Select(value => value?.GetValue<long>() ?? DateColumn.Missing)]),
            _ => new NumberColumn(name, [.. values.Select(Number)], type, json["words"] is JsonArray words ? (words[0]!.GetValue<string>(), words[1]!.GetValue<string>()) : null),
        };
    }

    /// <summary>JSON has no infinity: it is written as true, minus infinity as false.</summary>
    private static double Number(JsonNode? value) => value is null ? double.NaN
        : value.AsValue().TryGetValue(out bool positive) ? (positive ? double.PositiveInfinity : double.NegativeInfinity)
        : value.GetValue<double>();
}
