using System.CommandLine;

namespace Roux.Cli.Commands;

/// <summary>What <c>roux serve</c> logs.</summary>
internal sealed record LogArguments(string Format, string Level, double SlowSeconds)
{
    private const double UsualSlowSeconds = 5;

    private static readonly Option<string> FormatOption = new("--log-format") { Description = "Lines of the log: text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };

    private static readonly Option<string> LevelOption = new("--log-level")
    {
        Description = "What is logged: debug, info (every request), warning, error or none.",
        HelpName = "LEVEL",
        DefaultValueFactory = _ => "warning",
    };

    private static readonly Option<double> SlowOption = new("--slow-request")
    {
        Description = "Requests that take longer are logged as warnings.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => UsualSlowSeconds,
    };

    public static void AddTo(Command command)
    {
        command.Options.Add(FormatOption);
        command.Options.Add(LevelOption);
        command.Options.Add(SlowOption);
    }

    public static LogArguments Of(ParseResult call)
    {
        var slow = call.GetValue(SlowOption);
        return slow is > 0 and <= 86_400
            ? new LogArguments(call.GetValue(FormatOption)!, call.GetValue(LevelOption)!, slow)
            : throw new UsageException(FormattableString.Invariant($"--slow-request {slow}: give seconds, more than 0 and at most 86400"));
    }
}
