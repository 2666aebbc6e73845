using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>Makes a study what the lines of its journal say.</summary>
/// <param name="study">A study that nothing was asked of yet.</param>
public sealed class TrialReplay(Study study)
{
    /// <summary>Trials that run, and the process that tries them.</summary>
    public Dictionary<int, string> Running { get; } = [];

    /// <summary>Trials whose process went away and that were not given out again.</summary>
    public SortedDictionary<int, Configuration> Lost { get; } = [];

    /// <summary>When trials began and ended, in milliseconds since 1970; the end is null while one runs.</summary>
    public Dictionary<int, (long Begin, long? End)> Times { get; } = [];

    /// <summary>Every turn of every trial, in the order of beginning.</summary>
    public List<TrialTurn> Turns { get; } = [];

    /// <summary>What was asked of the study and heard: its id to how it went.</summary>
    public Dictionary<string, string> Heard { get; } = new(StringComparer.Ordinal);

    /// <summary>Trials that were asked for beyond those that the study was begun for.</summary>
    public int Added { get; private set; }

    /// <summary>Configurations that were enqueued and not tried yet, by the id of what asked for them.</summary>
    public List<(string Id, Configuration Settings)> Queue { get; } = [];

    /// <summary>What was heard and is to be carried out by whoever it concerns: ends of the study and of trials.</summary>
    public List<StudyRequest> Stops { get; } = [];

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
            throw new FormatException($"{string.Concat((text.Length > 200 ? text[..200] : text).Where(letter => !char.IsControl(letter)))} does not fit the study: {e.Message.Split(" (Parameter")[0]}");
        }
    }

    /// <summary>A trial has begun.</summary>
    public void Began(int trial, string worker, long time)
    {
        Running[trial] = worker;
        Times[trial] = (time, null);
        Turns.Add(new TrialTurn(trial, worker, time, null));
    }

    /// <summary>A trial that had paused goes on.</summary>
    public void WentOn(int trial, string worker, long time)
    {
        Running[trial] = worker;
        Times[trial] = (Times.GetValueOrDefault(trial).Begin, null);
        Turns.Add(new TrialTurn(trial, worker, time, null));
    }

    /// <summary>Something that was asked of the study has been heard.</summary>
    /// <param name="request">What.</param>
    /// <param name="outcome">How it went: <see cref="StudyRequest.Done"/>, or why it was refused.</param>
    public void Hear(StudyRequest request, string outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!Heard.TryAdd(request.Id, outcome) || outcome != StudyRequest.Done)
        {
            return;
        }

        switch (request.Kind)
        {
            case StudyRequestKind.Add:
                Added += request.Count ?? 0;
                break;
            case StudyRequestKind.Enqueue when request.Settings is { } settings:
                Added++;
                Queue.Add((request.Id, settings));
                break;
            default:
                Stops.Add(request);
                break;
        }
    }

    /// <summary>A trial has ended.</summary>
    public void Ended(Trial trial, long time)
    {
        ArgumentNullException.ThrowIfNull(trial);
        Running.Remove(trial.Number);
        if (Turns.FindLastIndex(turn => turn.Trial == trial.Number) is >= 0 and var last)
        {
            Turns[last] = Turns[last] with { End = time };
        }

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
                if (line.TryGetProperty("queued", out var queued))
                {
                    Queue.RemoveAll(waiting => waiting.Id == queued.GetString());
                }

                if (line.TryGetProperty("again", out var again))
                {
                    Lost.Remove(again.GetInt32());
                }

                break;
            case "resume":
                study.TakeUp(number, line.GetProperty("resource").GetInt64());
                WentOn(number, line.GetProperty("worker").GetString()!, time);
                break;
            case "request" when StudyRequest.TryRead(line.GetProperty("id").GetString()!, line.GetRawText()) is { } request:
                Hear(request, line.GetProperty("outcome").GetString()!);
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
