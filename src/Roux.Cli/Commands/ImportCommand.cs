using System.CommandLine;
using Roux.Cli.Printing;
using Roux.Tracking;
using Roux.Tracking.Transfer;

namespace Roux.Cli.Commands;

/// <summary><c>roux import SOURCE</c>: takes in what <c>roux export</c> wrote.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string?> Source = new("SOURCE") { Description = "A folder, .zip or .tar.zst that roux export wrote.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<double?> MaxSize = new("--max-size") { Description = "What an archive may unpack to (default: 200 times its size, and 1 GiB).", HelpName = "GIB" };

    private static readonly Argument<string> MlflowSource = new("SOURCE") { Description = "MLflow's SQLite file, a postgresql:// address, or an mlruns folder." };

    private static readonly Option<string[]> Artifacts = new("--artifacts", "-a")
    {
        Description = "Folder that holds MLflow's artifacts; files elsewhere are not read. May be repeated.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("import", "Take in an export; whatever is in the store already stays as it is.") { Source, MaxSize };
        command.SetAction(Run);
        var mlflow = new Command("mlflow", "Take in what MLflow keeps; it is only read.") { MlflowSource, Artifacts };
        mlflow.SetAction(RunMlflow);
        command.Subcommands.Add(mlflow);
        return command;
    }

    private static int RunMlflow(ParseResult call)
    {
        var source = call.GetValue(MlflowSource)!;
        using var interrupt = new Interrupt();
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var progress = new ProgressLine();
        var report = StoreTransfer.ImportMlflow(tracker, source, call.GetValue(Artifacts), progress, interrupt.Token);
        progress.Dispose();
        TransferSummary.Write(report, call.GetValue(CommonOptions.Json), isImport: true, source.Contains("://", StringComparison.Ordinal) ? "MLflow's database" : source);
        return 0;
    }

    private static int Run(ParseResult call)
    {
        var source = call.GetValue(Source) ?? throw new UsageException("import needs a SOURCE: a folder, .zip or .tar.zst that 'roux export' wrote, or 'mlflow SOURCE'");
        var limit = call.GetValue(MaxSize);
        if (limit is not null and not (> 0 and < 1_000_000))
        {
            throw new UsageException("--max-size: give gibibytes, more than 0");
        }

        using var interrupt = new Interrupt();
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var progress = new ProgressLine();
        var report = StoreTransfer.Import(tracker, source, limit is { } gib ? (long)(gib * (1L << 30)) : null, progress, interrupt.Token);
        progress.Dispose();
        TransferSummary.Write(report, call.GetValue(CommonOptions.Json), isImport: true, source);
        return 0;
    }
}
