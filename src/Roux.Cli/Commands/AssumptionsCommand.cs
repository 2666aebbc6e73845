using System.CommandLine;
using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation.Assumptions;

namespace Roux.Cli.Commands;

/// <summary><c>roux assumptions DATA --target COL</c>: what each family of models takes for granted, held against the data.</summary>
internal static class AssumptionsCommand
{
    private static readonly Argument<string> Data = new("DATA") { Description = "Any file that develop reads." };
    private static readonly Option<string> TargetName = new("--target") { Description = "The column to predict.", HelpName = "COL", Required = true };
    private static readonly Option<string[]> Drop = new("--drop") { Description = "Column to leave out (may be repeated).", HelpName = "COL" };
    private static readonly Option<string[]> Roles = new("--column") { Description = "Role of a column, as for develop (may be repeated).", HelpName = "NAME=ROLE" };
    private static readonly Option<string[]> Families = new("--families") { Description = "Learners or families that matter (default all).", HelpName = "NAME" };
    private static readonly Option<string?> Group = new("--group") { Description = "Column of origin: rows with equal values belong together.", HelpName = "COL" };
    private static readonly Option<string?> Time = new("--time") { Description = "Column that orders the rows.", HelpName = "COL" };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };

    public static Command Create()
    {
        var command = new Command("assumptions", "What each family of models takes for granted, held against the data.") { Data, TargetName, Drop, Roles, Families, Group, Time, Sql };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var options = new DevelopOptions
        {
            DataPath = call.GetValue(Data)!,
            Target = call.GetValue(TargetName)!,
            Drop = call.GetValue(Drop) ?? [],
            Roles = DevelopArguments.Roles(call.GetValue(Roles) ?? []),
            Families = [.. (call.GetValue(Families) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            GroupColumn = call.GetValue(Group),
            TimeColumn = call.GetValue(Time),
            Sql = call.GetValue(Sql),
            Seed = call.GetValue(CommonOptions.Seed),
        };
        var report = DataAssumptions.Of(options, note => Console.Error.WriteLine(Terminal.OneLine(note)), cancellation);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(AssumptionJson.Of(report));
        }
        else
        {
            Write(report);
        }

        return 0;
    }

    private static void Write(AssumptionReport report)
    {
        var page = new Page();
        page.Paragraph($"Looked at {report.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows and {report.Features} features.");
        foreach (var group in report.Checks.GroupBy(check => check.Status))
        {
            page.Heading(group.Key switch { AssumptionStatus.Violated => "Violated", AssumptionStatus.Doubtful => "Doubtful", AssumptionStatus.Holds => "Holds", _ => "Not checked" });
            foreach (var check in group)
            {
                page.Paragraph($"{check.Assumption} ({string.Join(", ", check.Learners)})", 2);
                page.Paragraph(check.Message, 4);
                if (check.Advice.Length > 0)
                {
                    page.Paragraph($"→ {check.Advice}", 4);
                }
            }
        }
    }
}
