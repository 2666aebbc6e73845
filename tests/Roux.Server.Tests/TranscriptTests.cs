using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Replays what a real MLflow 3.6 client and its real server said to each other. Whatever differs is listed here, with its reason in docs/mlflow-compatibility.md.</summary>
public class TranscriptTests
{
    /// <summary>Steps whose answer differs on purpose, with the status that Roux gives.</summary>
    private static readonly Dictionary<string, (int Status, string Reason)> OtherAnswers = new(StringComparer.Ordinal)
    {
        ["/log-batch-bad-metric"] = (400, "a metric value of 'abc' is refused; MLflow stores 0"),
        ["/search-runs:-dataset.name-=-'train'"] = (200, "conditions on data sets work; MLflow answers with a database error"),
        ["/raw-bad-json"] = (400, "the message speaks of the JSON; MLflow's of its database"),
        ["/raw-_api_2.0_mlflow_nosuch"] = (404, "an unknown endpoint answers in JSON; MLflow's is a web page"),
        ["/raw-_version"] = (200, "a release number; the recorded server was a development build"),
    };

    [Fact]
    public async Task The_recorded_session_replays()
    {
        var calls = TranscriptCall.Load(SharedData.Path("mlflow/transcripts.jsonl"));
        await using var server = await TestServer.StartAsync();
        var comparison = new TranscriptComparison();
        var differences = new List<string>();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < calls.Count; index++)
        {
            var call = calls[index];
            var answer = await server.SendAsync(new HttpMethod(call.Method), comparison.Translate(call.Path), Content(comparison, call));
            if (OtherAnswers.TryGetValue(call.Step, out var other))
            {
                listed.Add(call.Step);
                ((int)answer.Status).ShouldBe(other.Status, $"{index} {call.Step}: {answer.Text}");
                continue;
            }

            if ((int)answer.Status != call.Status)
            {
                differences.Add($"{index} {call.Step}: status {call.Status} expected, {(int)answer.Status} found: {answer.Text}");
            }
            else if (TranscriptCall.Bytes(call.Response) is { } bytes)
            {
                answer.Bytes.Length.ShouldBe(bytes, call.Step);
            }
            else
            {
                var expected = Adjusted(call);
                differences.AddRange(comparison.Compare(expected, JsonNode.Parse(answer.Bytes)).Select(difference => $"{index} {call.Step}: {difference}"));
            }
        }

        differences.ShouldBeEmpty();
        listed.ShouldBe(OtherAnswers.Keys, ignoreOrder: true, "a listed difference is no longer one");
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":[{"key":"k","value":"v"}]}""", """{"a":[{"key":"k","value":"w"}]}""")]
    [InlineData("""{"a":"1"}""", """{"a":1}""")]
    [InlineData("""{"a":"x"}""", "{}")]
    [InlineData("{}", """{"a":"x"}""")]
    [InlineData("""{"message":"No run"}""", """{"message":"There is no run"}""")]
    [InlineData("""{"a":"00000000000000000000000000000001","b":"00000000000000000000000000000001"}""", """{"a":"00000000000000000000000000000002","b":"00000000000000000000000000000003"}""")]
    public void The_comparison_sees_differences(string expected, string actual) =>
        new TranscriptComparison().Compare(JsonNode.Parse(expected), JsonNode.Parse(actual)).ShouldNotBeEmpty();

    private static HttpContent? Content(TranscriptComparison comparison, TranscriptCall call)
    {
        if (call.Request is null)
        {
            return null;
        }

        if (TranscriptCall.Bytes(call.Request) is { } count)
        {
            return new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', count)));
        }

        // The client writes files of JSON with an indent of two.
        var text = call.Method == "PUT" ? call.Request.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) : comparison.Translate(call.Request.ToJsonString());
        var content = new StringContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>The recorded answer with what Roux does differently throughout.</summary>
    private static JsonNode? Adjusted(TranscriptCall call)
    {
        var expected = call.Response?.DeepClone();
        foreach (var metrics in Descendants(expected).OfType<JsonObject>().Select(node => node["metrics"]).OfType<JsonArray>().ToList())
        {
            foreach (var metric in metrics.OfType<JsonObject>().ToList())
            {
                // MLflow keeps infinities as the largest number; Roux keeps them as they are.
                if (metric["value"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && Math.Abs(value.GetValue<double>()) == double.MaxValue)
                {
                    metric["value"] = value.GetValue<double>() > 0 ? "Infinity" : "-Infinity";
                }

                // The value 'abc' of /log-batch-bad-metric, stored as 0 there.
                if (metric["key"]!.GetValue<string>() == "x" && metric["timestamp"]!.GetValue<long>() == 0)
                {
                    metrics.Remove(metric);
                }
            }
        }

        // The registry's own copy, which never changes, instead of the run's files, which may.
        if (call.Step == "/download-uri" && expected?["artifact_uri"] is not null)
        {
            expected["artifact_uri"] = "mlflow-artifacts:/models/00000000000000000000000000000001/dir";
        }

        return expected;
    }

    private static IEnumerable<JsonNode?> Descendants(JsonNode? node) => node switch
    {
        JsonObject parent => parent.SelectMany(member => Descendants(member.Value)).Prepend(parent),
        JsonArray list => list.SelectMany(Descendants).Prepend(list),
        _ => [node],
    };
}
