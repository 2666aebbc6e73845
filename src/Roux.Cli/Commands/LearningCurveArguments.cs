using System.CommandLine;
using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;

namespace Roux.Cli.Commands;

/// <summary>The arguments of <c>learning-curve</c>.</summary>
internal sealed class LearningCurveArguments
{
    private readonly Argument<string> data = new("DATA") { Description = "Any file that develop reads." };
    private readonly Option<string> target = new("--target") { Description = "The column to predict.", HelpName = "COL", Required = true };
    private readonly Option<string[]> families = new("--families") { Description = "Learners or families, a comma list (default: a linear one and lightgbm).", HelpName = "NAME" };
    private readonly Option<string?> sizes = new("--sizes") { Description = "Rows to learn from, a comma list (default: halves down from what there is).", HelpName = "N,N,…" };
    private readonly Option<int> repeats = new("--repeats") { Description = "Divisions that every size is measured on.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<string> budget = new("--time-budget") { Description = "Time for everything, such as 60s or 5m; larger sizes that do not fit are left out. 'none': no limit.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };
    private readonly Option<double?> human = new("--human-error") { Description = "Error of people on this task: a share of wrong answers for classes, else on the metric's scale.", HelpName = "X" };
    private readonly Option<string?> metric = new("--metric") { Description = "Metric (default: roc_auc, macro_f1, micro_f1 or rmse, by task).", HelpName = "NAME" };
    private readonly Option<string?> task = new("--task") { Description = "binary, multiclass, multilabel or regression, where the target does not tell.", HelpName = "TASK" };
    private readonly Option<string?> separator = new("--separator") { Description = "Text between the labels of a multilabel target.", HelpName = "SEP" };
    private readonly Option<string?> sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };
    private readonly Option<string[]> drop = new("--drop") { Description = "Column to leave out (may be repeated).", HelpName = "COL" };
    private readonly Option<string[]> column = new("--column") { Description = "Role of a column, as for develop (may be repeated).", HelpName = "NAME=ROLE" };
    private readonly Option<string?> group = new("--group") { Description = "Rows with equal values here stay together in every part.", HelpName = "COL" };
    private readonly Option<string?> time = new("--time") { Description = "Parts are the latest past, validated on what follows.", HelpName = "COL" };
    private readonly Option<int> threads = new("--threads") { Description = "Threads to use (default: one per processor).", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(data);
        foreach (var option in new Option[] { target, families, sizes, repeats, budget, human, metric, task, separator, sql, drop, column, group, time, threads })
        {
            command.Options.Add(option);
        }
    }

    public LearningCurveOptions Read(ParseResult call) => new()
    {
        Data = new DevelopOptions
        {
            DataPath = call.GetValue(data)!,
            Target = call.GetValue(target)!,
            Sql = call.GetValue(sql),
            Drop = call.GetValue(drop) ?? [],
            Roles = DevelopArguments.Roles(call.GetValue(column) ?? []),
            Task = call.GetValue(task) is { } kind ? DevelopArguments.ReadTask(kind) : null,
            Separator = call.GetValue(separator),
            Metric = call.GetValue(metric),
            GroupColumn = call.GetValue(group),
            TimeColumn = call.GetValue(time),
            Families = [.. (call.GetValue(families) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            Seed = call.GetValue(CommonOptions.Seed),
            Threads = DevelopArguments.AtLeast("--threads", call.GetValue(threads), 0) ?? 0,
        },
        Sizes = Sizes(call.GetValue(sizes)),
        Repeats = call.GetValue(repeats) is >= 2 and <= 100 and var count ? count : throw new UsageException($"--repeats {call.GetValue(repeats)}: a whole number from 2 to 100"),
        TimeBudget = call.GetValue(budget) == "none" ? null : Duration.Parse("--time-budget", call.GetValue(budget)!),
        HumanError = call.GetValue(human) is not { } error ? null
            : error >= 0 && double.IsFinite(error) ? new Interval(error, double.NaN, double.NaN, "given")
            : throw new UsageException($"--human-error {error.ToString(CultureInfo.InvariantCulture)}: an error of at least 0, such as 0.05"),
    };

    private static int[] Sizes(string? text) => text is null ? [] :
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 2 ? size
                : throw new UsageException($"--sizes '{part}': whole numbers of rows from 2 up, such as 100,200,400,800")),
    ];
}
