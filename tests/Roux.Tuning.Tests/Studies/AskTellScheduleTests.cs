using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Studies;

public sealed class AskTellScheduleTests
{
    private const string Create = """{"op":"create","space":{"x":{"type":"int","low":0,"high":0}},"sampler":"random","schedule":"asha","resource":{"min":1,"max":9}}""";

    [Fact]
    public void A_trial_pauses_and_is_handed_out_again_with_its_checkpoint()
    {
        var protocol = new AskTellProtocol();
        protocol.Answer(Create).ShouldBe("""{"ok":true}""");
        for (var i = 0; i < 3; i++)
        {
            protocol.Answer("""{"op":"ask"}""").ShouldBe($$$"""{"trial":{{{i}}},"params":{"x":0},"resource":1}""");
        }

        protocol.Answer("""{"op":"report","trial":0,"step":0,"value":0.1}""").ShouldBe("""{"prune":false,"pause":true}""");
        protocol.Answer("""{"op":"tell","trial":0,"state":"paused","checkpoint":"s3://here/0"}""").ShouldBe("""{"ok":true}""");
        protocol.Answer("""{"op":"tell","trial":1,"value":0.2}""").ShouldBe("""{"ok":true,"state":"paused"}""");
        protocol.Answer("""{"op":"tell","trial":2,"value":0.3,"checkpoint":"two"}""").ShouldBe("""{"ok":true,"state":"paused"}""");
        protocol.Answer("""{"op":"ask"}""").ShouldBe("""{"trial":0,"params":{"x":0},"resource":3,"resume":1,"checkpoint":"s3://here/0"}""");
        protocol.Answer("""{"op":"report","trial":0,"step":1,"value":0.1}""").ShouldBe("""{"prune":false,"pause":false}""");
        protocol.Answer("""{"op":"tell","trial":0,"value":0.05}""").ShouldBe("""{"ok":true,"state":"paused"}""");
        protocol.Answer("""{"op":"best"}""").ShouldContain("no trial is complete yet");
    }

    [Theory]
    [InlineData(""","schedule":"ashe","resource":9}""", "no such schedule")]
    [InlineData(""","schedule":"asha"}""", "needs \\\"resource\\\"")]
    [InlineData(""","resource":9}""", "needs a \\\"schedule\\\"")]
    [InlineData(""","schedule":"asha","resource":{"max":9,"eta":2}}""", "no field 'eta'")]
    [InlineData(""","schedule":"asha","resource":{"max":9,"reduction":1}}""", "at least 2")]
    [InlineData(""","schedule":"asha","resource":0}""", "at least the least resource")]
    [InlineData(""","schedule":"asha","resource":"all"}""", "whole number")]
    [InlineData(""","schedule":"asha","resource":9,"direction":["minimize","minimize"]}""", "one objective")]
    public void What_is_wrong_is_said(string rest, string part)
    {
        var protocol = new AskTellProtocol();
        protocol.Answer("""{"op":"create","space":{"x":{"type":"float","low":0,"high":1}}""" + rest).ShouldContain(part);
    }
}
