using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Makes a study what the lines of its journal say.</summary>
/// <param name="study">A study that nothing was asked of yet.</param>
internal sealed class TrialReplay(Study study)
{
    /// <summary>Trials that run, and the process that tries them.</summary>
    public Dictionary<int, string> Running { get; } = [];

    /// <summary>Trials whose process went away and that were not given out again.</summary>
    public SortedDictionary<int, Configuration> Lost { get; } = [];

    /// <summary>When trials began and ended, in milliseconds since 1970; the end is null while one runs.</summary>
    public Dictionary<int, (long Begin, long? End)> Times { get; } = [];

    /// <summary>Takes in a line.</summary>
    /// <exception cref="FormatException">It does not fit what was before.</exception>
    public void Apply(JsonElement line)
    {
        try
        {
            Take(line);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            var text = line.GetRawText();
            throw new FormatException($"{Terminal.OneLine(text.Length > 200 ? text[..200] : text)} does not fit the study: {e.Message.Split(" (Parameter")[0]}");
        }
    }

    /// <summary>A trial has begun.</summary>
    public void Began(int trial, string worker, long time)
    {
        Running[trial] = worker;
        Times[trial] = (time, null);
    }

    /// <summary>A trial has ended.</summary>
    public void Ended(Trial trial, long time)
    {
        Running.Remove(trial.Number);
        Times[trial.Number] = (Times.GetValueOrDefault(trial.Number).Begin, time);
        if (trial.IsLost && study.Population is null)
        {
            Lost[trial.Number] = trial.Configuration;
        }
    }

    private void Take(JsonElement line)
    {
        var number = line.GetProperty("trial").GetInt32();
        var time = line.TryGetProperty("time", out var at) ? at.GetInt64() : 0;
        switch (line.GetProperty("op").GetString())
        {
            case "ask":
                if (study.Adopt(Configuration.FromJson(JsonObject.Create(line.GetProperty("params"))!)).Number != number)
                {
                    throw new FormatException("its number is not the next");
                }

                Began(number, line.GetProperty("worker").GetString()!, time);
                if (line.TryGetProperty("again", out var again))
                {
                    Lost.Remove(again.GetInt32());
                }

                break;
            case "resume":
                study.TakeUp(number, line.GetProperty("resource").GetInt64());
                Running[number] = line.GetProperty("worker").GetString()!;
                Times[number] = (Times.GetValueOrDefault(number).Begin, null);
                break;
            case "report":
                study.Report(number, line.GetProperty("step").GetInt64(), Number(line.GetProperty("value")), judge: false);
                break;
            case "end":
                Ended(End(number, line), time);
                break;
            default:
                break;
        }
    }

    private Trial End(int number, JsonElement line) => line.GetProperty("state").GetString() switch
    {
        "complete" => study.Tell(number, Numbers(line, "values"), Numbers(line, "constraints")),
        "paused" => Numbers(line, "values") is [_, ..] values ? study.Tell(number, values) : study.Pause(number),
        "pruned" => study.Prune(number),
        "lost" => study.Lose(number, again: false, Error(line)),
        _ => study.Fail(number, Error(line)),
    };

    private static string? Error(JsonElement line) => line.TryGetProperty("error", out var error) ? error.GetString() : null;

    private static double[] Numbers(JsonElement line, string name) => line.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(Number)] : [];

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
