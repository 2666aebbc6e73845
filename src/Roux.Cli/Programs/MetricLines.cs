using System.Globalization;
using System.Text;
using System.Text.Json;
using Roux.Tracking;

namespace Roux.Cli.Programs;

/// <summary>
/// Reads the lines of a <see cref="MetricsFile"/>: <c>{"metric": "loss", "value": 0.4, "step": 3}</c>, <c>{"metrics": {"loss": 0.4, "acc": 0.9}, "step": 3}</c>,
/// <c>{"param": "lr", "value": 0.1}</c>, <c>{"tag": "team", "value": "a"}</c>, <c>{"artifact": "model.bin"}</c>, <c>{"tolerance": "loss", "value": 1e-6}</c>, <c>{"seed": 7}</c>.
/// </summary>
/// <param name="run">Gets them.</param>
/// <param name="workingDirectory">What paths of artifacts are relative to.</param>
/// <param name="seen">Hears of every metric: name, value and step.</param>
internal sealed class MetricLines(Run run, string workingDirectory, Action<string, double, long>? seen = null)
{
    private const int MostWarnings = 5;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowTrailingCommas = true };
    private int _wrong;

    /// <summary>Logs what a line says; one that says nothing of use becomes a warning on the run.</summary>
    public void Take(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(QuoteNumbers(line), Strict);
            var problem = document.RootElement.ValueKind == JsonValueKind.Object ? Log(document.RootElement) : "not an object";
            if (problem is not null)
            {
                Wrong(line, problem);
            }
        }
        catch (JsonException)
        {
            Wrong(line, "not JSON");
        }
        catch (TrackingException error) when (!run.HasEnded)
        {
            Wrong(line, error.Message);
        }
    }

    /// <summary>Says how many more lines were wrong than were told.</summary>
    public void End()
    {
        if (_wrong > MostWarnings)
        {
            run.Warn($"{MetricsFile.Variable}: {_wrong - MostWarnings} more lines were left out");
        }
    }

    // Python's json module writes NaN and Infinity as bare words, and a loss that becomes NaN must not be lost.
    internal static string QuoteNumbers(string line)
    {
        if (!line.Contains("NaN", StringComparison.Ordinal) && !line.Contains("Infinity", StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder(line.Length + 8);
        var inString = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' || (inString && line[i] == '\\'))
            {
                if (line[i] == '"')
                {
                    inString = !inString;
                }
                else
                {
                    text.Append(line[i++]);
                    if (i == line.Length)
                    {
                        break;
                    }
                }
            }
            else if (!inString && Word(line, i) is { } word)
            {
                text.Append('"').Append(word).Append('"');
                i += word.Length - 1;
                continue;
            }

            text.Append(line[i]);
        }

        return text.ToString();
    }

    private static string? Word(string line, int at) =>
        new[] { "NaN", "-Infinity", "Infinity" }.FirstOrDefault(word => line.AsSpan(at).StartsWith(word, StringComparison.Ordinal));

    private string? Log(JsonElement line)
    {
        if (Text(line, "metric") is { } metric)
        {
            return Value(line, "value") is not { } value ? "\"value\" is no number" : Step(line) is not { } step ? "\"step\" is no whole number" : Metric(metric, value, step);
        }

        if (line.TryGetProperty("metrics", out var several) && several.ValueKind == JsonValueKind.Object)
        {
            return Step(line) is not { } step ? "\"step\" is no whole number" : Metrics(several, step);
        }

        if (Text(line, "param") is { } param)
        {
            return line.TryGetProperty("value", out var value) ? Logged(() => run.Log(param, Plain(value))) : "there is no \"value\"";
        }

        if (Text(line, "tag") is { } tag)
        {
            return line.TryGetProperty("value", out var value) ? Logged(() => run.Tag(tag, Plain(value))) : "there is no \"value\"";
        }

        if (Text(line, "tolerance") is { } tolerated)
        {
            return Value(line, "value") is { } value ? Logged(() => run.Tolerate(tolerated, value)) : "\"value\" is no number";
        }

        if (Text(line, "artifact") is { } artifact)
        {
            return Logged(() => run.LogArtifact(Path.Combine(workingDirectory, artifact), Text(line, "folder")));
        }

        return line.TryGetProperty("seed", out var seed) && seed.TryGetInt64(out var number)
            ? Logged(() => run.Seed(number))
            : "it has none of metric, metrics, param, tag, tolerance, artifact, seed";
    }

    private string? Metrics(JsonElement several, long step)
    {
        string? problem = null;
        foreach (var metric in several.EnumerateObject())
        {
            problem = Number(metric.Value) is { } value ? Metric(metric.Name, value, step) ?? problem : $"'{metric.Name}' is no number";
        }

        return problem;
    }

    private string? Metric(string name, double value, long step) => Logged(() =>
    {
        run.LogMetric(name, value, step);
        seen?.Invoke(name, value, step);
    });

    private static string? Logged(Action log)
    {
        log();
        return null;
    }

    private void Wrong(string line, string problem)
    {
        if (++_wrong <= MostWarnings)
        {
            run.Warn($"{MetricsFile.Variable}: a line was left out, {problem}: {Terminal.Cut(Terminal.OneLine(line), 200)}");
        }
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Value(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? Number(value) : null;

    private static long? Step(JsonElement line) => !line.TryGetProperty("step", out var step) || step.ValueKind == JsonValueKind.Null ? 0
        : step.ValueKind == JsonValueKind.Number && step.TryGetInt64(out var whole) ? whole : null;

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => null },
        _ => null,
    };

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
