using System.Text.Json.Nodes;
using Roux.Cli.Studies;
using Roux.Learning.Studies;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class TrialReplayTests
{
    private static readonly SearchSpace Space = new(new FloatParameter("x", 0, 1), new FloatParameter("y", 1e-4, 1, Log: true), new CategoricalParameter("kind", ["a", "b"]));

    [Fact]
    public void Ten_thousand_trials_are_read_and_the_study_goes_on()
    {
        using var folder = new TemporaryFolder();
        using (var file = new StreamWriter(Path.Combine(folder.Path, "journal.jsonl")))
        {
            for (var i = 0; i < 10_000; i++)
            {
                file.WriteLine(new JsonObject { ["op"] = "ask", ["trial"] = i, ["time"] = i, ["worker"] = "w", ["params"] = new JsonObject { ["x"] = i / 10_000.0, ["y"] = 0.01, ["kind"] = "a" } }.ToJsonString());
                file.WriteLine(new JsonObject { ["op"] = "report", ["trial"] = i, ["step"] = 0, ["value"] = i + 1, ["time"] = i }.ToJsonString());
                file.WriteLine($$"""{"op":"end","trial":{{i}},"state":"{{(i % 3 == 1 ? "pruned" : "complete")}}","values":[{{i}}],"time":{{i}}}""");
            }

            // The last one was being written when its process was killed.
            file.Write("{\"op\":\"ask\",\"trial\":10000,\"wor");
        }

        var study = new Study(Space, new StudyOptions { Pruner = Pruner.Of("median") });
        var (log, replay) = (new TrialLog(folder.Path), new TrialReplay(study));
        foreach (var line in log.Read())
        {
            replay.Apply(line);
        }

        study.Trials.Count.ShouldBe(10_000);
        study.Best!.Number.ShouldBe(0);
        study.Trials.Count(trial => trial.State == TrialState.Pruned).ShouldBe(3_333);
        study.Ask().Number.ShouldBe(10_000);
        using (log.Lock())
        {
            log.Append([new JsonObject { ["op"] = "other" }]);
        }

        File.ReadAllText(log.File).ShouldEndWith("\n{\"op\":\"other\"}\n");
    }

    [Theory]
    [InlineData("""{"op":"ask","trial":1,"worker":"w","params":{"x":0,"y":0.1,"kind":"a"}}""", "not the next")]
    [InlineData("""{"op":"ask","trial":0,"worker":"w","params":{"x":9,"y":0.1,"kind":"a"}}""", "not in [0, 1]")]
    [InlineData("""{"op":"end","trial":7,"state":"complete","values":[1]}""", "no such trial")]
    [InlineData("""{"op":"report","trial":0}""", "does not fit the study")]
    [InlineData("""{"op":"ask"}""", "does not fit the study")]
    public void A_line_that_does_not_fit_is_told(string line, string message)
    {
        using var document = System.Text.Json.JsonDocument.Parse(line);
        Should.Throw<FormatException>(() => new TrialReplay(new Study(Space)).Apply(document.RootElement)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_worker_is_gone_when_it_lets_its_file_go()
    {
        using var folder = new TemporaryFolder();
        using var mine = new StudyWorkers(folder.Path, TimeProvider.System);
        mine.HasOthers.ShouldBeFalse();
        using (var other = new StudyWorkers(folder.Path, TimeProvider.System))
        {
            mine.IsAlive(other.Name).ShouldBeTrue();
            mine.HasOthers.ShouldBeTrue();
            other.IsAlive(mine.Name).ShouldBeTrue();
        }

        mine.HasOthers.ShouldBeFalse();
        mine.IsAlive("../../etc/passwd").ShouldBeFalse();
        mine.IsAlive("elsewhere-1-x").ShouldBeFalse();
        File.WriteAllText(Path.Combine(folder.Path, "workers", "elsewhere-1-y"), "");
        mine.IsAlive("elsewhere-1-y").ShouldBeTrue();
        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "workers", "elsewhere-1-y"), DateTime.UtcNow.AddMinutes(-5));
        mine.IsAlive("elsewhere-1-y").ShouldBeFalse();
    }
}
