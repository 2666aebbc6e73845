using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>MLflow 3's evaluation datasets, as its client calls them.</summary>
public class EvaluationDatasetTests
{
    private const string Api = "/api/3.0/mlflow/datasets/";

    [Fact]
    public async Task A_dataset_is_made_found_tagged_and_deleted()
    {
        await using var server = await TestServer.StartAsync();
        var made = await CreateAsync(server, "qa", new JsonObject { ["mlflow.user"] = "ada", ["team"] = "x" }, "0");
        var id = made["dataset_id"]!.GetValue<string>();
        id.ShouldMatch("^d-[0-9a-f]{32}$");
        made["created_by"]!.GetValue<string>().ShouldBe("ada");
        made["experiment_ids"]![0]!.GetValue<string>().ShouldBe("0");
        made["digest"]!.GetValue<string>().Length.ShouldBe(8);

        var tagged = await server.SendAsync(HttpMethod.Patch, $"{Api}{id}/tags", TestServer.Json(new JsonObject { ["tags"] = "{\"team\":\"y\",\"stage\":\"beta\"}" }.ToJsonString()));
        Tags(tagged.Ok["dataset"]!)["team"]!.GetValue<string>().ShouldBe("y");
        var untagged = await server.SendAsync(HttpMethod.Delete, $"{Api}{id}/tags/stage", null);
        Tags(untagged.Ok["dataset"]!)["stage"].ShouldBeNull();
        JsonNode.DeepEquals((await server.GetAsync(Api + id)).Ok["dataset"], untagged.Ok["dataset"]).ShouldBeTrue();

        _ = (await server.SendAsync(HttpMethod.Delete, Api + id, null)).Ok;
        var gone = await server.GetAsync(Api + id);
        gone.Status.ShouldBe(HttpStatusCode.NotFound);
        gone.Error.ShouldBe("RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Records_of_the_same_inputs_are_merged_whatever_the_order_of_their_names()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await CreateAsync(server, "qa", null))["dataset_id"]!.GetValue<string>();
        Counts(await UpsertAsync(server, id, """[{"inputs":{"a":1,"b":[1,2]},"expectations":{"answer":"x"},"source":{"source_type":"TRACE","source_data":{"trace_id":"t1"}}},{"inputs":{"a":2}}]"""))
            .ShouldBe((2, 0));
        Counts(await UpsertAsync(server, id, """[{"inputs":{"b":[1,2],"a":1},"expectations":{"also":true},"outputs":"free text","tags":{"mlflow.user":"bo"}}]""")).ShouldBe((0, 1));

        var page = await server.SendAsync(HttpMethod.Get, $"{Api}{id}/records?max_results=1", null);
        var record = JsonNode.Parse(page.Ok["records"]!.GetValue<string>())![0]!;
        record["expectations"]!.ToJsonString().ShouldBe("""{"answer":"x","also":true}""");
        record["outputs"]!.GetValue<string>().ShouldBe("free text");
        record["source_id"]!.GetValue<string>().ShouldBe("t1");
        record["last_updated_by"]!.GetValue<string>().ShouldBe("bo");
        var rest = await server.GetAsync($"{Api}{id}/records?max_results=1&page_token={Uri.EscapeDataString(page.Ok["next_page_token"]!.GetValue<string>())}");
        JsonNode.Parse(rest.Ok["records"]!.GetValue<string>())![0]!["inputs"]!.ToJsonString().ShouldBe("""{"a":2}""");
        rest.Ok["next_page_token"].ShouldBeNull();

        var dataset = (await server.GetAsync(Api + id)).Ok["dataset"]!;
        dataset["profile"]!.GetValue<string>().ShouldBe("""{"num_records": 2}""");
        JsonNode.Parse(dataset["schema"]!.GetValue<string>())!["inputs"]!.ToJsonString().ShouldBe("""{"a":"integer","b":"array"}""");
    }

    [Fact]
    public async Task Search_takes_experiments_filters_order_and_pages()
    {
        await using var server = await TestServer.StartAsync();
        var other = (await server.PostAsync("experiments/create", new JsonObject { ["name"] = "e" })).Ok["experiment_id"]!.GetValue<string>();
        _ = await CreateAsync(server, "one", new JsonObject { ["team"] = "x" }, "0");
        var two = await CreateAsync(server, "two", null, other);
        _ = await CreateAsync(server, "three", null, "0", other);

        (await SearchAsync(server, new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["order_by"] = new JsonArray("name ASC") })).ShouldBe(["one", "three"]);
        (await SearchAsync(server, new JsonObject { ["filter_string"] = "name LIKE 't%'", ["order_by"] = new JsonArray("name ASC") })).ShouldBe(["three", "two"]);
        (await SearchAsync(server, new JsonObject { ["filter_string"] = "tags.team = 'x'" })).ShouldBe(["one"]);
        var id = two["dataset_id"]!.GetValue<string>();
        (await server.PostAsync($"{Api}{id}/add-experiments", new JsonObject { ["experiment_ids"] = new JsonArray("0") })).Ok["dataset"]!["experiment_ids"]!.AsArray().Count.ShouldBe(2);
        (await server.PostAsync($"{Api}{id}/remove-experiments", new JsonObject { ["experiment_ids"] = new JsonArray(other) })).Ok["dataset"]!["experiment_ids"]!.ToJsonString().ShouldBe("[\"0\"]");
        (await server.GetAsync($"{Api}{id}/experiment-ids")).Ok["experiment_ids"]!.ToJsonString().ShouldBe("[\"0\"]");
    }

    [Theory]
    [InlineData("{\"name\":\"\"}", "create")]
    [InlineData("{\"name\":\"d\",\"tags\":\"[1]\"}", "create")]
    [InlineData("{\"name\":\"d\",\"tags\":\"{\"}", "create")]
    [InlineData("{\"filter_string\":\"nonsense = 1\"}", "search")]
    public async Task What_is_malformed_is_refused(string body, string path)
    {
        await using var server = await TestServer.StartAsync();
        (await server.SendAsync(HttpMethod.Post, Api + path, TestServer.Json(body))).Error.ShouldBe("INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{\"outputs\":{}}]")]
    [InlineData("[{\"inputs\":[1]}]")]
    [InlineData("[{\"inputs\":{},\"tags\":3}]")]
    public async Task Records_that_are_none_are_refused_and_none_is_kept(string records)
    {
        await using var server = await TestServer.StartAsync();
        var id = (await CreateAsync(server, "qa", null))["dataset_id"]!.GetValue<string>();
        (await server.PostAsync($"{Api}{id}/records", new JsonObject { ["records"] = records })).Error.ShouldBe("INVALID_PARAMETER_VALUE");
        (await server.GetAsync($"{Api}{id}/records")).Ok["records"]!.GetValue<string>().ShouldBe("[]");
    }

    [Fact]
    public async Task Data_sets_of_runs_are_summed_up_by_experiment()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunAsync();
        _ = (await server.PostAsync("runs/log-inputs", new JsonObject
        {
            ["run_id"] = run,
            ["datasets"] = new JsonArray(new JsonObject
            {
                ["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.data.context", ["value"] = "training" }),
                ["dataset"] = new JsonObject { ["name"] = "films", ["digest"] = "abc", ["source_type"] = "local", ["source"] = "{}" },
            }),
        })).Ok;
        (await server.PostAsync("experiments/search-datasets", new JsonObject { ["experiment_ids"] = new JsonArray("0") })).Ok["dataset_summaries"]!.ToJsonString()
            .ShouldBe("""[{"experiment_id":"0","name":"films","digest":"abc","context":"training"}]""");
    }

    private static async Task<JsonNode> CreateAsync(TestServer server, string name, JsonObject? tags, params string[] experiments)
    {
        var body = new JsonObject { ["name"] = name, ["experiment_ids"] = new JsonArray([.. experiments.Select(id => (JsonNode)id)]) };
        if (tags is not null)
        {
            body["tags"] = tags.ToJsonString();
        }

        return (await server.PostAsync(Api + "create", body)).Ok["dataset"]!;
    }

    private static Task<TestServer.Answer> UpsertAsync(TestServer server, string id, string records) => server.PostAsync($"{Api}{id}/records", new JsonObject { ["records"] = records });

    private static (int, int) Counts(TestServer.Answer answer) => (answer.Ok["inserted_count"]!.GetValue<int>(), answer.Ok["updated_count"]!.GetValue<int>());

    private static async Task<List<string>> SearchAsync(TestServer server, JsonObject body) =>
        [.. (await server.PostAsync("/ajax-api/3.0/mlflow/datasets/search", body)).Ok["datasets"]?.AsArray().Select(dataset => dataset!["name"]!.GetValue<string>()) ?? []];

    private static JsonNode Tags(JsonNode dataset) => JsonNode.Parse(dataset["tags"]!.GetValue<string>())!;
}
