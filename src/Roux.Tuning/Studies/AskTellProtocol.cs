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
        "ask" => Describe(Study.Ask()),
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
        string[] fields = ["op", "space", "direction", "sampler", "pruner", "seed", "trials"];
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
        study = new Study(SpaceJson.Read(request["space"]), new StudyOptions
        {
            Directions = directions,
            Sampler = Sampler.Of(Text(request, "sampler") ?? "auto"),
            Pruner = Pruner.Of(Text(request, "pruner") ?? "none"),
            Seed = request["seed"] is null ? defaultSeed : Whole(request, "seed"),
            Trials = request["trials"] is null ? null : (int)Math.Clamp(Whole(request, "trials"), 1, int.MaxValue),
        });
        return new JsonObject { ["ok"] = true };
    }

    private JsonObject Report(JsonObject request) => new()
    {
        ["prune"] = Study.Report(TrialOf(request), Whole(request, "step"), Number(request["value"], "value")),
    };

    private JsonObject Tell(JsonObject request)
    {
        var trial = TrialOf(request);
        switch (Text(request, "state") ?? "complete")
        {
            case "complete":
                double[] values = request["value"] is JsonArray several ? [.. several.Select(value => Number(value, "value"))] : [Number(request["value"], "value")];
                double[] constraints = request["constraints"] is JsonArray limits ? [.. limits.Select(limit => Number(limit, "constraints"))] : [];
                Study.Tell(trial, values, constraints);
                break;
            case "pruned":
                Study.Prune(trial);
                break;
            case "failed":
                Study.Fail(trial, Text(request, "error"));
                break;
            case var other:
                throw new FormatException($"state '{other}': one of complete, pruned, failed");
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
