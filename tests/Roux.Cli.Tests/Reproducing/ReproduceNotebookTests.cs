using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Reproducing;

/// <summary>A notebook is executed by a program (<c>jupyter nbconvert --execute</c>, papermill; here a stand-in), and its run is repeated like any other.</summary>
public sealed class ReproduceNotebookTests
{
    [Fact]
    public void A_notebook_gives_the_same_again_from_the_cells_of_its_time()
    {
        using var project = new Project();
        project.Write("data.csv", "1\n2\n3\n");
        project.Write("study.ipynb", Notebook(1));
        project.Write("runnb.py", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reproducing", "runnb.py")));
        project.Commit();
        project.Write("study.ipynb", Notebook(2));
        project.Run("python3", "runnb.py", "study.ipynb", "data.csv");
        project.Write("study.ipynb", Notebook(3));
        project.Commit();

        var result = project.Reproduce();
        result["verdict"]!.ToString().ShouldBe("reproduced", result.ToJsonString());
        var metric = result["metrics"]!.AsArray().ShouldHaveSingleItem()!;
        metric["metric"]!.ToString().ShouldBe("score");
        metric["again"]!.GetValue<double>().ShouldBe(4);

        project.Write("data.csv", "1\n2\n4\n");
        var changed = project.Reproduce();
        changed["verdict"]!.ToString().ShouldBe("differs");
        changed["differences"]![0]!["kind"]!.ToString().ShouldBe("data");
    }

    private static string Notebook(int factor)
    {
        JsonObject Code(params string[] lines) => new()
        {
            ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(),
            ["source"] = new JsonArray([.. lines.Select(l => JsonValue.Create(l + "\n"))]),
        };

        return new JsonObject
        {
            ["cells"] = new JsonArray(
                new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = new JsonArray("# Study") },
                Code("%matplotlib inline", "import json, os, sys", "rows = [float(line) for line in open(sys.argv[1])]"),
                Code($"score = {factor} * sum(rows) / len(rows)", "with open(os.environ['ROUX_METRICS_FILE'], 'a') as f:", "    f.write(json.dumps({'metric': 'score', 'value': score}) + '\\n')")),
            ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5,
        }.ToJsonString();
    }
}
