using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>views/…</c>: named views of the table of runs. Anybody who looks keeps views of their own; sharing one takes an editor.</summary>
internal static class SavedViewRoutes
{
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/views", Access.Of(Role.Viewer, call => Experiment(call) is { } id ? [new Need(Role.Viewer, SubjectKind.Experiment, id)] : []), List),
        new("POST", "/views", Access.Of(Role.Viewer, call => Experiment(call) is { } id ? [new Need(Role.Viewer, SubjectKind.Experiment, id)] : []), Save),
        new("PUT", "/views/{view_id}", Access.ByHandler(Role.Viewer), Change),
        new("DELETE", "/views/{view_id}", Access.ByHandler(Role.Viewer), Delete),
    ];

    private static string? Experiment(Call call) => call.Fields.Text("experiment_id") is { Length: > 0 } id ? id : null;

    private static Task List(Call call) => call.Document(new JsonObject
    {
        ["views"] = new JsonArray([.. call.Service.Views.List(Experiment(call), call.Actor, call.Reach).Select(Of)]),
    });

    private static async Task Save(Call call)
    {
        var shared = call.Fields.Flag("shared");
        var project = ViewRules.ProjectOf(call.Service, Experiment(call), call.Caller);
        if (shared)
        {
            call.Require(new Need(Role.Editor, SubjectKind.Project, project));
        }

        var id = await call.Service.Views.SaveAsync(project, Experiment(call), call.Fields.Required("view_name"), call.Fields.Text("query") ?? "", call.Actor, shared).ConfigureAwait(false);
        await call.Document(Of(call.Service.Views.Get(id))).ConfigureAwait(false);
    }

    private static async Task Change(Call call)
    {
        var view = ViewRules.Changeable(call.Service, call.Server.Gate, call.PathPart("view_id"), call.Caller);
        if (call.Fields.Text("view_name") is { } name)
        {
            await call.Service.Views.RenameAsync(view.Id, name).ConfigureAwait(false);
        }

        if (call.Fields.Node("default") is not null)
        {
            call.Require(new Need(Role.Editor, SubjectKind.Project, view.Project));
            await call.Service.Views.SetDefaultAsync(view.Id, call.Fields.Flag("default")).ConfigureAwait(false);
        }

        await call.Document(Of(call.Service.Views.Get(view.Id))).ConfigureAwait(false);
    }

    private static Task Delete(Call call) => call.Done(call.Service.Views.DeleteAsync(ViewRules.Changeable(call.Service, call.Server.Gate, call.PathPart("view_id"), call.Caller).Id));

    private static JsonObject Of(SavedView view) => new()
    {
        ["id"] = view.Id, ["name"] = view.Name, ["experiment_id"] = view.ExperimentId, ["query"] = view.Query, ["owner"] = view.Owner, ["shared"] = view.IsShared, ["default"] = view.IsDefault,
        ["project"] = view.Project,
    };
}
