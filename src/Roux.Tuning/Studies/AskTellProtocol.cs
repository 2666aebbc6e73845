using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tuning;

/// <summary>
/// The engine over JSON lines, so that any language can use it: a line in, a line out. Operations: <c>create</c>, <c>ask</c>, <c>report</c>,
/// <c>tell</c>, <c>enqueue</c>, <c>best</c>; anything wrong is answered with an error, and the engine goes on.
/// </summary>
public sealed class AskTellProtocol(int defaultSeed = 0)
{
    private const int LongestLine = 16 << 20;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerOptions.Default) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Study? study;

    /// <summary>The answer to a line.</summary>
    public string Answer(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            if (line.Length > LongestLine)
            {
                throw new FormatException($"a line has at most {LongestLine:N0} characters, not {line.Length:N0}");
            }

            if (JsonNode.Parse(line, documentOptions: Strict) is not JsonObject request)
            {
                throw new FormatException("""a request is an object such as {"op":"ask"}""");
            }

            return Do(request).ToJsonString(Plain);
        }
        catch (JsonException e)
        {
            return Error($"not JSON: {e.Message.Split(" Path:")[0]}");
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            return Error(e.Message.Split(" (Parameter")[0]);
        }
    }

    private static string Error(string message) => new JsonObject { ["error"] = message }.ToJsonString(Plain);

    private JsonObject Do(JsonObject request) => Text(request, "op") switch
    {
        "create" => Create(request),
        "ask" => Handed(Study.Ask()),
        "report" => Report(request),
        "tell" => Tell(request),
        "enqueue" => Enqueue(request),
        "best" => Best(),
        null => throw new FormatException("""no "op"; one of create, ask, report, tell, enqueue, best"""),
        var other => throw new FormatException($"op '{other}': no such operation; one of create, ask, report, tell, enqueue, best"),
    };

    private Study Study => study ?? throw new InvalidOperationException("""no study yet: send {"op":"create","space":{…}} first""");

    private JsonObject Create(JsonObject request)
    {
        string[] fields = ["op", "space", "direction", "sampler", "pruner", "seed", "trials", "schedule", "resource"];
        if (request.Select(pair => pair.Key).FirstOrDefault(key => !fields.Contains(key)) is { } unknown)
        {
            throw new FormatException($"create has no field '{unknown}'; there are: {string.Join(", ", fields[1..])}");
        }

        Direction[] directions = request["direction"] switch
        {
            null => [Direction.Minimize],
            JsonArray { Count: > 0 } several => [.. several.Select(ReadDirection)],
            var one => [ReadDirection(one)],
        };
        var schedule = Text(request, "schedule") ?? "none";
        study = new Study(SpaceJson.Read(request["space"]), new StudyOptions
        {
            Directions = directions,
            Sampler = Sampler.Of(Text(request, "sampler") ?? Schedule.SamplerFor(schedule)),
            Pruner = Pruner.Of(Text(request, "pruner") ?? "none"),
            Schedule = ReadSchedule(schedule, request["resource"]),
            Seed = request["seed"] is null ? defaultSeed : Whole(request, "seed"),
            Trials = request["trials"] is null ? null : (int)Math.Clamp(Whole(request, "trials"), 1, int.MaxValue),
        });
        return new JsonObject { ["ok"] = true };
    }

    /// <summary>A number of steps, or least and most steps and the reduction.</summary>
    private static Schedule? ReadSchedule(string name, JsonNode? resource)
    {
        if (name == "none")
        {
            return resource is null ? null : throw new FormatException($"\"resource\" needs a \"schedule\": one of {string.Join(", ", Schedule.Names)}");
        }

        var fields = resource switch
        {
            null => throw new FormatException($"schedule '{name}' needs \"resource\": steps of a whole trial, or {{\"min\": 1, \"max\": 81, \"reduction\": 3}}"),
            JsonObject json => json,
            var number => new JsonObject { ["max"] = number.DeepClone() },
        };
        return fields.Select(pair => pair.Key).FirstOrDefault(key => key is not ("min" or "max" or "reduction")) is { } unknown
            ? throw new FormatException($"resource has no field '{unknown}'; there are: min, max, reduction")
            : Schedule.Of(name, fields["min"] is null ? 1 : Whole(fields, "min"), Whole(fields, "max"), fields["reduction"] is null ? 3 : (int)Math.Clamp(Whole(fields, "reduction"), int.MinValue, int.MaxValue));
    }

    private JsonObject Report(JsonObject request)
    {
        var advice = Study.Advise(TrialOf(request), Whole(request, "step"), Number(request["value"], "value"));
        var json = new JsonObject { ["prune"] = advice == Advice.Prune };
        if (Study.Schedule is not null)
        {
            json["pause"] = advice == Advice.Pause;
        }

        return json;
    }

    private JsonObject Tell(JsonObject request)
    {
        var trial = TrialOf(request);
        switch (Text(request, "state") ?? "complete")
        {
            case "complete":
                double[] values = request["value"] is JsonArray several ? [.. several.Select(value => Number(value, "value"))] : [Number(request["value"], "value")];
                double[] constraints = request["constraints"] is JsonArray limits ? [.. limits.Select(limit => Number(limit, "constraints"))] : [];
                var told = Study.Tell(trial, values, constraints, Text(request, "checkpoint"));
                return told.State == TrialState.Paused ? new JsonObject { ["ok"] = true, ["state"] = "paused" } : new JsonObject { ["ok"] = true };
            case "paused":
                Study.Pause(trial, Text(request, "checkpoint"));
                break;
            case "pruned":
                Study.Prune(trial);
                break;
            case "failed":
                Study.Fail(trial, Text(request, "error"));
                break;
            case var other:
                throw new FormatException($"state '{other}': one of complete, pruned, paused, failed");
        }

        return new JsonObject { ["ok"] = true };
    }

    private JsonObject Enqueue(JsonObject request)
    {
        Study.Enqueue(Configuration.FromJson(request["params"] as JsonObject ?? throw new FormatException("""enqueue needs "params": an object of settings""")));
        return new JsonObject { ["ok"] = true };
    }

    private JsonObject Best()
    {
        if (Study.Directions.Count > 1)
        {
            return new JsonObject { ["front"] = new JsonArray([.. Study.ParetoFront.Select(trial => (JsonNode)WithValue(trial))]) };
        }

        return WithValue(Study.Best ?? throw new InvalidOperationException("no trial is complete yet"));
    }

    /// <summary>A trial as it is handed out: under a schedule with the steps to train in all, and where it goes on.</summary>
    private static JsonObject Handed(Trial trial)
    {
        var json = Describe(trial);
        if (trial.Resource is { } resource)
        {
            json["resource"] = resource;
            if (trial.Reports.Count > 0)
            {
                json["resume"] = trial.Reports.Max(report => report.Step) + 1;
            }

            if (trial.Checkpoint is { } checkpoint)
            {
                json["checkpoint"] = checkpoint;
            }
        }

        return json;
    }

    private static JsonObject Describe(Trial trial) => new() { ["trial"] = trial.Number, ["params"] = trial.Configuration.ToJson() };

    private static JsonObject WithValue(Trial trial)
    {
        var json = Describe(trial);
        json["value"] = trial.Values.Count == 1 ? trial.Value : new JsonArray([.. trial.Values.Select(value => (JsonNode)JsonValue.Create(value))]);
        return json;
    }

    private static Direction ReadDirection(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text)
        ? text switch
        {
            "minimize" => Direction.Minimize,
            "maximize" => Direction.Maximize,
            _ => throw new FormatException($"direction '{text}': minimize or maximize"),
        }
        : throw new FormatException($"direction {node?.ToJsonString() ?? "null"}: minimize or maximize");

    private static int TrialOf(JsonObject request) => Whole(request, "trial") is >= 0 and <= int.MaxValue and var number ? (int)number
        : throw new FormatException($"trial {request["trial"]!.ToJsonString()}: no such trial");

    private static string? Text(JsonObject request, string name) => request[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        var other => throw new FormatException($"\"{name}\" is a text, not {other.ToJsonString()}"),
    };

    private static long Whole(JsonObject request, string name) => request[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && value.TryGetValue(out double number) && number == Math.Floor(number) && Math.Abs(number) <= 1L << 53
            ? (long)number : throw new FormatException($"\"{name}\" is a whole number, not {request[name]?.ToJsonString() ?? "missing"}");

    private static double Number(JsonNode? node, string name) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) => number,
        null => throw new FormatException($"\"{name}\" is missing or null; a trial without a value is told with \"state\":\"failed\""),
        var other => throw new FormatException($"\"{name}\" is a number, not {other.ToJsonString()}"),
    };
}
