using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>Random filter strings through the protocol agree with a naive reading of them in memory.</summary>
public class FilterTests
{
    private const int Runs = 40;

    private static readonly string[] Keys = ["acc", "lr", "a b", "x.y"];
    private static readonly string[] Texts = ["", "0.1", "Team A", "team a", "50%", "it's", "été"];
    private static readonly double[] Numbers = [-1, 0, 0.5, 1];

    private static readonly Gen<Clause> AnyClause = Gen.OneOf(
        Gen.Select(Gen.OneOf(Keys), Gen.OneOf("=", "!=", "<", "<=", ">", ">="), Gen.OneOf(Numbers), (key, sign, number) =>
            new Clause($"metrics.`{key}` {sign} {number.ToString("R", CultureInfo.InvariantCulture)}", run => run.Metrics.TryGetValue(key, out var value) && Compare(value, sign, number))),
        Gen.Select(Gen.OneOf("params", "tags"), Gen.OneOf(Keys), Gen.OneOf("=", "!=", "LIKE", "ILIKE", "like"), Gen.OneOf([.. Texts, "%", "team%", "_.1", "%É%"]), (kind, key, sign, text) =>
            new Clause($"{kind}.`{key}` {sign} '{text.Replace("'", "''", StringComparison.Ordinal)}'", run => (kind == "params" ? run.Params : run.Tags).TryGetValue(key, out var value) && Compare(value, sign, text))),
        Gen.Select(Gen.OneOf("=", "!=", "LIKE", "ILIKE"), Gen.OneOf("run-1", "RUN-1%", "run-_", "%3"), (sign, text) =>
            new Clause($"attributes.run_name {sign} '{text}'", run => Compare(run.Name, sign, text))),
        Gen.Select(Gen.OneOf("=", "!=", ">", "<="), Gen.Int[0, Runs], (sign, time) =>
            new Clause(string.Create(CultureInfo.InvariantCulture, $"start_time {sign} {time}"), run => Compare(run.Index, sign, time))),
        Gen.OneOf("RUNNING", "FINISHED").Select(status => new Clause($"status = '{status}'", run => (run.Index % 3 == 0 ? "FINISHED" : "RUNNING") == status)));

    [Fact]
    public async Task Random_filters_agree_with_a_naive_reading()
    {
        await using var server = await TestServer.StartAsync();
        var runs = new List<Known>();
        var random = new Random(7);
        for (var index = 0; index < Runs; index++)
        {
            runs.Add(await LogAsync(server, random, index));
        }

        AnyClause.Array[0, 3].Sample(
            clauses =>
            {
                var filter = string.Join(" and ", clauses.Select(clause => clause.Text));
                var found = server.PostAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["filter"] = filter }).GetAwaiter().GetResult().Ok["runs"]?.AsArray() ?? [];
                var expected = runs.Where(run => clauses.All(clause => clause.Holds(run))).Reverse().Select(run => run.Id).ToList();
                return found.Select(run => run!["info"]!["run_id"]!.GetValue<string>()).SequenceEqual(expected);
            },
            iter: 500, threads: 1, seed: "0N0XIzNsQ0O2", print: clauses => string.Join(" and ", clauses.Select(clause => clause.Text)));
    }

    [Theory]
    [InlineData("experiments/search", "name LIKE 'e%'", "e1,e2")]
    [InlineData("experiments/search", "tags.team = 'a'", "e1")]
    [InlineData("experiments/search", "name ILIKE 'E_' AND creation_time > 0", "e1,e2")]
    [InlineData("experiments/search", "tags.`no such` != 'x'", "")]
    [InlineData("registered-models/search", "name ILIKE 'M%'", "m1,m2")]
    [InlineData("registered-models/search", "tags.team = 'a'", "m1")]
    [InlineData("registered-models/search", "tag.`mlflow.prompt.is_prompt` != 'true'", "m1,m2")]
    [InlineData("model-versions/search", "name = 'm1'", "m1,m1")]
    [InlineData("model-versions/search", "version_number = 2", "m1")]
    [InlineData("model-versions/search", "run_id IN ('nobody')", "")]
    [InlineData("model-versions/search", "source_path LIKE 'runs:/%'", "m1,m1")]
    public async Task Other_things_are_searched_by_their_own_fields(string path, string filter, string names)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (kind, name) in new[] { ("experiments", "e1"), ("experiments", "e2"), ("registered-models", "m1"), ("registered-models", "m2") })
        {
            var tags = name.EndsWith('1') ? new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "a" }) : new JsonArray();
            _ = (await server.PostAsync($"{kind}/create", new JsonObject { ["name"] = name, ["tags"] = tags })).Ok;
        }

        var run = await server.CreateRunAsync();
        _ = (await server.SendAsync(HttpMethod.Put, $"{TestServer.Artifacts}0/{run}/artifacts/model/a.txt", new StringContent("x"))).Ok;
        for (var version = 0; version < 2; version++)
        {
            _ = (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "m1", ["run_id"] = run, ["source"] = $"runs:/{run}/model" })).Ok;
        }

        var found = (await server.GetAsync($"{path}?filter={Uri.EscapeDataString(filter)}")).Ok;

        string.Join(',', (found.AsObject().FirstOrDefault().Value as JsonArray ?? []).Select(item => item!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal)).ShouldBe(names);
    }

    private static async Task<Known> LogAsync(TestServer server, Random random, int index)
    {
        var run = new Known(index, string.Create(CultureInfo.InvariantCulture, $"run-{index % 5}"));
        foreach (var key in Keys)
        {
            if (random.Next(3) > 0)
            {
                run.Metrics[key] = random.Next(6) == 0 ? double.NaN : Numbers[random.Next(Numbers.Length)];
            }

            if (random.Next(3) > 0)
            {
                run.Params[key] = Texts[random.Next(Texts.Length)];
            }

            if (random.Next(3) > 0)
            {
                run.Tags[key] = Texts[random.Next(Texts.Length)];
            }
        }

        var created = await server.PostAsync("runs/create", new JsonObject { ["experiment_id"] = "0", ["run_name"] = run.Name, ["start_time"] = index });
        run.Id = created.Ok["run"]!["info"]!["run_id"]!.GetValue<string>();
        _ = (await server.PostAsync("runs/log-batch", new JsonObject
        {
            ["run_id"] = run.Id,
            ["metrics"] = new JsonArray([.. run.Metrics.Select(metric => new JsonObject
            {
                ["key"] = metric.Key, ["value"] = double.IsNaN(metric.Value) ? "NaN" : metric.Value, ["timestamp"] = 1, ["step"] = 0,
            })]),
            ["params"] = Pairs(run.Params),
            ["tags"] = Pairs(run.Tags),
        })).Ok;
        if (index % 3 == 0)
        {
            _ = (await server.PostAsync("runs/update", new JsonObject { ["run_id"] = run.Id, ["status"] = "FINISHED" })).Ok;
        }

        return run;
    }

    private static JsonArray Pairs(Dictionary<string, string> pairs) => new([.. pairs.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]);

    private static bool Compare(double value, string sign, double number) => sign switch
    {
        "=" => value == number,
        "!=" => value != number,
        "<" => value < number,
        "<=" => value <= number,
        ">" => value > number,
        _ => value >= number,
    };

    private static bool Compare(string value, string sign, string text) => sign.ToUpperInvariant() switch
    {
        "=" => value == text,
        "!=" => value != text,
        "LIKE" => Like(value, text),
        _ => Like(value.ToUpperInvariant(), text.ToUpperInvariant()),
    };

    private static bool Like(string value, string pattern) => pattern.Length == 0 ? value.Length == 0
        : pattern[0] == '%' ? Enumerable.Range(0, value.Length + 1).Any(skip => Like(value[skip..], pattern[1..]))
        : value.Length > 0 && (pattern[0] == '_' || pattern[0] == value[0]) && Like(value[1..], pattern[1..]);

    private sealed record Clause(string Text, Func<Known, bool> Holds);

    private sealed record Known(int Index, string Name)
    {
        public string Id { get; set; } = "";

        public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }
}
