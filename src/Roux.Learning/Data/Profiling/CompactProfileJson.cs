using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Roux.Learning.Data.Profiling;

/// <summary>The JSON of a <see cref="CompactProfile"/>.</summary>
internal static class CompactProfileJson
{
    /// <summary>What tells it from the profiles of other clients.</summary>
    public const string Mark = "\"roux_profile\"";

    private const int MostColumns = 10_000;
    private const int MostValues = 100;

    public static string Write(CompactProfile profile)
    {
        var columns = new StringBuilder();
        var bytes = 200;
        var written = 0;
        foreach (var column in profile.Columns)
        {
            // A wide table keeps the shapes of its first columns and the figures of more.
            var text = Column(column, bytes < CompactProfile.MostBytes / 2);
            var size = Encoding.UTF8.GetByteCount(text) + 1;
            if (bytes + size > CompactProfile.MostBytes)
            {
                break;
            }

            columns.Append(written++ == 0 ? "" : ",").Append(text);
            bytes += size;
        }

        var leftOut = profile.LeftOut + profile.Columns.Count - written;
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"roux_profile":1,"num_rows":{{profile.Rows}},"num_columns":{{profile.Columns.Count + profile.LeftOut}},"sampled_rows":{{profile.SampledRows}},"left_out":{{leftOut}},"columns":[{{columns}}]}""");
    }

    public static CompactProfile? Read(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("roux_profile", out _))
        {
            return null;
        }

        return new CompactProfile
        {
            Rows = root.GetProperty("num_rows").GetInt64(),
            SampledRows = root.GetProperty("sampled_rows").GetInt64(),
            LeftOut = root.GetProperty("left_out").GetInt32(),
            Columns = [.. root.GetProperty("columns").EnumerateArray().Take(MostColumns).Select(Column)],
        };
    }

    private static string Column(CompactColumn column, bool withShape)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.Type.ToString().ToLowerInvariant());
            json.WriteString("role", column.Role.ToString().ToLowerInvariant());
            json.WriteNumber("missing", column.Missing);
            json.WriteNumber(column.DistinctIsLowerBound ? "distinct_at_least" : "distinct", column.Distinct);
            Number(json, "min", column.Min);
            Number(json, "mean", column.Mean);
            Number(json, "max", column.Max);
            Number(json, "std", column.Std);
            Number(json, "mean_length", column.MeanLength);
            if (withShape)
            {
                Shape(json, column);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Shape(Utf8JsonWriter json, CompactColumn column)
    {
        if (column.Spread is { } spread)
        {
            json.WriteStartObject("spread");
            json.WriteBoolean("exact", spread.IsExact);
            Numbers(json, "edges", spread.Edges.Select(edge => spread.IsExact ? edge : Short(edge, "G8")));
            Numbers(json, "shares", spread.Shares.Select(share => Math.Round(share, 5)));
            json.WriteEndObject();
        }

        if (column.Histogram.Count > 0)
        {
            Numbers(json, "histogram", column.Histogram.Select(count => (double)count));
        }

        if (column.Top.Count > 0)
        {
            json.WriteStartArray("top");
            foreach (var (value, count) in column.Top)
            {
                json.WriteStartArray();
                json.WriteStringValue(value);
                json.WriteNumberValue(count);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }
    }

    private static CompactColumn Column(JsonElement column)
    {
        var bound = column.TryGetProperty("distinct_at_least", out var least);
        return new CompactColumn
        {
            Name = column.GetProperty("name").GetString() ?? "",
            Type = Word(column, "type", ColumnType.Text),
            Role = Word(column, "role", ColumnRole.Ignore),
            Missing = column.GetProperty("missing").GetInt64(),
            Distinct = bound ? least.GetInt64() : column.GetProperty("distinct").GetInt64(),
            DistinctIsLowerBound = bound,
            Min = Number(column, "min"),
            Mean = Number(column, "mean"),
            Max = Number(column, "max"),
            Std = Number(column, "std"),
            MeanLength = Number(column, "mean_length"),
            Spread = SpreadOf(column),
            Histogram = [.. Numbers(column, "histogram").Select(count => (int)Math.Clamp(count, 0, int.MaxValue))],
            Top = column.TryGetProperty("top", out var top) ? [.. top.EnumerateArray().Take(MostValues).Select(level => new ValueCount(level[0].GetString() ?? "", level[1].GetInt32()))] : [],
        };
    }

    private static ValueSpread? SpreadOf(JsonElement column)
    {
        if (!column.TryGetProperty("spread", out var spread))
        {
            return null;
        }

        double[] edges = [.. Numbers(spread, "edges")];
        double[] shares = [.. Numbers(spread, "shares")];
        var ascends = edges.Length > 0 && edges.Length == shares.Length && edges.Zip(edges.Skip(1)).All(pair => pair.First < pair.Second);
        return ascends ? new ValueSpread(edges, shares, spread.GetProperty("exact").GetBoolean()) : throw new FormatException("edges do not ascend");
    }

    private static T Word<T>(JsonElement column, string name, T otherwise) where T : struct, Enum =>
        column.TryGetProperty(name, out var word) && Enum.TryParse<T>(word.GetString(), ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : otherwise;

    private static double Number(JsonElement column, string name) => column.TryGetProperty(name, out var value) ? value.GetDouble() : double.NaN;

    private static IEnumerable<double> Numbers(JsonElement element, string name) => element.TryGetProperty(name, out var list) ? list.EnumerateArray().Take(MostValues).Select(value => value.GetDouble()) : [];

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, Short(value, "G10"));
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static double Short(double value, string format) => double.Parse(value.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
