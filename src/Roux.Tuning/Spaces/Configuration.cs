using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Tuning;

/// <summary>One setting of hyperparameters: names to values (<see cref="double"/>, <see cref="long"/>, <see cref="string"/> or <see cref="bool"/>). Immutable, compared by content.</summary>
public sealed class Configuration : IReadOnlyDictionary<string, object>, IEquatable<Configuration>
{
    private readonly SortedDictionary<string, object> values;

    /// <param name="values">Integers are widened to <see cref="long"/>, floats to <see cref="double"/>.</param>
    /// <exception cref="ArgumentException">A value of another type.</exception>
    public Configuration(IEnumerable<KeyValuePair<string, object>> values)
    {
        this.values = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            this.values[name] = value switch
            {
                double or long or string or bool => value,
                int number => (long)number,
                float number => (double)number,
                _ => throw new ArgumentException($"'{name}': a hyperparameter is a number, a text or a truth value, not {value?.GetType().Name ?? "null"}", nameof(values)),
            };
        }
    }

    /// <summary>No settings: every learner's defaults.</summary>
    public static Configuration Empty { get; } = new([]);

    /// <summary>A configuration of the given pairs.</summary>
    public static Configuration Of(params (string Name, object Value)[] pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    /// <summary>This one with the pairs of another laid over it.</summary>
    public Configuration With(Configuration other) => new(values.Concat(other.values));

    /// <summary>This one without a setting.</summary>
    public Configuration Without(string name) => values.ContainsKey(name) ? new(values.Where(pair => pair.Key != name)) : this;

    /// <summary>A number, or <paramref name="fallback"/> where it is not set.</summary>
    public double Float(string name, double fallback) => values.TryGetValue(name, out var value) ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : fallback;

    /// <summary>A whole number, or <paramref name="fallback"/> where it is not set.</summary>
    public int Int(string name, int fallback) => values.TryGetValue(name, out var value) ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : fallback;

    /// <summary>A text, or <paramref name="fallback"/> where it is not set.</summary>
    public string Choice(string name, string fallback) => values.TryGetValue(name, out var value) ? Format(value) : fallback;

    /// <summary>A truth value, or <paramref name="fallback"/> where it is not set.</summary>
    public bool Flag(string name, bool fallback) => values.TryGetValue(name, out var value) ? Convert.ToBoolean(value, CultureInfo.InvariantCulture) : fallback;

    /// <summary>As a record that describes a space (<see cref="SearchSpace.Of{T}"/>); what is not set here keeps its default value there.</summary>
    /// <exception cref="ArgumentException">A value does not fit the type, or the type needs something that is no hyperparameter.</exception>
    public T To<T>() => (T)TypedSpace.Make(typeof(T), this);

    /// <summary>As JSON, names in ordinal order.</summary>
    public JsonObject ToJson() => new(values.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, JsonValue.Create(pair.Value))));

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Configuration FromJson(JsonObject json) => new(json.Select(pair => KeyValuePair.Create(pair.Key, FromJson(pair.Key, pair.Value))));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", values.Select(pair => $"{pair.Key}={Format(pair.Value)}"));

    /// <summary>A value as invariant text.</summary>
    public static string Format(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <inheritdoc/>
    public bool Equals(Configuration? other) => other is not null && values.SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(values.Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <inheritdoc/>
    public object this[string key] => values[key];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => values.Keys;

    /// <inheritdoc/>
    public IEnumerable<object> Values => values.Values;

    /// <inheritdoc/>
    public int Count => values.Count;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out object value) => values.TryGetValue(key, out value!);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static object FromJson(string name, JsonNode? node)
    {
        if (node is JsonValue value)
        {
            if (value.TryGetValue(out bool flag))
            {
                return flag;
            }

            if (value.TryGetValue(out string? text))
            {
                return text;
            }

            // 1 is a whole number and 1.0 is not: the kind of a value survives the way through JSON as written.
            var raw = value.ToJsonString();
            if (!raw.AsSpan().ContainsAny(".eE") && long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            {
                return whole;
            }

            if (double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        throw new FormatException($"'{name}': a hyperparameter is a number, a text or a truth value, not {node?.ToJsonString() ?? "null"}");
    }
}
