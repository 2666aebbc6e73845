using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Browser.Tests;

/// <summary>A store as a small team would have it: two experiments, trainings with curves, a failed and a running run, findings, notes, artifacts and models.</summary>
internal static class DemoStore
{
    private static readonly string[] Families = ["linear", "boosted-trees", "forest", "mlp"];

    public static void Fill(Tracker tracker)
    {
        var random = new Random(11);
        var genres = tracker.Experiment("movie-genres");
        for (var index = 0; index < 40; index++)
        {
            Train(genres, random, index);
        }

        var images = tracker.Experiment("digits-cnn");
        for (var index = 0; index < 6; index++)
        {
            Train(images, random, index + 100);
        }

        Model(tracker);
    }

    private static void Train(Experiment experiment, Random random, int index)
    {
        var family = Families[index % Families.Length];
        using var run = experiment.StartRun(string.Create(CultureInfo.InvariantCulture, $"{family}-{index:00}"));
        var rate = Math.Pow(10, -1 - (3 * random.NextDouble()));
        run.Log("learner", family);
        run.Log("learning_rate", Math.Round(rate, 5));
        run.Log("depth", 2 + (index % 7));
        run.Log("seed", index);
        run.Tag("team", index % 3 == 0 ? "search" : "ads");
        run.Tag("mlflow.source.git.commit", "3f2a9c1d7b60e4f5a8b9c0d1e2f3a4b5c6d7e8f9");
        run.Tag("mlflow.source.git.branch", "main");
        run.Tag("roux.runtime", ".NET 10.0.12");
        run.Tag("roux.os", "Debian GNU/Linux 12");
        run.Tag("roux.cpu", "AMD EPYC, 2 of 64 cores");
        run.LogDataset(new Dataset("movies.csv", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "data/movies.csv", 357_000_000, 58_000), "training");
        var start = DateTimeOffset.UtcNow.AddHours(-index * 1.7);
        var best = 0.72 + (0.2 * random.NextDouble());
        for (var step = 0; step < 120; step++)
        {
            var time = start.AddSeconds(step * 3);
            var progress = 1 - Math.Exp(-step / 25.0);
            run.LogMetric("val/accuracy", (best * progress) + (0.015 * (random.NextDouble() - 0.5)), step, time);
            run.LogMetric("train/loss", (2.3 * Math.Exp(-step / 30.0)) + 0.15 + (0.08 * random.NextDouble()) + (step == 61 && index % 9 == 0 ? 1.6 : 0), step, time);
            run.LogMetric("val/loss", (2.3 * Math.Exp(-step / 34.0)) + 0.24 + (0.05 * random.NextDouble()) + Math.Max(0, (step - 70) * 0.002), step, time);
            run.LogMetric("system/cpu_percent", 60 + (30 * random.NextDouble()), step, time);
            run.LogMetric("system/memory_bytes", 1.2e9 + (step * 4e6), step, time);
        }

        run.LogMetric("macro_f1", best - 0.03);
        if (index % 10 == 3)
        {
            run.LogFinding(new Finding("target-leakage", Severity.High, "Column 'popularity' alone predicts the target with an accuracy of 0.99.")
            {
                Columns = ["popularity"],
                Cause = "It was computed after the target was known.",
                Fix = "Leave the column out, or use its value of the day before.",
                Verify = "Without it the accuracy on new data stays the same.",
                Evidence = new JsonObject
                {
                    ["plot"] = new JsonObject
                    {
                        ["kind"] = "bar", ["title"] = "Accuracy of one column alone", ["x_title"] = "column", ["y_title"] = "accuracy", ["log_y"] = false, ["reference"] = 0.4,
                        ["labels"] = new JsonArray("popularity", "year", "runtime", "budget"),
                        ["series"] = new JsonArray(new JsonObject { ["name"] = "accuracy", ["x"] = new JsonArray(), ["y"] = new JsonArray(0.99, 0.41, 0.39, 0.37) }),
                    },
                },
            });
            run.LogFinding(new Finding("class-imbalance", Severity.Low, "The largest class holds 46 % of the rows, the smallest 0.3 %.") { Columns = ["genre"], Fix = "Judge by macro F1." });
        }

        run.LogText("config.json", """{"learner": "boosted-trees", "trees": 200, "features": ["title", "overview"], "early_stopping": true}""");
        run.LogText("predictions.csv", "title,genre,prediction\nAlien,Horror,Horror\nHeat,Crime,Drama\n\"Up, up\",Family,Family\n");
        run.LogText("output.log", string.Join('\n', Enumerable.Range(0, 60).Select(line => $"epoch {line} loss {2.3 * Math.Exp(-line / 30.0):0.000}")));
        run.LogText("git.diff", "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -10,4 +10,4 @@ def train():\n-    rate = 0.1\n+    rate = 0.03\n     model.fit()\n");
        run.LogText("report.html", "<h1>Report</h1><style>h1{color:rgb(1,2,3)}</style><script>parent.document.title='broken out'</script>");
        run.LogText("model/model.txt", "a model");
        if (index % 8 == 5)
        {
            run.Fail(new InsufficientMemoryException("the batch does not fit"));
        }
    }

    private static void Model(Tracker tracker)
    {
        var runs = tracker.SearchRuns(new RunQuery { Filter = "status = 'FINISHED'", Experiments = ["movie-genres"], MaxResults = 3 });
        foreach (var run in runs)
        {
            tracker.Models.Register("genre-classifier", run.Id, "model");
        }

        tracker.Models.SetStage("genre-classifier", 2, ModelStage.Production);
        tracker.Models.SetAlias("genre-classifier", "champion", 2);
    }
}
