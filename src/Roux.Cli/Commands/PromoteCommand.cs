using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux promote NAME/VERSION</c>: moves a version to a stage, or points an alias at it.</summary>
internal static class PromoteCommand
{
    private static readonly Argument<string> Reference = new("NAME/VERSION") { Description = "The version: NAME/3, NAME@alias, or NAME for the latest." };
    private static readonly Option<string?> Stage = new("--stage", "-s") { Description = "None, Staging, Production or Archived; what was in Staging or Production before is archived.", HelpName = "STAGE" };
    private static readonly Option<string?> Alias = new("--alias", "-a") { Description = "A name that points at this version from now on, such as champion.", HelpName = "ALIAS" };
    private static readonly Option<bool> KeepExisting = new("--keep-existing") { Description = "Leave versions that are in the stage where they are." };

    public static Command Create()
    {
        var command = new Command("promote", "Move a model version to a stage, or point an alias at it.") { Reference, Stage, Alias, KeepExisting };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        var stage = call.GetValue(Stage) is { } text ? ParseStage(text) : (ModelStage?)null;
        var alias = call.GetValue(Alias);
        if (stage is null && alias is null)
        {
            throw new UsageException("promote needs --stage STAGE or --alias ALIAS (or both); stages are None, Staging, Production and Archived");
        }

        using var tracker = StoreAccess.OpenToChange(call);
        var version = StoreAccess.FindVersion(tracker, call.GetValue(Reference)!);
        try
        {
            Promote(call, tracker, version, stage, alias);
        }
        catch (PromotionRefusedException refused)
        {
            return Refuse(call, refused);
        }

        var now = tracker.Models.Find($"{version.Name}/{version.Version}")!;
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(RunJson.Of(now));
        }
        else
        {
            var aliases = now.Aliases.Count == 0 ? "" : $", alias{(now.Aliases.Count == 1 ? "" : "es")} {string.Join(", ", now.Aliases)}";
            new Page().Line($"{now.Name}/{now.Version}: stage {now.Stage}{aliases}");
        }

        return 0;
    }

    private static void Promote(ParseResult call, Tracker tracker, ModelVersionRecord version, ModelStage? stage, string? alias)
    {
        var archive = !call.GetValue(KeepExisting) && stage is (ModelStage.Staging or ModelStage.Production);
        switch (stage, alias)
        {
            case ({ } to, { } name):
                tracker.Models.Promote(version.Name, version.Version, to, name, archive);
                break;
            case ({ } to, null):
                tracker.Models.SetStage(version.Name, version.Version, to, archive);
                break;
            default:
                tracker.Models.SetAlias(version.Name, alias!, version.Version);
                break;
        }
    }

    private static int Refuse(ParseResult call, PromotionRefusedException refused)
    {
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["error"] = refused.Message, ["gate"] = refused.Report.ToJson() });
        }
        else
        {
            GateCommand.Print(refused.Report);
            Console.Error.WriteLine($"roux: {Terminal.OneLine(refused.Message)}");
        }

        return 1;
    }

    private static ModelStage ParseStage(string text)
    {
        var names = Enum.GetNames<ModelStage>();
        return names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<ModelStage>(text, ignoreCase: true) : throw new UsageException(NearestName.Message("--stage", text, "stage", names));
    }
}
