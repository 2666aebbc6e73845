using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary>Reads a batch straight from its bytes: the one request whose reading counts.</summary>
internal ref struct BatchReader
{
    private Utf8JsonReader json;
    private string lastKey = "";

    private BatchReader(ReadOnlySpan<byte> body) => json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 32 });

    /// <summary>The run and what to log to it.</summary>
    /// <exception cref="ServiceException">It is no batch.</exception>
    public static (string RunId, LogBatch Batch) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return new BatchReader(body).Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Invalid operations: half of a surrogate pair in a text.
            throw new ServiceException(ServiceError.BadRequest, "The request body is not valid JSON, or is nested too deeply");
        }
    }

    private (string RunId, LogBatch Batch) Read()
    {
        string? runId = null;
        string? oldRunId = null;
        List<MetricValue> metrics = [];
        List<KeyValuePair<string, string>> parameters = [];
        List<KeyValuePair<string, string>> tags = [];
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new ServiceException(ServiceError.BadRequest, "The request body is not a JSON object");
        }

        while (NextMember())
        {
            if (json.ValueTextEquals("run_id"u8))
            {
                runId = ReadText("run_id");
            }
            else if (json.ValueTextEquals("run_uuid"u8))
            {
                oldRunId = ReadText("run_uuid");
            }
            else if (json.ValueTextEquals("metrics"u8))
            {
                for (var index = 0; NextItem("metrics", index == 0); index++)
                {
                    metrics.Add(ReadMetric(index));
                }
            }
            else if (json.ValueTextEquals("params"u8))
            {
                ReadPairs("params", parameters);
            }
            else if (json.ValueTextEquals("tags"u8))
            {
                ReadPairs("tags", tags);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        while (json.Read())
        {
            // Nothing may follow the object; the reader sees to it.
        }

        var run = !string.IsNullOrEmpty(runId) ? runId : !string.IsNullOrEmpty(oldRunId) ? oldRunId : throw ServiceException.Missing("run_id");
        return (run, new LogBatch(metrics, parameters, tags));
    }

    private bool NextMember() => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Goes to the next object of a list; a missing list (null) has none.</summary>
    private bool NextItem(string name, bool isFirst)
    {
        json.Read();
        if (isFirst)
        {
            if (json.TokenType == JsonTokenType.Null)
            {
                return false;
            }

            if (json.TokenType != JsonTokenType.StartArray)
            {
                throw Fields.Invalid(name, "", "a list of objects");
            }

            json.Read();
        }

        return json.TokenType switch
        {
            JsonTokenType.EndArray => false,
            JsonTokenType.StartObject => true,
            _ => throw Fields.Invalid(name, "", "a list of objects"),
        };
    }

    private MetricValue ReadMetric(int index)
    {
        string? key = null, model = null, dataset = null, digest = null;
        double? value = null;
        long? timestamp = null;
        var step = 0L;
        while (NextMember())
        {
            if (json.ValueTextEquals("key"u8))
            {
                key = ReadKey();
            }
            else if (json.ValueTextEquals("value"u8))
            {
                value = ReadNumber($"metrics[{index}].value");
            }
            else if (json.ValueTextEquals("timestamp"u8))
            {
                timestamp = ReadWhole("timestamp");
            }
            else if (json.ValueTextEquals("step"u8))
            {
                step = ReadWhole("step") ?? 0;
            }
            else if (json.ValueTextEquals("model_id"u8))
            {
                model = ReadText("model_id");
            }
            else if (json.ValueTextEquals("dataset_name"u8))
            {
                dataset = ReadText("dataset_name");
            }
            else if (json.ValueTextEquals("dataset_digest"u8))
            {
                digest = ReadText("dataset_digest");
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new MetricValue(
            key ?? throw ServiceException.Missing($"metrics[{index}].name"), value ?? throw ServiceException.Missing($"metrics[{index}].value"),
            timestamp ?? throw ServiceException.Missing($"metrics[{index}].timestamp"), step)
        {
            ModelId = model,
            DatasetName = dataset,
            DatasetDigest = digest,
        };
    }

    private void ReadPairs(string name, List<KeyValuePair<string, string>> pairs)
    {
        for (var index = 0; NextItem(name, index == 0); index++)
        {
            string? key = null, value = null;
            while (NextMember())
            {
                if (json.ValueTextEquals("key"u8))
                {
                    key = ReadText("key");
                }
                else if (json.ValueTextEquals("value"u8))
                {
                    value = ReadText("value");
                }
                else
                {
                    json.Read();
                    json.Skip();
                }
            }

            pairs.Add(KeyValuePair.Create(key ?? throw ServiceException.Missing($"{name}[{index}].key"), value ?? ""));
        }
    }

    /// <summary>A metric's name; most are the same as the one before, and then no new text is made.</summary>
    private string? ReadKey()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String && json.ValueTextEquals(lastKey))
        {
            return lastKey;
        }

        return CurrentText("key") is { } key ? lastKey = key : null;
    }

    private string? ReadText(string name)
    {
        json.Read();
        return CurrentText(name);
    }

    private readonly string? CurrentText(string name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number:
                return System.Text.Encoding.UTF8.GetString(json.ValueSpan);
            case JsonTokenType.String:
                var text = json.GetString()!;
                return text.Contains('\0', StringComparison.Ordinal) ? throw Fields.Invalid(name, "with a NUL character", "text without it") : text;
            default:
                throw Fields.Invalid(name, "", "a text");
        }
    }

    private double? ReadNumber(string name)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number => json.GetDouble(),
            JsonTokenType.String => Numbers.TryParse(json.GetString()!, out var number) ? number : throw Fields.Invalid(name, json.GetString()!, "a number"),
            _ => throw Fields.Invalid(name, "", "a number"),
        };
    }

    private long? ReadWhole(string name)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when json.TryGetInt64(out var number):
                return number;
            case JsonTokenType.Number when json.TryGetDouble(out var real) && real == Math.Floor(real) && Math.Abs(real) < 1L << 53:
                return (long)real;
            case JsonTokenType.String when long.TryParse(json.GetString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var written):
                return written;
            default:
                throw Fields.Invalid(name, "", "a whole number");
        }
    }
}
