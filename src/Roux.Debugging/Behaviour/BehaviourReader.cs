using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Debugging.Behaviour;

/// <summary>Reads one behavioural test, and says plainly what is wrong with it.</summary>
internal sealed class BehaviourReader
{
    private static readonly string[] Fields = ["name", "type", "row", "rows", "where", "change", "expect", "class", "tolerance", "allowed_failures"];
    private static readonly string[] Kinds = ["mft", "minimum_functionality", "inv", "invariance", "dir", "directional"];
    private readonly JsonObject json;
    private readonly string where;

    private BehaviourReader(JsonObject json, string where) => (this.json, this.where) = (json, where);

    public static BehaviourTest Read(JsonNode? node, string source, int number)
    {
        var json = node as JsonObject ?? throw new DataException($"'{source}', test {number}: not an object with a name, a type and what is expected");
        var name = json["name"] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : $"test {number}";
        return new BehaviourReader(json, $"'{source}', {(name.StartsWith("test ", StringComparison.Ordinal) ? name : $"test '{name}'")}").Read(name);
    }

    private BehaviourTest Read(string name)
    {
        foreach (var (field, _) in json)
        {
            if (!Fields.Contains(field))
            {
                throw new DataException($"{where}: {NearestName.Message("field", field, "field", Fields)}");
            }
        }

        var type = Text(json["type"], "type");
        var kind = type switch
        {
            "mft" or "minimum_functionality" => BehaviourKind.MinimumFunctionality,
            "inv" or "invariance" => BehaviourKind.Invariance,
            "dir" or "directional" => BehaviourKind.Directional,
            _ => throw new DataException($"{where}: {NearestName.Message("type", type, "type", Kinds)}"),
        };
        var test = new BehaviourTest
        {
            Name = name,
            Kind = kind,
            Rows = Rows(),
            Where = [.. Entries("where").Select(Condition)],
            Changes = [.. Entries("change").Select(Change)],
            Class = json["class"] is { } of ? Text(of, "class") : null,
            Tolerance = Number("tolerance", 0.01, 0, double.MaxValue),
            AllowedFailures = Number("allowed_failures", 0, 0, 1),
        };
        if (kind == BehaviourKind.MinimumFunctionality)
        {
            return Expected(test);
        }

        return test.Changes.Count == 0 ? throw new DataException($"{where}: says not what to change; write \"change\": {{\"COLUMN\": VALUE}}, where a value may also be \"+5\", \"*2\" or {{\"swap\": [A, B]}}")
            : kind == BehaviourKind.Invariance ? test
            : test with { Direction = Direction() };
    }

    private int Direction()
    {
        var expect = Text(json["expect"], "expect");
        return expect switch
        {
            "increase" or "up" => 1,
            "decrease" or "down" => -1,
            _ => throw new DataException($"{where}: {NearestName.Message("expect", expect, "direction", ["increase", "decrease"])}"),
        };
    }

    private BehaviourTest Expected(BehaviourTest test)
    {
        if (json["expect"] is JsonObject range)
        {
            return test with { Least = Bound(range, "min", double.NegativeInfinity), Most = Bound(range, "max", double.PositiveInfinity) };
        }

        return test with { Class = Text(json["expect"], "expect") };
    }

    private double Bound(JsonObject range, string end, double none)
    {
        foreach (var (field, _) in range)
        {
            if (field is not ("min" or "max"))
            {
                throw new DataException($"{where}: '{field}' is no end of a range; write {{\"min\": …, \"max\": …}}");
            }
        }

        return range[end] is not { } value ? none : NumberOf(value) ?? throw new DataException($"{where}: {end} '{value}' is not a number");
    }

    private IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows()
    {
        IEnumerable<JsonNode?> nodes = json["row"] is { } row ? new[] { row } : json["rows"] as JsonArray ?? (json["rows"] is null ? new JsonArray() : throw new DataException($"{where}: rows is not a list of rows"));
        return [.. nodes.Select(node => node is JsonObject cells
            ? (IReadOnlyDictionary<string, string?>)cells.ToDictionary(cell => cell.Key, cell => cell.Value is null ? null : Text(cell.Value, cell.Key), StringComparer.Ordinal)
            : throw new DataException($"{where}: a row is not an object of columns and values"))];
    }

    private JsonObject Entries(string field) => json[field] switch
    {
        null => new JsonObject(),
        JsonObject entries => entries,
        _ => throw new DataException($"{where}: {field} is not an object of columns"),
    };

    private RowCondition Condition(KeyValuePair<string, JsonNode?> entry) => entry.Value is JsonObject range
        ? new RowCondition(entry.Key, null, Bound(range, "min", double.NegativeInfinity), Bound(range, "max", double.PositiveInfinity))
        : new RowCondition(entry.Key, Text(entry.Value, entry.Key));

    private CellChange Change(KeyValuePair<string, JsonNode?> entry)
    {
        if (entry.Value is null)
        {
            return new CellChange(entry.Key, ChangeKind.Missing);
        }

        if (entry.Value is JsonObject named)
        {
            return named.Count == 1 ? Named(entry.Key, named.First().Key, named.First().Value) : throw new DataException($"{where}: the change of '{entry.Key}' holds {named.Count} things; give one, such as {{\"swap\": [\"A\", \"B\"]}}");
        }

        var text = Text(entry.Value, entry.Key);
        var isText = entry.Value is JsonValue value && value.TryGetValue(out string? _);
        return isText && text.Length > 1 && text[0] is '+' or '*' && double.TryParse(text.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? new CellChange(entry.Key, text[0] == '+' ? ChangeKind.Add : ChangeKind.Multiply, Amount: amount)
            : new CellChange(entry.Key, ChangeKind.Set, text);
    }

    private CellChange Named(string column, string name, JsonNode? value)
    {
        string[] Two() => value is JsonArray { Count: 2 } pair ? [Text(pair[0], name), Text(pair[1], name)] : throw new DataException($"{where}: {name} of '{column}' needs two texts: {{\"{name}\": [\"A\", \"B\"]}}");
        double Amount() => NumberOf(value) ?? throw new DataException($"{where}: {name} of '{column}' needs a number");
        return name switch
        {
            "set" => new CellChange(column, ChangeKind.Set, Text(value, name)),
            "add" => new CellChange(column, ChangeKind.Add, Amount: Amount()),
            "multiply" => new CellChange(column, ChangeKind.Multiply, Amount: Amount()),
            "swap" => Two() is var pair ? new CellChange(column, ChangeKind.Swap, pair[0], pair[1]) : null!,
            "replace" => Two() is var pair ? new CellChange(column, ChangeKind.Replace, pair[0], pair[1]) : null!,
            "append" => new CellChange(column, ChangeKind.Append, Text(value, name)),
            "typo" => new CellChange(column, ChangeKind.Typo),
            "upper" => new CellChange(column, ChangeKind.Upper),
            "lower" => new CellChange(column, ChangeKind.Lower),
            _ => throw new DataException($"{where}: {NearestName.Message($"change of '{column}'", name, "change", ["set", "add", "multiply", "swap", "replace", "append", "typo", "upper", "lower"])}"),
        };
    }

    private double Number(string field, double otherwise, double least, double most) => json[field] switch
    {
        null => otherwise,
        { } value when NumberOf(value) is { } number && number >= least && number <= most => number,
        var other => throw new DataException($"{where}: {field} {other.ToJsonString()} is not a number from {least.ToString(CultureInfo.InvariantCulture)}{(most < double.MaxValue ? $" to {most.ToString(CultureInfo.InvariantCulture)}" : " on")}"),
    };

    /// <summary>A number, also where it was written as text (as all is in YAML).</summary>
    private static double? NumberOf(JsonNode? node) =>
        node is JsonValue && double.TryParse(node.ToJsonString().Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private string Text(JsonNode? node, string field) => node switch
    {
        null => throw new DataException($"{where}: {field} is missing"),
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value => value.ToJsonString(),
        _ => throw new DataException($"{where}: {field} is not a single value"),
    };
}
