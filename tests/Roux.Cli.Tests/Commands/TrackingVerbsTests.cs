using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

public sealed class TrackingVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_store_says_so_and_what_to_do()
    {
        Roux("runs").Output.ShouldBe("No runs yet in .roux. Start with: roux develop DATA --target COLUMN, or: roux run -- CMD\n");
        Roux("runs", "--json").Json["runs"]!.AsArray().Count.ShouldBe(0);
        Roux("models").Output.ShouldStartWith("No model is registered yet in .roux.");
        foreach (string[] call in new string[][] { ["show", "x"], ["query", "SELECT 1"], ["diff", "a", "b"], ["register", "m", "x"], ["models", "m"], ["promote", "m/1", "--alias", "a"] })
        {
            var result = RouxProcess.Run(_folder.Path, call);
            result.ExitCode.ShouldBe(2, string.Join(' ', call));
            result.Error.ShouldContain("roux develop");
            result.Output.ShouldBeEmpty();
        }

        Directory.Exists(Path.Combine(_folder.Path, ".roux")).ShouldBeFalse();
        RouxProcess.Run(_folder.Path, "runs", "--store", "typo").Error.ShouldContain("store 'typo': no such folder");
    }

    [Fact]
    public void Runs_are_filtered_ordered_and_limited()
    {
        Fill();
        var all = Roux("runs").Output.TrimEnd().Split('\n');
        all[0].ShouldStartWith("run       name");
        all.Length.ShouldBe(5);
        all.ShouldAllBe(l => l.Length <= 80);
        all.ShouldNotContain(l => l.Contains("fold-1"));
        all.ShouldContain(l => l.Contains("failed"));
        Roux("runs", "--all").Output.ShouldContain("└ fold-1");

        var found = Roux("runs", "--filter", "metrics.acc > 0.85 and params.lr = '0.1'", "--json").Json["runs"]!.AsArray();
        found.Select(r => (string)r!["name"]!).ShouldBe(["better"]);
        Roux("runs", "--order-by", "metrics.acc asc", "--limit", "1", "--json").Json["runs"]![0]!["name"]!.GetValue<string>().ShouldBe("good");
        Roux("runs", "-e", "other", "--json").Json["runs"]!.AsArray().Count.ShouldBe(1);

        Fails("metrics", "runs", "--filter", "metrics acc");
        Fails("--limit 0", "runs", "--limit", "0");
        Fails("nothere", "runs", "-e", "nothere");
    }

    [Fact]
    public void Show_tells_everything()
    {
        Fill();
        var page = Roux("show", "better");
        foreach (var part in new[]
        {
            "better  finished", "Params", "lr", "Metrics", "▁", "0.9", "Data", "train.csv", "sha256:abc", "Findings", "High leak: a column gives the target away", "Fix: drop it", "Warnings", "disk was slow",
            "Parts (2 runs)", "fold-1", "Artifacts", "model.roux", "How to reproduce", "git checkout 0123456789", "python train.py",
        })
        {
            page.Output.ShouldContain(part);
        }

        page.Output.Split('\n').ShouldAllBe(l => l.Length <= 80 || l.StartsWith("  git ", StringComparison.Ordinal) || l.StartsWith("  in ", StringComparison.Ordinal));
        var json = Roux("show", "better", "--json").Json;
        json["params"]!["lr"]!.GetValue<string>().ShouldBe("0.1");
        json["metric_details"]!["loss"]!["points"]!.GetValue<int>().ShouldBe(20);
        json["metric_details"]!["loss"]!["min"]!.GetValue<double>().ShouldBe(0.05);
        json["metrics"]!["odd"]!.GetValue<string>().ShouldBe("NaN");
        json["findings"]![0]!["severity"]!.GetValue<string>().ShouldBe("high");
        json["children"]!.AsArray().Count.ShouldBe(2);
        json["artifacts"]!.AsArray().Select(a => (string)a!["path"]!).ShouldBe(["environment.json", "model.roux", "plots/roc.svg"]);

        // By the beginning of the id, and the latest.
        var id = (string)json["run_id"]!;
        Roux("show", id[..10], "--json").Json["run_id"]!.GetValue<string>().ShouldBe(id);
        Roux("show", "latest", "--json").Json["name"]!.GetValue<string>().ShouldBe("elsewhere");
    }

    [Fact]
    public void Names_near_an_unknown_one_are_suggested()
    {
        Fill();
        Fails("did you mean 'better'?", "show", "bettre");
        Fails("no run of that id or name", "show", "zzzzzzzzzzzz");
        Fails("did you mean 'films'?", "models", "fims");
    }

    [Fact]
    public void Diff_shows_only_what_differs()
    {
        Fill();
        var page = Roux("diff", "good", "better").Output;
        page.ShouldContain("+0.1");
        page.ShouldContain("+12.5%");
        page.ShouldContain("sha256:abc");
        page.ShouldNotContain("seed");
        page.ShouldContain("0123456789");
        page.Split('\n').ShouldAllBe(l => l.Length <= 80);
        Roux("diff", "good", "better", "--all").Output.ShouldContain("seed");
        var json = Roux("diff", "good", "better", "--json").Json;
        json["metrics"]!["acc"]!["delta"]!.GetValue<double>().ShouldBe(0.1, 1e-12);
        json["params"]!.AsObject().Select(p => p.Key).ShouldBe(["lr"]);
        json["datasets"]!["train.csv (training)"]!["b"]!.GetValue<string>().ShouldBe("sha256:abc");
        json["packages"]!["numpy"]!["a"]!.GetValue<string>().ShouldBe("1.0");
        json["changed_files"]!["a.py"]!["b"].ShouldBeNull();
        Roux("diff", "good", "good").Output.ShouldContain("Nothing differs.");
    }

    [Fact]
    public void Queries_are_read_only_sql()
    {
        Fill();
        Roux("query", "SELECT name, status FROM runs WHERE parent_run_id IS NULL AND name <> 'good' ORDER BY name").Output.ShouldBe("name       status\nbetter     FINISHED\nbroken     FAILED\nelsewhere  FINISHED\n");
        var json = Roux("query", "SELECT name, 1 AS n, 2 AS n, 'NaN'::DOUBLE AS x, [1,2] AS l, NULL AS z, TIMESTAMP '2026-01-02 03:04:05' AS t FROM runs WHERE name = 'good'", "--json").Json;
        var row = json["rows"]![0]!.AsObject();
        row.ToJsonString().ShouldBe("""{"name":"good","n":1,"n_2":2,"x":"NaN","l":[1,2],"z":null,"t":"2026-01-02T03:04:05.000Z"}""");
        Fails("", "query", "DELETE FROM runs");
        Fails("", "query", "SELECT nope FROM runs");
        Roux("query", "SELECT count(*) AS n FROM runs", "--json").Json["rows"]![0]!["n"]!.GetValue<int>().ShouldBe(6);
    }

    [Fact]
    public void Models_are_registered_promoted_and_listed()
    {
        Fill();
        Roux("models").Output.ShouldContain("films");
        var version = Roux("register", "films", "better", "--json").Json;
        version["version"]!.GetValue<int>().ShouldBe(2);
        version["artifact_path"]!.GetValue<string>().ShouldBe("model.roux");
        Roux("promote", "films/2", "--stage", "production", "--alias", "champion").Output.ShouldBe("films/2: stage Production, alias champion\n");
        Roux("promote", "films/1", "--stage", "Production");
        var model = Roux("models", "films", "--json").Json;
        model["versions"]!.AsArray().Select(v => ((int)v!["version"]!, (string)v["stage"]!)).ShouldBe([(2, "Archived"), (1, "Production")]);
        model["aliases"]!["champion"]!.GetValue<int>().ShouldBe(2);
        Roux("models", "films").Output.ShouldContain("champion");

        Fails("which artifact is the model? Name it with --artifact; there are: a.bin, b.bin", "register", "films", "good");
        Fails("no artifact that could be a model", "register", "films", "elsewhere");
        Fails("no such stage", "promote", "films/1", "--stage", "Produktion");
        Fails("has no such version; it has 2, 1", "promote", "films/9", "--alias", "x");
        Fails("--stage STAGE or --alias ALIAS", "promote", "films/1");
    }

    [Fact]
    public void Names_cannot_steer_the_terminal()
    {
        using (var tracker = Tracker.Open(Store))
        using (var run = tracker.Experiment("e").StartRun("\u001b[2J\u001b]0;owned\u0007evil\r\nname"))
        {
            run.Tag("note", "\u001b[31mred <script>");
        }

        foreach (string[] call in new string[][] { ["runs"], ["show", "latest"], ["query", "SELECT name FROM runs"] })
        {
            var output = Roux(call).Output;
            output.ShouldContain("evil");
            output.ShouldNotContain("owned");
            output.Any(c => char.IsControl(c) && c != '\n').ShouldBeFalse();
        }

        Roux("runs", "--json").Json["runs"]![0]!["name"]!.GetValue<string>().ShouldContain("\u001b[2J");
    }

    private string Store => Path.Combine(_folder.Path, ".roux");

    private RouxProcess.Result Roux(params string[] arguments)
    {
        var result = RouxProcess.Run(_folder.Path, arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldBeEmpty();
        return result;
    }

    private void Fails(string message, params string[] arguments)
    {
        var result = RouxProcess.Run(_folder.Path, arguments);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain(message);
        result.Error.Trim().Split('\n').Length.ShouldBe(1);
    }

    private void Fill()
    {
        using var tracker = Tracker.Open(Store);
        var films = tracker.Experiment("films");
        using (var good = films.StartRun("good"))
        {
            good.Log("lr", 0.3).Log("seed", 7).LogMetric("acc", 0.8);
            good.LogDataset(new Dataset("train.csv", "sha256:abd", "/d/train.csv", 10, 2), "training");
            good.LogText("a.bin", "a").LogText("b.bin", "b");
            good.LogText("environment.json", """{"python":{"packages":[{"name":"numpy","version":"1.0"},{"name":"scipy","version":"1.0"}]}}""");
            good.LogText("git.diff", "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+y\n");
        }

        using (var better = films.StartRun("better"))
        {
            better.Log("lr", 0.1).Log("seed", 7).LogMetric("acc", 0.9).LogMetric("odd", double.NaN);
            for (var step = 0; step < 20; step++)
            {
                better.LogMetric("loss", 1.0 / (step + 1), step);
            }

            better.Tag("mlflow.source.git.commit", "0123456789abcdef0123456789abcdef01234567").Tag("roux.command", "python train.py --lr 0.1");
            better.LogDataset(new Dataset("train.csv", "sha256:abc", "/d/train.csv", 11, 2), "training");
            better.LogFinding(new Finding("leak", Severity.High, "a column gives the target away") { Fix = "drop it" });
            better.Warn("disk was slow");
            better.LogText("model.roux", "model").LogText("plots/roc.svg", "<svg/>");
            better.LogText("environment.json", """{"python":{"packages":[{"name":"numpy","version":"2.0"},{"name":"scipy","version":"1.0"}]}}""");
            for (var fold = 1; fold <= 2; fold++)
            {
                using var part = better.StartChild($"fold-{fold}");
                part.LogMetric("acc", 0.89);
            }

            better.Flush();
            tracker.Models.Register("films", better.Id, "model.roux");
        }

        using (var broken = films.StartRun("broken"))
        {
            broken.Fail(new InvalidOperationException("diverged"));
        }

        using (tracker.Experiment("other").StartRun("elsewhere"))
        {
        }
    }
}
