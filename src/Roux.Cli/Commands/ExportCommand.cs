using System.CommandLine;
using Roux.Cli.Printing;
using Roux.Tracking;
using Roux.Tracking.Transfer;

namespace Roux.Cli.Commands;

/// <summary><c>roux export DEST</c>: writes experiments, runs and models to a folder or archive that any store takes in again.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Destination = new("DEST") { Description = "A new folder, .zip or .tar.zst." };
    private static readonly Option<string[]> Experiments = new("--experiment", "-e") { Description = "Only this experiment with all its runs; may be repeated.", HelpName = "NAME" };
    private static readonly Option<string[]> Runs = new("--run", "-r") { Description = "Only this run and those it is a part of; may be repeated.", HelpName = "RUN" };
    private static readonly Option<string[]> Models = new("--model", "-m") { Description = "Only this registered model with its versions and their runs; may be repeated.", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("export", "Write experiments, runs and models to a folder or archive.") { Destination, Experiments, Runs, Models };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var interrupt = new Interrupt();
        using var tracker = StoreAccess.Open(call);
        using var progress = new ProgressLine();
        var destination = call.GetValue(Destination)!;
        var selection = new ExportSelection
        {
            Experiments = call.GetValue(Experiments) ?? [],
            Runs = [.. (call.GetValue(Runs) ?? []).Select(run => StoreAccess.FindRun(tracker, run).Id)],
            Models = call.GetValue(Models) ?? [],
        };
        var report = StoreTransfer.Export(tracker, destination, selection, progress, interrupt.Token);
        progress.Dispose();
        TransferSummary.Write(report, call.GetValue(CommonOptions.Json), isImport: false, destination);
        return 0;
    }
}
