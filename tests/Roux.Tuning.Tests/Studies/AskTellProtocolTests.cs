using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Studies;

public sealed class AskTellProtocolTests
{
    private const string Space = """{"lr":{"type":"float","low":1e-4,"high":0.1,"log":true},"depth":{"type":"int","low":1,"high":15,"when":{"booster":["tree"]}},"booster":{"type":"categorical","choices":["tree","linear"]}}""";

    [Fact]
    public void A_study_goes_from_create_to_best()
    {
        var protocol = new AskTellProtocol();
        protocol.Answer($$"""{"op":"create","space":{{Space}},"direction":"minimize","sampler":"auto","pruner":"none","seed":7}""").ShouldBe("""{"ok":true}""");
        for (var i = 0; i < 12; i++)
        {
            var asked = JsonNode.Parse(protocol.Answer("""{"op":"ask"}"""))!;
            asked["trial"]!.GetValue<int>().ShouldBe(i);
            (asked["params"]!["depth"] is not null).ShouldBe(asked["params"]!["booster"]!.GetValue<string>() == "tree");
            protocol.Answer($$"""{"op":"report","trial":{{i}},"step":1,"value":0.7}""").ShouldBe("""{"prune":false}""");
            protocol.Answer($$"""{"op":"tell","trial":{{i}},"value":{{10 - i}}}""").ShouldBe("""{"ok":true}""");
        }

        protocol.Answer("""{"op":"ask"}""");
        protocol.Answer("""{"op":"tell","trial":12,"state":"failed"}""").ShouldBe("""{"ok":true}""");
        var best = JsonNode.Parse(protocol.Answer("""{"op":"best"}"""))!;
        best["trial"]!.GetValue<int>().ShouldBe(11);
        best["value"]!.GetValue<double>().ShouldBe(-1);
    }

    [Fact]
    public void Several_objectives_have_a_front()
    {
        var protocol = new AskTellProtocol();
        protocol.Answer("""{"op":"create","space":{"x":{"type":"float","low":0,"high":1}},"direction":["minimize","maximize"]}""").ShouldBe("""{"ok":true}""");
        protocol.Answer("""{"op":"ask"}""");
        protocol.Answer("""{"op":"tell","trial":0,"value":[1]}""").ShouldContain("1 values for 2 objectives");
        protocol.Answer("""{"op":"tell","trial":0,"value":[1,2]}""").ShouldBe("""{"ok":true}""");
        JsonNode.Parse(protocol.Answer("""{"op":"best"}"""))!["front"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("x", "not JSON")]
    [InlineData("[]", "a request is an object")]
    [InlineData("{}", "no \"op\"")]
    [InlineData("""{"op":"dance"}""", "op 'dance'")]
    [InlineData("""{"op":3}""", "\"op\" is a text")]
    [InlineData("""{"op":"create"}""", "a search space is an object")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":2,"high":1}}}""", "'a'")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":0,"high":1,"log":true}}}""", "above 0")]
    [InlineData("""{"op":"create","space":{"a":{"type":"fload","low":0,"high":1}}}""", "'fload'")]
    [InlineData("""{"op":"create","space":{"a":{"type":"int","low":0.5,"high":1}}}""", "whole number")]
    [InlineData("""{"op":"create","space":{"a":{"type":"categorical","choices":[]}}}""", "at least one")]
    [InlineData("""{"op":"create","space":{"a":{"type":"categorical","choices":["x"],"when":{"b":["1"]}},"b":{"type":"categorical","choices":[1],"when":{"a":["x"]}}}}""", "depends on itself")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":0,"high":1,"when":{"c":["1"]}}}}""", "'c', which is no parameter")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":0,"high":1}},"sampler":"magic"}""", "sampler 'magic'")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":0,"high":1}},"direction":"up"}""", "direction 'up'")]
    [InlineData("""{"op":"create","space":{"a":{"type":"float","low":0,"high":1}},"seeds":1}""", "'seeds'")]
    [InlineData("""{"op":"tell","trial":0}""", "missing or null")]
    [InlineData("""{"op":"tell","trial":0,"value":"0.5"}""", "is a number")]
    [InlineData("""{"op":"tell","trial":0,"value":1e999}""", "")]
    [InlineData("""{"op":"tell","trial":99,"value":1}""", "no such trial")]
    [InlineData("""{"op":"tell","trial":-1,"value":1}""", "no such trial")]
    [InlineData("""{"op":"tell","trial":0.5,"value":1}""", "whole number")]
    [InlineData("""{"op":"tell","trial":0,"value":1,"state":"odd"}""", "state 'odd'")]
    [InlineData("""{"op":"report","trial":0,"value":1}""", "\"step\"")]
    [InlineData("""{"op":"enqueue","params":{"b":1}}""", "'x' is missing")]
    [InlineData("""{"op":"best"}""", "no trial is complete")]
    public void Anything_wrong_is_an_error_and_the_engine_goes_on(string line, string said)
    {
        var protocol = new AskTellProtocol();
        protocol.Answer("""{"op":"create","space":{"x":{"type":"float","low":0,"high":1}}}""");
        protocol.Answer("""{"op":"ask"}""");
        var answer = protocol.Answer(line);
        JsonNode.Parse(answer)!["error"].ShouldNotBeNull(answer).GetValue<string>().ShouldContain(said);
        protocol.Answer("""{"op":"tell","trial":0,"value":1}""").ShouldBe("""{"ok":true}""");
    }

    [Fact]
    public void Without_a_study_there_is_a_hint() => new AskTellProtocol().Answer("""{"op":"ask"}""").ShouldContain("create");
}
