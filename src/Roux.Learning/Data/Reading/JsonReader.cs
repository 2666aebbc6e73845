using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Roux.Learning.Data.Reading;

/// <summary>
/// Reads JSON (an array of objects, or objects one after another as in JSONL) into columns, one object in memory at a time.
/// Objects within objects become columns <c>outer.inner</c>; arrays of plain values become lists joined by <c>|</c>.
/// Strings are taken as in CSV: numbers and dates in quotes count as such.
/// </summary>
internal sealed class JsonReader
{
    private const int MostColumns = 200_000;

    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);
    private readonly List<ColumnBuilder> builders = [];
    private readonly List<int> lastRow = [];
    private readonly ReadOptions options;
    private readonly SourceFile file;
    private readonly MissingWords missing;
    private int row;

    private JsonReader(SourceFile file, ReadOptions options)
    {
        this.file = file;
        this.options = options;
        missing = new MissingWords(options);
    }

    public static LoadedTable Read(SourceFile file, ReadOptions options, bool latin1, CancellationToken cancellation)
    {
        var reader = new JsonReader(file, options);
        using var hashed = new HashingStream(SourceFile.OpenRaw(file.Path), cancellation);
        reader.Pass(new CsvReader.Unowned(hashed), latin1, options.MaxRows ?? int.MaxValue, reader.AddRow);
        var digest = hashed.Finish();
        if (reader.row == 0)
        {
            throw new DataException($"{file.Path}: holds no rows");
        }

        var columns = reader.Finish(latin1, cancellation, out var warnings);
        return new LoadedTable(new Table(file.Name, columns), digest, hashed.Bytes, warnings);
    }

    private Column[] Finish(bool latin1, CancellationToken cancellation, out List<string> warnings)
    {
        warnings = [];
        if (builders.Count == 0)
        {
            throw new DataException($"{file.Path}: its objects are empty; a row is an object such as {{\"name\": \"value\"}}");
        }

        FillUp(row);
        var owed = builders.Max(builder => builder.Owed);
        if (owed > 0)
        {
            row = 0;
            using var raw = SourceFile.OpenRaw(file.Path);
            Pass(raw, latin1, owed, RepayRow);
        }

        var columns = new Column[builders.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            columns[i] = ColumnFinisher.Finish(builders[i], warnings);
            builders[i] = null!;
        }

        return columns;
    }

    private void Pass(Stream raw, bool latin1, int mostRows, Action<JsonElement> each)
    {
        using var text = file.OpenText(raw, latin1);
        var array = StartsWithArray(latin1);
        try
        {
            var elements = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(text, topLevelValues: !array, Json.Options);
            foreach (var element in elements.ToBlockingEnumerable())
            {
                if (row >= mostRows)
                {
                    break;
                }

                if (element.ValueKind != JsonValueKind.Object)
                {
                    throw new DataException($"{file.Path}: value {row + 1} is {Kind(element.ValueKind)}; a table is an array of objects, or one object a line");
                }

                each(element);
                row++;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException && !latin1 && !IsUtf8())
        {
            throw new NotUtf8Exception();
        }
        catch (JsonException error)
        {
            throw new DataException($"{file.Path}: is no valid JSON at line {(error.LineNumber ?? 0) + 1} ({row} rows were read before): {Reason(error)}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new DataException($"{file.Path}: row {row + 1} holds a string that is no valid text (half a character pair)", error);
        }
    }

    private bool StartsWithArray(bool latin1)
    {
        using var raw = SourceFile.OpenRaw(file.Path);
        using var text = file.OpenText(raw, latin1);
        int value;
        do
        {
            value = text.ReadByte();
        }
        while (value is ' ' or '\t' or '\r' or '\n');
        return value == '[';
    }

    private bool IsUtf8()
    {
        using var raw = SourceFile.OpenRaw(file.Path);
        using var text = file.OpenText(raw, latin1: false);
        var buffer = new byte[1 << 16];
        var kept = 0;
        while (true)
        {
            var read = text.Read(buffer, kept, buffer.Length - kept);
            var filled = kept + read;
            var valid = filled;

            // Up to three bytes at the end may be the beginning of a character.
            while (valid > 0 && valid > filled - 4 && !Utf8.IsValid(buffer.AsSpan(0, valid)))
            {
                valid--;
            }

            if (!Utf8.IsValid(buffer.AsSpan(0, valid)) || (read == 0 && valid < filled))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }

            kept = filled - valid;
            buffer.AsSpan(valid, kept).CopyTo(buffer);
        }
    }

    private void AddRow(JsonElement element)
    {
        Walk(element, "", Add);
        if (builders.Count > MostColumns)
        {
            throw new DataException($"{file.Path}: has more than {MostColumns} different keys; it is no table");
        }
    }

    private void RepayRow(JsonElement element) => Walk(element, "", (name, value) =>
    {
        var builder = builders[byName[name]];
        if (row < builder.Owed)
        {
            builder.Repay(row, Bytes(value));
        }
    });

    private void Add(string name, JsonElement value)
    {
        if (!byName.TryGetValue(name, out var index))
        {
            byName.Add(name, index = builders.Count);
            builders.Add(new ColumnBuilder(name, missing, CsvReader.Given(options, name)));
            lastRow.Add(-1);
        }

        // A key that occurs twice in one object counts once: the first.
        if (lastRow[index] == row)
        {
            return;
        }

        var builder = builders[index];
        FillUp(builder, row);
        lastRow[index] = row;
        builder.Add(Bytes(value));
    }

    private static void Walk(JsonElement element, string prefix, Action<string, JsonElement> each)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Walk(property.Value, name, each);
            }
            else
            {
                each(name, property.Value);
            }
        }
    }

    private static ReadOnlySpan<byte> Bytes(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.String => System.Text.Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Array => System.Text.Encoding.UTF8.GetBytes(Join(value)),
        _ => JsonMarshal.GetRawUtf8Value(value),
    };

    private static string Join(JsonElement array) =>
        string.Join('|', array.EnumerateArray().Select(item => item.ValueKind switch
        {
            JsonValueKind.String => item.GetString(),
            JsonValueKind.Null => "",
            _ => item.GetRawText(),
        }));

    private void FillUp(int rows)
    {
        foreach (var builder in builders)
        {
            FillUp(builder, rows);
        }
    }

    private static void FillUp(ColumnBuilder builder, int rows)
    {
        while (builder.Count < rows)
        {
            builder.AddMissing();
        }
    }

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => $"'{kind.ToString().ToLowerInvariant()}'",
    };

    /// <summary>The message without the position that .NET appends to it.</summary>
    private static string Reason(JsonException error)
    {
        var message = SourceFile.OneLine(error);
        var path = message.IndexOf(" Path: ", StringComparison.Ordinal);
        message = path < 0 ? message : message[..path];
        var position = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (position < 0 ? message : message[..position]).TrimEnd('.');
    }

    private static class Json
    {
        public static JsonSerializerOptions Options { get; } = new() { AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip };
    }
}
