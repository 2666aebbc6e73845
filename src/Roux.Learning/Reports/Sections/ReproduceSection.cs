using System.Globalization;
using System.Text.RegularExpressions;

namespace Roux.Learning.Reports.Sections;

/// <summary>What it takes to get the same again, and where to look further.</summary>
internal static partial class ReproduceSection
{
    public static ReportSection Make(ReportContext context)
    {
        var (result, options) = (context.Result, context.Result.Options);
        var exact = options.Trials is not null
            ? "The budget was a number of trials: the same command on the same data gives the same leaderboard to the last digit."
            : "The budget was in seconds, so a faster or slower machine gets to try more or fewer candidates. For a repeat to the last digit give --trials instead of --time-budget.";
        return new("reproduce", "Reproduce", "How to reproduce", Markup.Of($"""
            <p>{exact}</p>
            <pre tabindex="0"><code>{(options.CommandLine.Length > 0 ? options.CommandLine : DefaultCommand(context))}</code></pre>
            <dl class="pairs">{Facts(context).Select(fact => fact.Value.IsEmpty ? Markup.Empty : Markup.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"))}</dl>
            <h3>To look further</h3>
            <pre tabindex="0"><code>{Markup.Join("\n", Commands(context).Select(Markup.Text))}</code></pre>
            """));
    }

    private static IEnumerable<(string Name, Markup Value)> Facts(ReportContext context)
    {
        var (result, options, here) = (context.Result, context.Result.Options, context.Environment);
        yield return ("Seed", Markup.Text(options.Seed.ToString(CultureInfo.InvariantCulture)));
        yield return ("Data", Markup.Of($"<bdi>{Figures.Cut(options.DataPath, 300)}</bdi>, {Figures.Bytes(result.Data.Bytes)}, {Words.Many(result.Rows.Total, "row")}"));
        yield return ("SHA-256 of the data", Markup.Of($"<code>{result.Data.Digest}</code>"));
        yield return ("Test data", options.TestPath is { } test ? Markup.Of($"<bdi>{Figures.Cut(test, 300)}</bdi>") : Markup.Empty);
        yield return ("Query", options.Sql is { } sql ? Markup.Of($"<code>{Figures.Cut(sql, 1000)}</code>") : Markup.Empty);
        yield return ("Run", Markup.Of($"<code>{result.RunId}</code>"));
        yield return ("Model", result.ModelVersion is { } version
            ? Markup.Of($"{version.Name} version {version.Version}, {Figures.Bytes(version.Bytes)}, <code>{version.Digest}</code>") : Markup.Empty);
        yield return ("Code", here.Commit is { } commit
            ? Markup.Of($"commit <code>{commit}</code>{(here.Branch is { } branch ? $" on {branch}" : "")}{(here.Dirty == true ? ", with changes that are stored with the run" : "")}") : Markup.Empty);
        yield return ("Made with", Markup.Text(string.Join(", ", new[] { here.Version is { } number ? $"Roux {number}" : null, here.Runtime }.OfType<string>())));
        yield return ("On", Markup.Text(string.Join(", ", new[] { here.System, here.Processor }.OfType<string>())));
    }

    private static IEnumerable<string> Commands(ReportContext context)
    {
        var run = context.Result.RunId;
        var store = Store().Match(context.Result.Options.CommandLine) is { Success: true } match ? " " + match.Value.Trim() : "";
        var model = context.Result.ModelVersion is { } version ? $"{version.Name}/{version.Version.ToString(CultureInfo.InvariantCulture)}" : "MODEL.roux";
        var steps = new (string Command, string Does)[]
        {
            ($"roux show {run}{store}", "every figure, file and finding of this run"),
            ($"roux runs{store}", "this run beside others"),
            ($"roux predict {Words.ShellQuote(model)} NEW.csv --out predictions.csv{store}", "answers for new rows"),
        };
        var width = steps.Max(step => step.Command.Length);
        return steps.Select(step => $"{step.Command.PadRight(width)}  # {step.Does}");
    }

    /// <summary>The store that the command named, as it was written.</summary>
    [GeneratedRegex(@"(?:^|\s)--store(?:=|\s+)('[^']*'|""[^""]*""|\S+)")]
    private static partial Regex Store();

    private static string DefaultCommand(ReportContext context) =>
        $"roux develop {Words.ShellQuote(context.Result.Options.DataPath)} --target {Words.ShellQuote(context.TargetName)} --seed {context.Result.Options.Seed.ToString(CultureInfo.InvariantCulture)}";
}
