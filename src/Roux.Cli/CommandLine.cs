using System.CommandLine;
using System.Text.RegularExpressions;
using System.CommandLine.Parsing;
using Roux.Cli.Commands;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Rules;
using Roux.Torch;
using Roux.Tracking;

namespace Roux.Cli;

/// <summary>The verbs, their common options, and how a call ends: 0 done, 1 failed, 2 wrong call, 130 interrupted.</summary>
internal static class CommandLine
{
    /// <summary>A value of the wrong type, said without the names of types.</summary>
    private static string Plain(string message) =>
        Regex.Match(message, @"^Cannot parse argument '(.*)' for option '(.*)' as expected type '(.*)'\.$", RegexOptions.Singleline) is { Success: true } wrong
            ? $"{wrong.Groups[2].Value} '{wrong.Groups[1].Value}': {(wrong.Groups[3].Value is var type && type.Contains("Int", StringComparison.Ordinal) ? "a whole number is wanted." : type.Contains("Double", StringComparison.Ordinal) ? "a number is wanted." : "not one of the values there are.")}"
            : message;

    public static async Task<int> RunAsync(string[] args)
    {
        LearnerCatalog.Extend(static () => NeuralLearners.All); // loads Roux.Torch when a verb first looks
        ModelCatalog.Extend(static () => NeuralLearners.Readers);
        var root = new RootCommand("Roux: from a table to a model you trust.")
        {
            DevelopCommand.Create(),
            TuneCommand.Create(),
            AskTellCommand.Create(),
            BaselineCommand.Create(),
            LearningCurveCommand.Create(),
            PredictCommand.Create(),
            AgreementCommand.Create(),
            ThresholdCommand.Create(),
            ExplainCommand.Create(),
            AssumptionsCommand.Create(),
            DebugCommand.Create(),
            LabelsCommand.Create(),
            CostCommand.Create(),
            MeasureModelCommand.Create(),
            RunCommand.Create(),
            RunsCommand.Create(),
            ShowCommand.Create(),
            DiffCommand.Create(),
            ReproduceCommand.Create(),
            EnvCommand.Create(),
            InitCommand.Create(),
            QueryCommand.Create(),
            NotebookCommand.Create(),
            ModelsCommand.Create(),
            RegisterCommand.Create(),
            PromoteCommand.Create(),
            GateCommand.Create(),
            ApproveCommand.Create(),
            AuditCommand.Create(),
            WebhooksCommand.Create(),
            SyncCommand.Create(),
            ServeCommand.Create(),
            UiCommand.Create(),
            UsersCommand.Create(),
            KeysCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            GcCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
        };
        CommonOptions.AddTo(root);
        var call = root.Parse(args);
        if (call.CommandResult.Command is RootCommand && call.UnmatchedTokens is [var verbGiven, ..] && !verbGiven.StartsWith('-'))
        {
            return Fail(NearestName.Message("roux", verbGiven, "verb", [.. root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)])["roux ".Length..], 2);
        }

        if (call.Errors.Count > 0 && !args.Contains("--help"))
        {
            var verb = call.CommandResult.Command is RootCommand ? "" : " " + call.CommandResult.Command.Name;
            return Fail($"{Plain(call.Errors[0].Message)} Try 'roux{verb} --help'.", 2);
        }

        using var interrupt = new Interrupt();
        try
        {
            // Ctrl+C is Interrupt's, not the parser's: the first asks to stop, the second ends.
            return await call.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return Fail("interrupted", 130);
        }
        catch (Exception e) when (IsUserError(e))
        {
            return Fail(e.Message, 2);
        }
        catch (Exception e)
        {
            return Fail(Environment.GetEnvironmentVariable("ROUX_DEBUG") is null
                ? $"{e.GetType().Name}: {e.Message} (set ROUX_DEBUG=1 for the stack trace)"
                : e.ToString(), 1);
        }
    }

    /// <summary>Errors that say what the caller got wrong and how to mend it.</summary>
    private static bool IsUserError(Exception e) => e is UsageException or DataException or TrackingException or LearnerException or RuleException;

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine($"roux: {(code == 1 && message.Contains('\n') ? message : Terminal.OneLine(message))}");
        return code;
    }
}
