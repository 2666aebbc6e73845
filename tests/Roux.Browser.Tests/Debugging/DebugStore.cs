using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Browser.Tests.Debugging;

/// <summary>Three debugging sessions about one table and one about another, with all the documents that sessions leave (docs/debugging.md).</summary>
internal static class DebugStore
{
    public const string Subject = "survived from passengers.csv";

    /// <summary>Fills a store; the data lie in a folder beside it.</summary>
    public static void Fill(Tracker tracker)
    {
        var data = Path.Combine(Path.GetDirectoryName(tracker.Store)!, "passengers.csv");
        File.WriteAllText(data, "age,fare,class,name,survived\n" + string.Concat(Enumerable.Range(1, 60).Select(row => string.Create(CultureInfo.InvariantCulture, $"{20 + row},{row * 1.5},{1 + (row % 3)},\"Passenger, no. {row}\",{(row % 2 == 0 ? "yes" : "no")}\n"))));
        var dataset = new Dataset("passengers.csv", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(data))), data, new FileInfo(data).Length, 60);

        Session(tracker, Subject, dataset, [Leak(), Drift(), Rare("cabin")]);
        Session(tracker, Subject, dataset, [Leak(), Drift(), Rare("ticket")]);
        Session(tracker, Subject, dataset, [Leak(), Rare("ticket"), Hostile()], full: true);
        Session(tracker, "price from houses.csv", null, [Rare("<b>street</b>")]);
    }

    private static void Session(Tracker tracker, string subject, Dataset? data, IReadOnlyList<Finding> findings, bool full = false)
    {
        using var run = tracker.Experiment("debug").StartRun("debug", null, new Dictionary<string, string> { ["roux.verb"] = "debug", [FindingDecisions.SubjectTag] = subject });
        foreach (var finding in findings)
        {
            run.LogFinding(finding);
        }

        if (data is not null)
        {
            run.LogDataset(data, "all");
        }

        if (full)
        {
            run.LogText("debug/labels.json", Labels(data!).ToJsonString());
            run.LogText("debug/slices.json", Slices().ToJsonString());
            run.LogText("debug/recipe.json", Recipe().ToJsonString());
        }

        run.Finish();
    }

    private static Finding Leak() => new("suspected-leak", Severity.High, "The column 'boat' tells the answer in 99% of the rows: it is filled in once the answer is known.")
    {
        Columns = ["boat"],
        Cause = "The column was written down after the fact.",
        Fix = "Leave 'boat' out (--drop boat).",
        Verify = "Without it the score on new rows stays the same.",
        Evidence = new JsonObject
        {
            ["skill"] = 0.991,
            ["rows"] = 60,
            ["plot"] = Plot("bar", "Errors that one column takes away", "column", "share", ["boat", "fare", "age"], ("share", [], [0.99, 0.31, 0.12])),
            ["consequences"] = new JsonArray(new JsonObject { ["check"] = "feature-dominates", ["severity"] = "medium", ["message"] = "One column makes up 97% of what columns are worth." }),
        },
    };

    private static Finding Drift() => new("column-drift", Severity.Medium, "'fare' is distributed otherwise in the test rows (PSI 0.42).") { Columns = ["fare"], Fix = "Ask where the test rows come from." };

    private static Finding Rare(string column) => new("rare-levels", Severity.Low, $"12 levels of '{column}' have fewer than five rows.") { Columns = [column] };

    private static Finding Hostile() => new("outliers", Severity.Info, "<script>alert(1)</script> is far from the others") { Columns = ["=cmd()"], Evidence = new JsonObject { ["plot"] = "no plot", ["deep"] = new JsonArray(new JsonObject { ["a"] = 1 }) } };

    private static JsonObject Labels(Dataset data) => new()
    {
        ["format"] = "roux.labels/1",
        ["target"] = "survived",
        ["data"] = new JsonObject { ["name"] = data.Name, ["digest"] = data.Digest, ["source"] = data.Source, ["rows"] = 60 },
        ["classes"] = new JsonArray("no", "yes", "unknown"),
        ["models"] = new JsonArray("logistic-regression", "lightgbm"),
        ["looked_at"] = 60,
        ["held_to_be_wrong"] = 3,
        ["rows"] = new JsonArray([.. Enumerable.Range(0, 40).Select(rank => (JsonNode)new JsonObject
        {
            ["row"] = rank + 3,
            ["given"] = (rank + 3) % 2 == 0 ? "yes" : "no",
            ["suggested"] = rank < 12 ? (rank + 3) % 2 == 0 ? "no" : "yes" : (rank + 3) % 2 == 0 ? "yes" : "no",
            ["confidence"] = 0.01 + (rank * 0.02),
            ["suggested_probability"] = 0.98 - (rank * 0.01),
            ["held_to_be_wrong"] = rank < 3,
            ["cells"] = new JsonObject { ["age"] = $"{23 + rank}", ["fare"] = "8.05", ["class"] = "3", ["name"] = $"Passenger, no. {rank + 3}", ["deck"] = null, ["port"] = "Southampton", ["alone"] = "true", ["note"] = "<i>travelled with a family of five</i>" },
        })]),
    };

    private static JsonObject Slices() => new()
    {
        ["format"] = "roux.slices/1",
        ["model"] = "lightgbm",
        ["task"] = "binary",
        ["metric"] = "share of wrong answers",
        ["rows"] = 268,
        ["loss"] = 0.19,
        ["slices"] = new JsonArray(
            Slice("class = 3 and age <= 14", "weak", 24, 0.54, 0.22, 0.16, 0.71, 0.004),
            Slice("port is missing", "weak", 21, 0.43, 0.2, 0.17, 0.55, 0.03),
            Slice("8.1 < fare <= 12.6", "hard", 52, 0.37, 0.19, 0.15, 0.44, 0.01)),
        ["worst"] = new JsonArray(Row("yes", "no", 0.98, 12), Row("no", "yes", 0.96, 44)),
    };

    private static JsonObject Slice(string text, string kind, int rows, double loss, double expected, double rest, double effect, double p) => new()
    {
        ["slice"] = text,
        ["conditions"] = new JsonArray(text),
        ["rows"] = rows,
        ["share_of_rows"] = rows / 268.0,
        ["loss"] = loss,
        ["expected_loss"] = expected,
        ["rest_loss"] = rest,
        ["effect_size"] = effect,
        ["p_value"] = p,
        ["kind"] = kind,
        ["advice"] = "more_data",
        ["cause"] = "Training knows few such rows: 31 of 600, where 9% are to be expected.",
        ["fix"] = "Collect and label more rows of this kind.",
        ["examples"] = new JsonArray(Row("yes", "no", 0.91, 8), Row("no", "no", 0.7, 3)),
    };

    private static JsonObject Row(string answer, string predicted, double sureness, int age) => new()
    {
        ["answer"] = answer, ["predicted"] = predicted, ["sureness"] = sureness, ["loss"] = 2.4,
        ["cells"] = new JsonObject { ["age"] = age.ToString(CultureInfo.InvariantCulture), ["fare"] = "21.07", ["class"] = "3", ["name"] = "Sandstrom, Miss. Marguerite Rut", ["port"] = null },
    };

    private static JsonObject Recipe() => new()
    {
        ["format"] = "roux.recipe/1",
        ["learner"] = "mlp",
        ["facts"] = new JsonArray("mlp", "600 rows to learn from, 268 to judge by"),
        ["outcome"] = "failed",
        ["steps"] = new JsonArray(
            Step(1, "start simple", "Are the data fit to learn from at all?", "passed", "41 checks of the table found nothing that stands in the way (2 of less weight)", Plot("bar", "Rows of each class", "class", "rows", ["no", "yes"], ("rows", [], [372, 228])), new JsonArray(new JsonObject { ["check"] = "rare-levels", ["severity"] = "low", ["message"] = "12 levels of 'ticket' have fewer than five rows." })),
            Step(2, "overfit a batch", "Can the learner learn a few rows by heart?", "passed", "1 checks of the network found nothing", Plot("line", "Loss of one small batch, learned by heart; the line is the goal", "step", "loss", [], ("loss", [.. Enumerable.Range(0, 60).Select(step => (double)step)], [.. Enumerable.Range(0, 60).Select(step => 0.69 * Math.Exp(-step / 18.0))])), []),
            Step(3, "seeds", "Does the same seed give the same model?", "passed", "1 checks of repetition found nothing", null, []),
            Step(4, "loss and gradients", "Does the loss begin where theory has it, and do gradients reach every layer?", "failed", "The gradient of hidden.0 is 1e-7 of that of the output: it vanishes on its way.", Plot("bar", "Gradient of each layer", "layer", "gradient", ["hidden.0", "hidden.1", "hidden.2", "out"], ("gradient", [], [1e-8, 1e-6, 1e-3, 0.1])), new JsonArray(new JsonObject { ["check"] = "vanishing-gradient", ["severity"] = "high", ["message"] = "The gradient vanishes on its way." })),
            Step(5, "learning curves", "Is it bias, variance, or neither?", "not_reached", "", null, [])),
    };

    private static JsonObject Step(int number, string name, string question, string outcome, string proof, JsonObject? plot, JsonArray findings) => new()
    {
        ["step"] = number, ["name"] = name, ["question"] = question, ["outcome"] = outcome, ["proof"] = proof, ["seconds"] = 1.4, ["plot"] = plot, ["findings"] = findings,
    };

    private static JsonObject Plot(string kind, string title, string x, string y, string[] labels, params (string Name, double[] X, double[] Y)[] series) => new()
    {
        ["kind"] = kind, ["title"] = title, ["x_title"] = x, ["y_title"] = y, ["log_y"] = false, ["reference"] = null,
        ["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]),
        ["series"] = new JsonArray([.. series.Select(one => new JsonObject { ["name"] = one.Name, ["x"] = new JsonArray([.. one.X.Select(value => JsonValue.Create(value))]), ["y"] = new JsonArray([.. one.Y.Select(value => JsonValue.Create(value))]) })]),
    };
}
