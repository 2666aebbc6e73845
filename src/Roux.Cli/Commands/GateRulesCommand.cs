using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux models gates MODEL</c>: the rules that a model demands on promotion.</summary>
internal static class GateRulesCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "The model." };
    private static readonly Option<string?> Set = new("--set") { Description = "Demand the rules of this YAML or JSON file from now on.", HelpName = "FILE" };
    private static readonly Option<bool> Remove = new("--remove") { Description = "Demand none." };

    public static Command Create()
    {
        var command = new Command("gates", "Show, set or remove the rules that a model demands on promotion.") { Model, Set, Remove };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        var (file, remove) = (call.GetValue(Set), call.GetValue(Remove));
        if (file is not null && remove)
        {
            throw new UsageException("--set and --remove exclude each other");
        }

        var given = file is null ? null : GateCommand.Read(file);
        using var tracker = file is null && !remove ? StoreAccess.Open(call) : StoreAccess.OpenToChange(call);
        var name = StoreAccess.FindModel(tracker, call.GetValue(Model)!).Name;
        if (given is not null || remove)
        {
            tracker.Models.Gates.Set(name, given);
        }

        var rules = tracker.Models.Gates.Find(name);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["model"] = name, ["rules_digest"] = rules?.Digest, ["rules"] = rules?.ToJson() });
            return 0;
        }

        var page = new Page();
        if (rules is null)
        {
            page.Line($"{name} demands no rules; set some with: roux models gates {name} --set gates.yaml");
            return 0;
        }

        var targets = rules.Stages.Select(stage => $"stage {stage}").Concat(rules.Aliases.Select(alias => $"alias {alias}"));
        page.Line($"{name} demands on promotion to {string.Join(", ", targets)}:");
        foreach (var rule in rules.Rules)
        {
            page.Line($"  {rule.Title}");
        }

        return 0;
    }
}
