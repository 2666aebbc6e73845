using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tuning;

/// <summary>
/// Search spaces as JSON: an object of parameters, each <c>{"type": "float" | "int" | "categorical" | "ordinal", "low": …, "high": …,
/// "log": true, "step": …, "choices": […], "when": {"parent": [values]}}</c>. Parents may come after the parameters that depend on them.
/// </summary>
public static class SpaceJson
{
    private const int MostParameters = 10_000;
    private static readonly string[] Fields = ["type", "low", "high", "log", "step", "choices", "when"];

    /// <summary>Reads a space.</summary>
    /// <exception cref="FormatException">It is not one; the message names the parameter, what was given and what is allowed.</exception>
    public static SearchSpace Read(JsonNode? json)
    {
        if (json is not JsonObject parameters)
        {
            throw new FormatException("""a search space is an object such as {"lr": {"type": "float", "low": 0.0001, "high": 0.1, "log": true}}""");
        }

        if (parameters.Count > MostParameters)
        {
            throw new FormatException($"a search space has at most {MostParameters:N0} parameters, not {parameters.Count:N0}");
        }

        var read = parameters.Select(pair => Parameter(pair.Key, pair.Value)).ToList();
        try
        {
            return new SearchSpace(ParentsFirst.Order(read));
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message.Split(" (Parameter")[0]);
        }
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static JsonObject Write(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new JsonObject(space.Parameters.Select(parameter => KeyValuePair.Create<string, JsonNode?>(parameter.Name, Write(parameter))));
    }

    private static JsonObject Write(Parameter parameter)
    {
        var json = parameter switch
        {
            FloatParameter p => new JsonObject { ["type"] = "float", ["low"] = p.Low, ["high"] = p.High, ["log"] = p.Log, ["step"] = p.Step > 0 ? p.Step : null },
            IntParameter p => new JsonObject { ["type"] = "int", ["low"] = p.Low, ["high"] = p.High, ["log"] = p.Log, ["step"] = p.Step },
            OrdinalParameter p => new JsonObject { ["type"] = "ordinal", ["choices"] = new JsonArray([.. p.Choices.Select(value => (JsonNode?)JsonValue.Create(value))]) },
            CategoricalParameter p => new JsonObject { ["type"] = "categorical", ["choices"] = new JsonArray([.. p.Choices.Select(value => (JsonNode?)JsonValue.Create(value))]) },
            _ => throw new InvalidOperationException($"a {parameter.GetType().Name} has no form in JSON"),
        };
        if (parameter.When.Count > 0)
        {
            json["when"] = new JsonObject(parameter.When.Select(pair => KeyValuePair.Create<string, JsonNode?>(
                pair.Key, new JsonArray([.. pair.Value.Select(value => (JsonNode?)JsonValue.Create(value))]))));
        }

        return json;
    }

    private static Parameter Parameter(string name, JsonNode? json)
    {
        if (json is not JsonObject fields)
        {
            throw Wrong(name, $"is {Text(json)}, not an object with a type");
        }

        if (fields.Select(pair => pair.Key).FirstOrDefault(key => !Fields.Contains(key)) is { } unknown)
        {
            throw Wrong(name, $"has a field '{unknown}'; there are: {string.Join(", ", Fields)}");
        }

        Parameter parameter = Text(fields["type"]) switch
        {
            "float" => new FloatParameter(name, Number(name, fields, "low"), Number(name, fields, "high"), Flag(name, fields, "log"), fields["step"] is null ? 0 : Number(name, fields, "step")),
            "int" => new IntParameter(name, Whole(name, fields, "low"), Whole(name, fields, "high"), Flag(name, fields, "log"), fields["step"] is null ? 1 : Whole(name, fields, "step")),
            "categorical" => new CategoricalParameter(name, Choices(name, fields)),
            "ordinal" => new OrdinalParameter(name, Choices(name, fields)),
            var other => throw Wrong(name, $"has type {(other.Length == 0 ? "none" : $"'{other}'")}; one of float, int, categorical, ordinal"),
        };
        return parameter with { When = When(name, fields["when"]) };
    }

    private static Dictionary<string, IReadOnlyList<string>> When(string name, JsonNode? json)
    {
        var when = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (json is null)
        {
            return when;
        }

        if (json is not JsonObject conditions)
        {
            throw Wrong(name, """has a "when" that is no object such as {"booster": ["tree"]}""");
        }

        foreach (var (parent, values) in conditions)
        {
            when[parent] = values is JsonArray list ? [.. list.Select(value => Text(value))] : [Text(values)];
        }

        return when;
    }

    private static List<object> Choices(string name, JsonObject fields)
    {
        if (fields["choices"] is not JsonArray { Count: > 0 } list)
        {
            throw Wrong(name, "needs choices: a list of at least one value");
        }

        var choices = list.Select(value => value is JsonValue ? Configuration.FromJson(new JsonObject { [name] = value.DeepClone() })[name] : throw Wrong(name, $"has a choice {Text(value)}; choices are numbers, texts or truth values")).ToList();
        return choices.Select(Configuration.Format).GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Wrong(name, $"has the choice '{twice.Key}' twice") : choices;
    }

    private static double Number(string name, JsonObject fields, string field) =>
        fields[field] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number : throw Wrong(name, $"needs a number as \"{field}\", not {Text(fields[field])}");

    private static long Whole(string name, JsonObject fields, string field)
    {
        var number = Number(name, fields, field);
        return number == Math.Floor(number) && Math.Abs(number) <= 1L << 53 ? (long)number : throw Wrong(name, $"needs a whole number as \"{field}\", not {Text(fields[field])}");
    }

    private static bool Flag(string name, JsonObject fields, string field) => fields[field] switch
    {
        null => false,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        var other => throw Wrong(name, $"needs true or false as \"{field}\", not {Text(other)}"),
    };

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "true" : "false",
        var other => other.ToJsonString() is { Length: > 60 } text ? text[..60] + "…" : other.ToJsonString(),
    };

    private static FormatException Wrong(string name, string what) => new($"parameter '{name}' {what}");
}
