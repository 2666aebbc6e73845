using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>What using a model costs, measured from a table row to its prediction, warm, one request at a time on one thread.</summary>
public sealed record ModelMeasurement
{
    /// <summary>Median time of a single row, in microseconds.</summary>
    public required double P50Microseconds { get; init; }

    /// <summary>Time that 95 of 100 single rows stay within, in microseconds.</summary>
    public required double P95Microseconds { get; init; }

    /// <summary>Time that 99 of 100 single rows stay within, in microseconds.</summary>
    public required double P99Microseconds { get; init; }

    /// <summary>Mean time of a single row, in microseconds.</summary>
    public required double MeanMicroseconds { get; init; }

    /// <summary>The longest single row, in microseconds.</summary>
    public required double MaxMicroseconds { get; init; }

    /// <summary>Single rows that were timed.</summary>
    public required long Predictions { get; init; }

    /// <summary>Processor time of a single row, in microseconds, of the whole process.</summary>
    public required double CpuMicroseconds { get; init; }

    /// <summary>Rows a second in batches of <see cref="BatchRows"/>.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Rows of a batch.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Bytes of managed memory that a single row allocates.</summary>
    public required double AllocatedBytesPerRow { get; init; }

    /// <summary>Garbage collections while single rows were timed; their pauses are within the times.</summary>
    public required int Collections { get; init; }

    /// <summary>Seconds that these collections paused the process.</summary>
    public required double CollectionSeconds { get; init; }

    /// <summary>Seconds before timing began, in which the just-in-time compiler did its work.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Whether times had settled when timing began: no method was compiled and the median moved by less than 5% for three windows in a row.</summary>
    public required bool Settled { get; init; }

    /// <summary>Resident memory of the measuring process after the measurement, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Whether the process did nothing else; else memory is that of everything it does.</summary>
    public bool OwnProcess { get; init; }

    /// <summary>Seconds from the start of the process to its first prediction, the loading of the model included; <c>null</c> where no process was started.</summary>
    public double? ColdStartSeconds { get; init; }

    /// <summary>Seconds of <see cref="ColdStartSeconds"/> that loading the model took.</summary>
    public double? LoadSeconds { get; init; }

    /// <summary>The document that a worker hands back.</summary>
    public JsonObject ToJson() => new()
    {
        ["latency_us"] = new JsonObject
        {
            ["p50"] = P50Microseconds, ["p95"] = P95Microseconds, ["p99"] = P99Microseconds, ["mean"] = MeanMicroseconds, ["max"] = MaxMicroseconds,
        },
        ["predictions"] = Predictions,
        ["cpu_us_per_row"] = CpuMicroseconds,
        ["rows_per_second"] = RowsPerSecond,
        ["batch_rows"] = BatchRows,
        ["allocated_bytes_per_row"] = AllocatedBytesPerRow,
        ["collections"] = Collections,
        ["collection_seconds"] = CollectionSeconds,
        ["warm_up_seconds"] = WarmUpSeconds,
        ["settled"] = Settled,
        ["resident_bytes"] = ResidentBytes,
        ["own_process"] = OwnProcess,
        ["cold_start_seconds"] = ColdStartSeconds,
        ["load_seconds"] = LoadSeconds,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not such a document.</exception>
    public static ModelMeasurement FromJson(JsonNode? json)
    {
        try
        {
            var latency = json!["latency_us"]!;
            return new ModelMeasurement
            {
                P50Microseconds = latency["p50"]!.GetValue<double>(),
                P95Microseconds = latency["p95"]!.GetValue<double>(),
                P99Microseconds = latency["p99"]!.GetValue<double>(),
                MeanMicroseconds = latency["mean"]!.GetValue<double>(),
                MaxMicroseconds = latency["max"]!.GetValue<double>(),
                Predictions = json["predictions"]!.GetValue<long>(),
                CpuMicroseconds = json["cpu_us_per_row"]!.GetValue<double>(),
                RowsPerSecond = json["rows_per_second"]!.GetValue<double>(),
                BatchRows = json["batch_rows"]!.GetValue<int>(),
                AllocatedBytesPerRow = json["allocated_bytes_per_row"]!.GetValue<double>(),
                Collections = json["collections"]!.GetValue<int>(),
                CollectionSeconds = json["collection_seconds"]!.GetValue<double>(),
                WarmUpSeconds = json["warm_up_seconds"]!.GetValue<double>(),
                Settled = json["settled"]!.GetValue<bool>(),
                ResidentBytes = json["resident_bytes"]!.GetValue<long>(),
                OwnProcess = json["own_process"]!.GetValue<bool>(),
                ColdStartSeconds = json["cold_start_seconds"]?.GetValue<double>(),
                LoadSeconds = json["load_seconds"]?.GetValue<double>(),
            };
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("not the document of a measurement", e);
        }
    }
}
