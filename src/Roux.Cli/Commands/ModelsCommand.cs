using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux models [NAME]</c>: the registry, or one model with its versions.</summary>
internal static class ModelsCommand
{
    private static readonly Argument<string?> Name = new("NAME") { Description = "A model, to see its versions.", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create()
    {
        var command = new Command("models", "List registered models, or the versions of one.") { Name, VerifyCommand.Create(), GateRulesCommand.Create() };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        using var tracker = StoreAccess.TryOpen(call);
        var json = call.GetValue(CommonOptions.Json);
        var page = new Page();
        if (call.GetValue(Name) is { } name)
        {
            var model = StoreAccess.FindModel(tracker ?? throw new UsageException($"model '{name}': the store is empty; {StoreAccess.FirstSteps}"), name);
            if (json)
            {
                CommonOptions.WriteJson(Json(model, versions: true));
            }
            else
            {
                WriteVersions(page, tracker, model);
            }

            return 0;
        }

        var models = tracker?.Models.List() ?? [];
        if (json)
        {
            CommonOptions.WriteJson(new JsonObject { ["models"] = new JsonArray([.. models.Select(m => Json(m, versions: false))]) });
        }
        else if (models.Count == 0)
        {
            page.Line($"No model is registered yet in {CommonOptions.ShownStore(call)}.")
                .Line("Register one with: roux register NAME RUN, or let develop do it: roux develop DATA --target COLUMN");
        }
        else
        {
            WriteModels(page, models);
        }

        return 0;
    }

    private static void WriteModels(Page page, IReadOnlyList<RegisteredModelRecord> models)
    {
        var table = page.Table().Column("model", least: 12).Column("versions", right: true).Column("production", right: true).Column("aliases", least: 8).Column("updated");
        foreach (var model in models)
        {
            var production = model.Versions.FirstOrDefault(v => v.Stage == ModelStage.Production);
            table.Row(model.Name, model.Versions.Count.ToString(CultureInfo.InvariantCulture), production is null ? "" : Number(production.Version),
                string.Join(", ", model.Aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}→{a.Value}")), HumanText.Ago(model.Updated, DateTimeOffset.UtcNow));
        }

        page.Write(table);
    }

    private static void WriteVersions(Page page, Tracker tracker, RegisteredModelRecord model)
    {
        page.Heading(model.Name);
        if (model.Description.Length > 0)
        {
            page.Paragraph(model.Description);
        }

        var table = page.Table().Column("version", right: true).Column("stage").Column("aliases", least: 6).Column("run", least: 12).Column("artifact", least: 10).Column("size", right: true).Column("created");
        foreach (var version in model.Versions)
        {
            var run = version.RunId is { } id ? tracker.FindRun(id) : null;
            table.Row(Number(version.Version), version.Stage == ModelStage.None ? "" : version.Stage.ToString(), string.Join(", ", version.Aliases),
                run is null ? "" : $"{run.Id[..8]} {run.Name}", version.ArtifactPath, HumanText.Bytes(version.Bytes), HumanText.Ago(version.Created, DateTimeOffset.UtcNow));
        }

        page.Write(table);
    }

    private static JsonObject Json(RegisteredModelRecord model, bool versions)
    {
        var json = new JsonObject
        {
            ["name"] = model.Name,
            ["description"] = model.Description,
            ["created"] = RunJson.Time(model.Created),
            ["updated"] = RunJson.Time(model.Updated),
            ["aliases"] = new JsonObject(model.Aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)JsonValue.Create(a.Value)))),
            ["tags"] = RunJson.Text(model.Tags),
            ["latest_version"] = model.Versions.Count == 0 ? null : model.Versions[0].Version,
        };
        if (versions)
        {
            json["versions"] = new JsonArray([.. model.Versions.Select(RunJson.Of)]);
        }

        return json;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
