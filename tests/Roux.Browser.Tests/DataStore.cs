using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Browser.Tests;

/// <summary>A store with a data set of three versions, profiled from tables, the last of which has drifted; runs over them, parts of runs, and a model in production.</summary>
internal static class DataStore
{
    public const string Hostile = "<script>alert('data')</script>/a b.csv";

    public static void Fill(Tracker tracker)
    {
        var films = tracker.Experiment("films");
        var versions = new[] { Films(1, 4_000, 0), Films(2, 4_600, 0), Films(3, 5_200, 1) };
        for (var index = 0; index < 24; index++)
        {
            using var run = films.StartRun($"train-{index:00}");
            run.LogDataset(versions[index / 8], "training").LogDataset(Films(9, 900, 0) with { Name = "films-test.csv" }, "testing");
            run.LogMetric("accuracy", 0.7 + (index * 0.005));
            run.LogText("model/model.txt", "model " + index);
            if (index == 23)
            {
                foreach (var family in new[] { "linear", "boosted-trees", "forest" })
                {
                    using var part = run.StartChild(family);
                    part.LogText("model/model.txt", family);
                    part.LogMetric("accuracy", 0.8);
                }
            }
        }

        using (var cleaning = films.StartRun("clean-films"))
        {
            cleaning.LogDataset(new Dataset("films-raw.json", "sha256:" + new string('4', 64), "s3://lake/films-raw.json", 91_000_000, 6_000), "input").LogDataset(versions[2], "output");
        }

        using (var foreign = tracker.Experiment("python").StartRun("sklearn"))
        {
            foreign.LogDataset(new Dataset("iris", "a1b2c3d4", """{"uri": "https://example.org/iris.csv"}""", Schema: """{"mlflow_colspec": [{"type": "double", "name": "sepal length", "required": true}]}""") { SourceType = "http", Profile = """{"num_rows": 150, "num_elements": 750}""" }, "training");
            foreign.LogDataset(new Dataset(Hostile, "deadbeef", "javascript:alert(1)"), "\"><img src=x onerror=alert(1)>");
        }

        Notebooks(tracker);
        tracker.Models.Register("film-rater", tracker.FindRun("train-15")!.Id, "model");
        tracker.Models.Register("film-rater", tracker.FindRun("boosted-trees")!.Id, "model");
        tracker.Models.SetStage("film-rater", 2, ModelStage.Production);
        tracker.Models.SetAlias("film-rater", "champion", 2);
    }

    private static void Notebooks(Tracker tracker)
    {
        string[] texts = ["import pandas as pd\nfilms = pd.read_csv('films.csv')\nfilms.describe()", "import pandas as pd\nfilms = pd.read_csv('films.csv').dropna()\nfilms.describe()"];
        for (var i = 0; i < 2; i++)
        {
            using var run = tracker.Experiment("notebooks").StartRun("analysis-" + (i + 1));
            run.Tag("roux.notebook", "analysis/films.ipynb").Tag("roux.git.dirty", "true");
            run.LogText("notebook/films.ipynb", Notebook(texts[i], i == 1 ? "films.plot()" : null, results: true));
            if (i == 1)
            {
                run.LogText("notebook/films.committed.ipynb", Notebook(texts[0] + "  # as committed", null, results: false));
                run.LogText("git.diff", "diff --git a/analysis/films.ipynb b/analysis/films.ipynb\n+  \"image/png\": \"iVBORw0KGgo\"\ndiff --git a/train.py b/train.py\n+rate = 1\n");
                run.LogText("tables/rows.csv", "id,word,formula\n" + string.Concat(Enumerable.Range(1, 250).Select(row => $"{row:000},\"word {row}, quoted\",=1+{row}\n")));
                run.LogText("tables/lines.jsonl", string.Concat(Enumerable.Range(1, 3).Select(row => $"{{\"a\": {row}, \"b\": [1, 2]}}\n")));
                run.LogText("tables/broken.parquet", "PAR1 this is none");
                run.LogArtifact(Parquet(), "tables");
            }
        }
    }

    private static string Parquet()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("roux-parquet-").FullName, "films.parquet");
        using var connection = new DuckDB.NET.Data.DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT i AS id, 'film ' || i AS title, i * 1.5 AS rating, DATE '2020-01-01' + CAST(i AS INTEGER) AS released FROM range(5000) t(i)) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }

    private static string Notebook(string code, string? more, bool results)
    {
        const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
        JsonObject Code(string id, string source, params JsonNode[] outputs) => new()
        {
            ["cell_type"] = "code", ["id"] = id, ["execution_count"] = results ? 1 : null, ["metadata"] = new JsonObject(), ["source"] = source, ["outputs"] = results ? new JsonArray(outputs) : [],
        };
        var cells = new JsonArray
        {
            new JsonObject { ["cell_type"] = "markdown", ["id"] = "m1", ["metadata"] = new JsonObject(), ["source"] = "# Films\n\nWhat they **earn** <script>alert('note')</script>" },
            Code("c1", code,
                new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new JsonArray("5200 rows\n", "7 columns\n") },
                new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = "<script>alert('result')</script><b>bold</b>", ["text/plain"] = "count  5200" } }),
            Code("c2", "films.hist()", new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["image/png"] = Dot } }),
            Code("c3", "films.oops", new JsonObject { ["output_type"] = "error", ["ename"] = "AttributeError", ["evalue"] = "oops", ["traceback"] = new JsonArray("\u001b[31mAttributeError\u001b[0m: no oops") }),
        };
        if (more is not null)
        {
            cells.Add(Code("c4", more));
        }

        return new JsonObject { ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject(), ["cells"] = cells }.ToJsonString();
    }

    private static Dataset Films(int seed, int rows, double drift)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        string[] genres = ["Drama", "Comedy", "Horror", "Documentary", "Action"];
        List<Column> columns =
        [
            new NumberColumn("runtime", [.. Enumerable.Range(0, rows).Select(_ => Math.Round(104 + (19 * Normal())))], ColumnType.Integer),
            new NumberColumn("budget", [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.04 + (drift * 0.22) ? double.NaN : Math.Round(Math.Exp(16 + (1.2 * Normal()) + (drift * 0.9))))]),
            new NumberColumn("rating", [.. Enumerable.Range(0, rows).Select(_ => Math.Clamp(Math.Round(6.4 + (1.1 * Normal()), 1), 1, 10))]),
            TextColumn.From("genre", Enumerable.Range(0, rows).Select(_ => genres[Math.Min(4, (int)(random.NextDouble() * random.NextDouble() * 6.2 * (1 + (drift * 0.5))))])),
            TextColumn.From("title", Enumerable.Range(0, rows).Select(i => $"The {i:0000}th night of the long and winding story")),
            new DateColumn("released", [.. Enumerable.Range(0, rows).Select(_ => new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(12_000)).Ticks)]),
        ];
        columns.Add(drift == 0 ? new NumberColumn("votes", [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(9_000))], ColumnType.Integer) : TextColumn.From("country", Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.7 ? "US" : "FR")));
        var table = new Table("films.csv", columns);
        var digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed)));
        return new Dataset("films.csv", digest, "/data/films/films.csv", rows * 78L, rows) { Profile = CompactProfile.Of(table, ColumnRoles.Infer(table, null)).ToJson() };
    }
}
