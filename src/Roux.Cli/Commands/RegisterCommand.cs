using System.CommandLine;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux register NAME RUN</c>: makes an artifact of a run the next version of a model.</summary>
internal static class RegisterCommand
{
    // What capture and reports write is never the model.
    private static readonly string[] NoModels = ["environment.json", "git.diff", "output.log", "report.html", "profile.json"];

    private static readonly Argument<string> Name = new("NAME") { Description = "The model; made where there is none of that name." };
    private static readonly Argument<string> RunText = new("RUN") { Description = "The run that made it: id, beginning of an id, or name." };
    private static readonly Option<string?> Artifact = new("--artifact", "-a") { Description = "The file or folder among its artifacts; not needed where there is one model.", HelpName = "PATH" };
    private static readonly Option<string?> Description = new("--description") { Description = "What this version is.", HelpName = "TEXT" };

    public static Command Create()
    {
        var command = new Command("register", "Make an artifact of a run the next version of a registered model.") { Name, RunText, Artifact, Description };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        RunRecord run;
        using (var reader = StoreAccess.Open(call))
        {
            run = StoreAccess.FindRun(reader, call.GetValue(RunText)!);
        }

        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        var artifact = call.GetValue(Artifact) ?? TheModel(tracker, run);
        var version = tracker.Models.Register(call.GetValue(Name)!, run.Id, artifact, call.GetValue(Description));
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(RunJson.Of(version));
        }
        else
        {
            new Page().Line($"{version.Name}/{version.Version}: {version.ArtifactPath} of run {run.Id[..8]} ({run.Name}), {HumanText.Bytes(version.Bytes)}, {version.Digest}")
                .Line($"Put it to use with: roux promote {version.Name}/{version.Version} --stage Production");
        }

        return 0;
    }

    private static string TheModel(Tracker tracker, RunRecord run)
    {
        var artifacts = tracker.ListArtifacts(run.Id).Where(a => !NoModels.Contains(a.Path)).ToList();
        var models = artifacts.Where(a => a.Path.EndsWith(".roux", StringComparison.OrdinalIgnoreCase) || Path.GetFileNameWithoutExtension(a.Path).Contains("model", StringComparison.OrdinalIgnoreCase)).ToList();
        return models.Count == 1 ? models[0].Path
            : artifacts.Count == 1 ? artifacts[0].Path
            : throw new UsageException(artifacts.Count == 0
                ? $"run {run.Id[..8]} ({run.Name}) has no artifact that could be a model; log one with run.LogArtifact, or name another run"
                : $"run {run.Id[..8]} ({run.Name}): which artifact is the model? Name it with --artifact; there are: {string.Join(", ", artifacts.Take(20).Select(a => a.Path))}");
    }
}
