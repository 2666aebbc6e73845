using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Pipelines;

/// <summary>Column specifications in model files.</summary>
internal static class ColumnSpecJson
{
    /// <summary>As JSON.</summary>
    public static JsonObject Write(ColumnSpec column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type.ToString(), ["role"] = column.Role.ToString() };
        if (column.Separator is not null)
        {
            json["separator"] = column.Separator;
        }

        return json;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ColumnSpec Read(JsonNode json) => new(
        json.Text("name"), json.Named<ColumnType>("type"), json.Named<ColumnRole>("role"), json.HasField("separator") ? json.Text("separator") : null);
}
