using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Existing;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Existing;

public sealed class HttpSystemTests
{
    private static readonly string[] Kinds = ["no", "yes"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(17);

    private static Table People { get; } = new("people",
    [
        new NumberColumn("age", [20, 41, 33, double.NaN, 70], ColumnType.Integer),
        new NumberColumn("income", [1.5, 2.25, 0, 3, 1e-3]),
        TextColumn.From("town", ["Köln", "Ulm", null, "\"Bad\" Ems", "Ulm"]),
        new NumberColumn("member", [1, 0, 0, 1, double.NaN], ColumnType.Boolean),
        new DateColumn("since", [.. Enumerable.Range(1, 5).Select(day => new DateTime(2020, 2, day, 0, 0, 0, DateTimeKind.Utc).Ticks)]),
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_go_out_in_batches_as_instances_and_come_back_as_labels()
    {
        var bodies = new List<JsonNode>();
        using var server = new TinyServer((_, body, request) =>
        {
            request.HttpMethod.ShouldBe("POST");
            request.ContentType.ShouldBe("application/json");
            var rows = JsonNode.Parse(body)!["instances"]!.AsArray();
            lock (bodies)
            {
                bodies.Add(rows);
            }

            return new($$"""{"predictions": [{{string.Join(',', rows.Select(row => row!["age"]?.GetValue<int>() > 40 ? "\"yes\"" : "\"no\""))}}], "took": 3}""");
        });
        var answers = Ask(server.Url(), new ExistingOptions { Source = "", Batch = 2 });
        answers.Predictions.Labels().ShouldBe([0, 1, 0, 0, 1]);
        answers.LabelsOnly.ShouldBeTrue();
        server.Requests.ShouldBe(3);
        answers.Latency!.Requests.Count.ShouldBe(3);
        answers.Latency.Rows.Count.ShouldBe(5);
        (answers.Latency.Concurrency, answers.Latency.Retries).ShouldBe((2, 0));
        var first = bodies.Single(rows => rows.AsArray().Count == 2 && rows[0]!["age"]?.GetValue<int>() == 20)[0]!;
        first.ToJsonString().ShouldBe(JsonNode.Parse("""{"age":20,"income":1.5,"town":"Köln","member":true,"since":"2020-02-01T00:00:00"}""")!.ToJsonString());
        bodies.Single(rows => rows[0]!["town"] is null)[0]!["town"].ShouldBeNull();
    }

    [Fact]
    public void An_mlflow_server_is_told_by_its_address()
    {
        JsonNode? sent = null;
        using var server = new TinyServer((_, body, _) =>
        {
            sent = JsonNode.Parse(body);
            return new("""{"predictions": [0.25, 0.75, 1, 0.5, 0]}""");
        });
        var answers = Ask(server.Url("/invocations"), new ExistingOptions { Source = "", Inputs = ["town", "age"] });
        sent!["dataframe_split"]!["columns"]!.ToJsonString().ShouldBe("""["town","age"]""");
        sent["dataframe_split"]!["data"]![2]!.ToJsonString().ShouldBe("[null,33]");
        sent["dataframe_split"]!["data"]!.AsArray().Count.ShouldBe(5);
        answers.Predictions.Values.ShouldBe([0.75, 0.25, 0.25, 0.75, 0, 1, 0.5, 0.5, 1, 0]);
    }

    [Theory]
    [InlineData("""["no","yes","no","no","yes"]""")]
    [InlineData("""[[1,0],[0,1],[1,0],[1,0],[0.0,1.0]]""")]
    [InlineData("""[{"yes":0,"no":1},{"yes":1,"no":0},{"no":1},{"no":1,"yes":0},{"yes":1}]""")]
    [InlineData("""[{"prediction":"no"},{"label":"yes"},{"class":"no"},{"prediction":"no","score":7},{"0":"yes"}]""")]
    [InlineData("""[{"p_no":1,"p_yes":0},{"p_no":0,"p_yes":1},{"probabilities":[1,0]},{"probabilities":{"no":1},"prediction":"no"},"yes"]""")]
    public void Predictions_come_in_many_forms(string predictions)
    {
        using var server = new TinyServer((_, _, _) => new($$"""{"predictions": {{predictions}}}"""));
        Ask(server.Url(), new ExistingOptions { Source = "" }).Predictions.Labels().ShouldBe([0, 1, 0, 0, 1]);
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>", 200, "HTML page ('Sign in')")]
    [InlineData("predictions: none", 200, "not JSON: predictions: none")]
    [InlineData("", 200, "empty")]
    [InlineData("""{"outputs": [1]}""", 200, "no \"predictions\"; it has \"outputs\"")]
    [InlineData("""{"predictions": 3}""", 200, "not a list")]
    [InlineData("""{"predictions": ["no","no"]}""", 200, "gave 2 predictions for 5 rows")]
    [InlineData("""{"predictions": ["no","maybe","maybe","no","perhaps"]}""", 200, "unknown labels 'maybe' (2 rows), 'perhaps' (1 row). Classes of the target: no, yes")]
    [InlineData("""{"predictions": [[0.9,0.9],[1,0],[1,0],[1,0],[1,0]]}""", 200, "sum to 1.8")]
    [InlineData("""{"predictions": [[1,0,0],[1,0,0],[1,0,0],[1,0,0],[1,0,0]]}""", 200, "3 probabilities; the target has 2 classes")]
    [InlineData("""{"predictions": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""", 200, "not JSON")]
    [InlineData("""{"predictions": ["no",null,"no","no","no"]}""", 200, "1 of 5 rows have no prediction (row 2)")]
    [InlineData("\n\ncolumn 'height' is missing\nTraceback", 400, "answered 400 Bad Request: column 'height' is missing")]
    [InlineData("no such route", 404, "answered 404 Not Found: no such route; is the path right?")]
    [InlineData("", 401, "--existing-header-env")]
    public void What_came_instead_is_told(string body, int status, string says)
    {
        using var server = new TinyServer((_, _, _) => new(body, status, "text/plain"));
        var message = Should.Throw<DataException>(() => Ask(server.Url(), new ExistingOptions { Source = "" })).Message;
        message.ShouldStartWith($"--existing {server.Url()}: ");
        message.ShouldContain(says);
        server.Requests.ShouldBe(1);
    }

    [Fact]
    public void What_may_pass_is_tried_again_with_waits_that_double_and_the_servers_own_wish()
    {
        var clock = new HastyClock(Patience);
        using var server = new TinyServer((request, _, _) => request switch
        {
            0 => new("busy", 503),
            1 => new("slow down", 429) { Headers = [("Retry-After", "7")] },
            2 => new("oops", 500),
            _ => new("""{"predictions": ["no","no","no","no","yes"]}"""),
        });
        var answers = Ask(server.Url(), new ExistingOptions { Source = "" }, clock);
        answers.Predictions.Labels().ShouldBe([0, 0, 0, 0, 1]);
        answers.Latency!.Retries.ShouldBe(3);
        clock.Waits.ShouldBe([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2)]);
    }

    [Fact]
    public void A_server_that_stays_broken_is_given_up()
    {
        using var server = new TinyServer((_, _, _) => new("<html><title>Bad gateway</title>", 502, "text/html"));
        Should.Throw<DataException>(() => Ask(server.Url(), new ExistingOptions { Source = "" })).Message.ShouldContain("answered 502 Bad Gateway: an HTML page ('Bad gateway') (tried 4 times)");
        server.Requests.ShouldBe(4);
        using var far = new TinyServer((_, _, _) => new("later", 429) { Headers = [("Retry-After", "3600")] });
        Should.Throw<DataException>(() => Ask(far.Url(), new ExistingOptions { Source = "" })).Message.ShouldContain("asks to wait 3600 s");
        far.Requests.ShouldBe(1);
    }

    [Fact]
    public void A_slow_server_is_not_waited_for_beyond_the_timeout()
    {
        using var server = new TinyServer((_, _, _) => new("""{"predictions": []}""") { After = TimeSpan.FromSeconds(20) });
        var timeout = TimeSpan.FromSeconds(0.1);
        Should.Throw<DataException>(() => Ask(server.Url(), new ExistingOptions { Source = "", Timeout = timeout }, new HastyClock(timeout)))
            .Message.ShouldContain("no answer within 0.1 s; raise --existing-timeout or lower --existing-batch (tried 4 times)");
        server.Requests.ShouldBe(4);
    }

    [Fact]
    public void Nobody_at_the_address_is_told()
    {
        int port;
        using (var server = new TinyServer((_, _, _) => new("")))
        {
            port = server.Port;
        }

        Should.Throw<DataException>(() => Ask($"http://127.0.0.1:{port}/score", new ExistingOptions { Source = "" })).Message.ShouldContain("cannot be reached");
    }

    [Fact]
    public void Redirects_lead_nowhere_else()
    {
        using var elsewhere = new TinyServer((_, _, _) => new("""{"predictions": ["no","no","no","no","no"]}"""));
        using var server = new TinyServer((_, _, request) => request.Url!.AbsolutePath switch
        {
            "/moved" => new("", 308) { Headers = [("Location", "/here")] },
            "/here" => new("""{"predictions": ["yes","no","no","no","no"]}"""),
            "/loses" => new("", 302) { Headers = [("Location", "/here")] },
            _ => new("", 307) { Headers = [("Location", elsewhere.Url())] },
        });
        Ask(server.Url("/moved"), new ExistingOptions { Source = "" }).Predictions.Labels()[0].ShouldBe(1);
        Should.Throw<DataException>(() => Ask(server.Url("/away"), new ExistingOptions { Source = "" })).Message.ShouldContain("another host");
        Should.Throw<DataException>(() => Ask(server.Url("/loses"), new ExistingOptions { Source = "" })).Message.ShouldContain("302");
        elsewhere.Requests.ShouldBe(0);
    }

    [Fact]
    public void An_answer_without_end_is_cut_off()
    {
        using var server = new TinyServer((_, _, _) => new(new string('x', 1 << 20)) { Repeat = 80 });
        Should.Throw<DataException>(() => Ask(server.Url(), new ExistingOptions { Source = "" })).Message.ShouldContain("larger than 64 MiB");
    }

    [Fact]
    public void Headers_come_from_the_environment_and_addresses_hold_no_secrets()
    {
        var seen = "";
        using var server = new TinyServer((_, _, request) =>
        {
            seen = request.Headers["Authorization"] ?? "";
            return new("""{"predictions": ["no","no","no","no","no"]}""");
        });
        Environment.SetEnvironmentVariable("ROUX_TEST_SCORING", "Bearer s3cret");
        var options = new ExistingOptions { Source = "", Headers = [("Authorization", "ROUX_TEST_SCORING")] };
        Ask(server.Url(), options);
        seen.ShouldBe("Bearer s3cret");
        Should.Throw<DataException>(() => Ask(server.Url(), options with { Headers = [("Authorization", "ROUX_TEST_NOT_SET")] })).Message.ShouldContain("ROUX_TEST_NOT_SET is not set");
        foreach (var address in new[] { $"http://me:s3cret@127.0.0.1:{server.Port}/score", server.Url("/score?api_key=s3cret") })
        {
            Should.Throw<DataException>(() => Ask(address, options)).Message.ShouldSatisfyAllConditions(text => text.ShouldContain("--existing-header-env"), text => text.ShouldNotContain("s3cret"));
        }
    }

    [Fact]
    public void Rows_without_an_answer_are_scored_as_told()
    {
        using var server = new TinyServer((_, _, _) => new("""{"predictions": ["yes",null,"dunno","yes","yes"]}"""));
        var answers = Ask(server.Url(), new ExistingOptions { Source = "", Default = "no" });
        answers.Predictions.Labels().ShouldBe([1, 0, 0, 1, 1]);
        (answers.Missing, answers.Unknown).ShouldBe((1, 1));
    }

    private static ExistingAnswers Ask(string address, ExistingOptions options, TimeProvider? clock = null)
    {
        options = options with { Source = address, Timeout = options.Timeout == TimeSpan.FromSeconds(30) ? Patience : options.Timeout };
        using var system = ExistingSystem.Open(options, clock ?? new HastyClock(options.Timeout));
        return system.Answer(People, TaskKind.Binary, Kinds, Cancel);
    }
}
