using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Decisions;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Commands;

/// <summary><c>roux threshold MODEL DATA --target COL</c>: what each threshold brings on labelled rows.</summary>
internal static class ThresholdCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "A registered model (NAME, NAME/VERSION, NAME@ALIAS) or a .roux file, of two classes." };
    private static readonly Argument<string> Data = new("DATA") { Description = "Labelled rows that the model has not learned from." };
    private static readonly Option<string> Target = new("--target") { Description = "Column of the answers.", HelpName = "COL", Required = true };
    private static readonly Option<string?> For = new("--for") { Description = "Choose for a metric (f1, mcc, …) or a level (precision>=0.9, recall>=0.8).", HelpName = "GOAL" };
    private static readonly Option<string?> Costs = new("--cost-matrix") { Description = "Choose the least cost: JSON {\"actual\": {\"predicted\": cost}}.", HelpName = "FILE" };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };
    private static readonly Option<string?> Save = new("--save") { Description = "Write the model with the chosen threshold to a file.", HelpName = "FILE.roux" };

    public static Command Create()
    {
        var command = new Command("threshold", "What each decision threshold of a model brings: precision, recall, alerts, cost.") { Model, Data, Target, For, Costs, Sql, Save };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var pipeline = PredictCommand.Load(call.GetValue(Model)!, CommonOptions.StoreOf(call));
        if (pipeline.Task != TaskKind.Binary)
        {
            throw new UsageException($"'{pipeline.Name}' is a model of a {pipeline.Task.ToString().ToLowerInvariant()} task; a table of thresholds is for two classes");
        }

        var goal = DecisionGoals.Of("--for", call.GetValue(For), call.GetValue(Costs), pipeline.Task, pipeline.Classes);
        if (goal is null && call.GetValue(Save) is not null)
        {
            throw new UsageException("--save: says nothing of what to choose for; add --for GOAL or --cost-matrix FILE");
        }

        var table = TableReader.Read(call.GetValue(Data)!, new ReadOptions { Sql = call.GetValue(Sql) }, cancellation).Table;
        var (answers, rows) = LabelledRows.Of(table, call.GetValue(Target)!, pipeline);
        var scan = new ThresholdScan(answers, pipeline.Predict(table.Take(rows), cancellation));
        var current = pipeline.Rule?.Thresholds[0] ?? 0.5;
        var reached = true;
        var threshold = goal is null ? current : scan.Best(goal, out reached);
        var points = scan.Few(threshold, goal).Append(scan.At(current, goal, "model")).DistinctBy(point => point.Threshold).OrderByDescending(point => point.Threshold).ToList();
        if (call.GetValue(Save) is { } path)
        {
            pipeline.With(pipeline.Calibrator, DecisionRule.At(threshold, $"{goal!.Text} on {table.Name}")).Save(path);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject
            {
                ["model"] = pipeline.Name, ["event"] = pipeline.Classes[1], ["rows"] = rows.Length, ["goal"] = goal?.Text, ["reached"] = reached,
                ["threshold"] = threshold, ["model_threshold"] = current, ["points"] = DecisionJson.Of(points), ["saved"] = call.GetValue(Save),
            });
        }
        else
        {
            Print(call, pipeline, rows.Length, goal, reached, threshold, current, points);
        }

        return 0;
    }

    private static void Print(ParseResult call, Pipeline pipeline, int rows, DecisionGoal? goal, bool reached, double threshold, double current, List<OperatingPoint> points)
    {
        var page = new Page();
        page.Line($"'{pipeline.Classes[1]}' is predicted from a probability of {Number(current)} on; {rows.ToString("N0", CultureInfo.InvariantCulture)} labelled rows:");
        page.Line();
        var table = page.Table(2).Column("from", right: true).Column("precision", right: true).Column("recall", right: true).Column("alerts per 1,000", right: true);
        if (goal is not null)
        {
            table.Column(goal.Costs is null ? goal.Metric!.Name : "cost per 1,000", right: true);
        }

        table.Column("");
        foreach (var point in points)
        {
            string[] cells = [Number(point.Threshold), Number(point.Precision), Number(point.Recall), HumanText.Number(point.AlertsPerThousand, "0.#"),
                .. goal is null ? Array.Empty<string>() : [goal.Costs is null ? Number(point.Value) : HumanText.Number(point.CostPerThousand, "0.##")],
                point.Threshold == threshold && goal is not null ? "← chosen" : point.Threshold == current ? "← in use" : point.Kind == "default" ? "usual" : ""];
            table.Row(cells);
        }

        page.Write(table, 2);
        page.Line();
        page.Line(goal is null ? "Choose one with --for f1, --for precision>=0.9, or --cost-matrix FILE."
            : reached ? $"Best for {goal.Text}: {Number(threshold)}." : $"No threshold reaches {goal.Text}; {Number(threshold)} comes nearest.");
        if (call.GetValue(Save) is { } path)
        {
            page.Line($"Written to {path}.");
        }
        else if (goal is not null)
        {
            page.Line("Keep it with --save FILE.roux. It is chosen on these rows, so it looks a little better here than it is.");
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : HumanText.Number(value, "0.000");
}
