using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// What things cost in money, from a JSON file (docs/costs.md): <c>{"currency": "EUR", "cpu_hour": 0.04, "memory_gb_hour": 0.005, "kwh": 0.3, "predictions_per_month": 1000000}</c>.
/// A rate that is left out costs nothing.
/// </summary>
public sealed record Rates
{
    private static readonly string[] Names = ["currency", "cpu_hour", "memory_gb_hour", "kwh", "watts_per_core", "predictions_per_month", "trainings_per_month", "hours_per_month"];

    /// <summary>What the money is called.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Money for an hour of one core.</summary>
    public double CpuHour { get; init; }

    /// <summary>Money for a gigabyte (10^9 bytes) of memory held for an hour.</summary>
    public double MemoryGbHour { get; init; }

    /// <summary>Money for a kilowatt-hour; leave it out where the price of a core includes it.</summary>
    public double Kwh { get; init; }

    /// <summary>Watts of one busy core.</summary>
    public double WattsPerCore { get; init; } = Energy.DefaultWattsPerCore;

    /// <summary>Single-row predictions that are asked for in a month.</summary>
    public double PredictionsPerMonth { get; init; }

    /// <summary>How often a month the model is fitted again.</summary>
    public double TrainingsPerMonth { get; init; } = 1;

    /// <summary>Hours a month that one process is up to serve.</summary>
    public double HoursPerMonth { get; init; } = 730;

    /// <summary>Money for one fit: its processor time, its peak memory for as long as it took, and its energy.</summary>
    /// <returns>NaN where its processor time is not known.</returns>
    public double Training(FitCost fit) =>
        fit.CpuSeconds / 3600 * CpuHour + fit.PeakBytes / 1e9 * fit.Seconds / 3600 * MemoryGbHour + (fit.Energy?.WattHours ?? double.NaN) / 1000 * Kwh;

    /// <summary>Money for a month of serving: the processor time and energy of the predictions, and the memory of one process that is up for them.</summary>
    public double Serving(ModelMeasurement measured)
    {
        var cpuHours = PredictionsPerMonth * measured.CpuMicroseconds / 1e6 / 3600;
        return cpuHours * CpuHour + measured.ResidentBytes / 1e9 * HoursPerMonth * MemoryGbHour + cpuHours * WattsPerCore / 1000 * Kwh;
    }

    /// <summary>Money for a month: serving, and the fits of a month.</summary>
    public double Monthly(FitCost fit, ModelMeasurement measured) => Serving(measured) + TrainingsPerMonth * Training(fit);

    /// <summary>Reads a rate file.</summary>
    /// <exception cref="DataException">It cannot be read, is not such a file, or a rate is not a number from 0 up.</exception>
    public static Rates Load(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > 1_000_000 } ? throw new DataException("a rate file holds a handful of numbers, not over a megabyte") : Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataException)
        {
            throw new DataException($"--rates '{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads the text of a rate file.</summary>
    /// <exception cref="DataException">It is not such a file, or a rate is not a number from 0 up.</exception>
    public static Rates Parse(string json)
    {
        JsonObject rates;
        try
        {
            rates = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 }) as JsonObject
                ?? throw new DataException("the rates are a JSON object: {\"currency\": \"EUR\", \"cpu_hour\": 0.04, …}");
            foreach (var (name, _) in rates)
            {
                if (!Names.Contains(name))
                {
                    throw new DataException(NearestName.Message("rate", name, "rate", Names));
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new DataException($"the rates are not valid JSON: {e.Message}", e);
        }

        var none = new Rates();
        return new Rates
        {
            Currency = rates["currency"] is not { } currency ? "" : currency is JsonValue text && text.TryGetValue(out string? money) && money.Length <= 12 ? money : throw new DataException("'currency' is a short text, such as \"EUR\""),
            CpuHour = Number(rates, "cpu_hour", 0),
            MemoryGbHour = Number(rates, "memory_gb_hour", 0),
            Kwh = Number(rates, "kwh", 0),
            WattsPerCore = Number(rates, "watts_per_core", none.WattsPerCore),
            PredictionsPerMonth = Number(rates, "predictions_per_month", 0),
            TrainingsPerMonth = Number(rates, "trainings_per_month", none.TrainingsPerMonth),
            HoursPerMonth = Number(rates, "hours_per_month", none.HoursPerMonth),
        };
    }

    private static double Number(JsonObject rates, string name, double otherwise) => rates[name] is not { } given ? otherwise
        : given is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) && number >= 0 ? number
        : throw new DataException($"'{name}' is {given.ToJsonString()}, not a number from 0 up");
}
