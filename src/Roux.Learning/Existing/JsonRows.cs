using System.Globalization;
using System.Text.Json;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>Writes rows as JSON, in the form of MLflow's scoring server or one object per row.</summary>
internal static class JsonRows
{
    /// <summary>The body of one request. Whole numbers stay whole, dates are ISO 8601, missing values null.</summary>
    public static byte[] Write(IReadOnlyList<Column> columns, int start, int rows, bool split)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (split)
            {
                Split(json, columns, start, rows);
            }
            else
            {
                Instances(json, columns, start, rows);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Split(Utf8JsonWriter json, IReadOnlyList<Column> columns, int start, int rows)
    {
        json.WriteStartObject("dataframe_split");
        json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            json.WriteStringValue(column.Name);
        }

        json.WriteEndArray();
        json.WriteStartArray("data");
        for (var row = start; row < start + rows; row++)
        {
            json.WriteStartArray();
            foreach (var column in columns)
            {
                Value(json, column, row);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Instances(Utf8JsonWriter json, IReadOnlyList<Column> columns, int start, int rows)
    {
        json.WriteStartArray("instances");
        for (var row = start; row < start + rows; row++)
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                json.WritePropertyName(column.Name);
                Value(json, column, row);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Value(Utf8JsonWriter json, Column column, int row)
    {
        if (column.IsMissing(row))
        {
            json.WriteNullValue();
            return;
        }

        switch (column)
        {
            case NumberColumn { Type: ColumnType.Boolean } flag:
                json.WriteBooleanValue(flag.Values[row] != 0);
                break;
            case NumberColumn { Type: ColumnType.Integer } whole when Math.Abs(whole.Values[row]) < 9e15:
                json.WriteNumberValue((long)whole.Values[row]);
                break;
            case NumberColumn number:
                json.WriteNumberValue(number.Values[row]);
                break;
            case DateColumn date:
                json.WriteStringValue(new DateTime(date.Ticks[row], DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(column.Format(row));
                break;
        }
    }
}
