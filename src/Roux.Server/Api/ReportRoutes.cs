using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Roux.Server.Protocol;
using Roux.Server.Reports;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>reports/…</c>: reports, their versions, files and public links. A caller gets what they may see of a report, and nothing of other projects in it.</summary>
internal static class ReportRoutes
{
    private const int UsualResults = 100;
    private const int MostResults = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/reports", Access.SignedIn, List),
        new("POST", "/reports", Access.Of(Role.Editor, call => [new Need(Role.Editor, SubjectKind.Project, ProjectOf(call))]), Create),
        new("GET", "/reports/{report_id}", Access.Report(Role.Viewer), call => call.Document(Of(call, call.Fields.Whole("version")))),
        new("PUT", "/reports/{report_id}", Access.Report(Role.Editor), Save),
        new("DELETE", "/reports/{report_id}", Access.Report(Role.Editor), call => call.Done(call.Service.Reports.DeleteAsync(Id(call)))),
        new("POST", "/reports/{report_id}/restore", Access.Report(Role.Editor), call => call.Done(call.Service.Reports.RestoreAsync(Id(call)))),
        new("POST", "/reports/{report_id}/blocks", Access.Report(Role.Editor), Pin),
        new("GET", "/reports/{report_id}/versions", Access.Report(Role.Viewer), Versions),
        new("POST", "/reports/{report_id}/revert", Access.Report(Role.Editor), call => Saved(call, Book(call).RevertAsync(Id(call), Whole(call, "version"), call.Caller))),
        new("POST", "/reports/{report_id}/link", Access.Report(Role.Editor), Link),
        new("DELETE", "/reports/{report_id}/link", Access.Report(Role.Editor), call => call.Done(call.Service.Reports.LinkAsync(Id(call), null, call.Actor))),
        new("GET", "/reports/{report_id}/export.html", Access.Report(Role.Viewer), HtmlAsync),
        new("GET", "/reports/{report_id}/export.zip", Access.Report(Role.Viewer), ZipAsync),
    ];

    /// <summary>Open to all who know a secret that somebody made for this.</summary>
    public static IReadOnlyList<Operation> Public { get; } = [new("GET", PublicLinks.Path + "{secret}", Access.Open, PublicAsync)];

    private static string Id(Call call) => call.PathPart("report_id");

    private static ReportBook Book(Call call) => call.Http.RequestServices.GetRequiredService<ReportBook>();

    private static string ProjectOf(Call call) => call.Fields.Text("project") is { Length: > 0 } project ? project : call.Caller.Home;

    private static Task List(Call call)
    {
        var found = call.Service.Reports.List(call.Reach, call.Fields.Flag("deleted"), call.Fields.Text("title"), call.Fields.MaxResults(UsualResults, MostResults));
        return call.Document(new JsonObject { ["reports"] = new JsonArray([.. found.Select(Of)]) });
    }

    private static async Task Create(Call call)
    {
        var (title, project, blocks) = (call.Fields.Required("title"), ProjectOf(call), Blocks(call));
        if (!Project.IsName(project))
        {
            throw Fields.Invalid("project", project, "letters, digits, '.', '_', '-' and '/', at most 100");
        }

        var id = await call.Service.Reports.CreateAsync(project, title, BlockJson.Write(blocks), call.Actor).ConfigureAwait(false);
        await call.Document(Of(call.Service.Reports.Get(id))).ConfigureAwait(false);
    }

    private static Task Save(Call call)
    {
        var version = Whole(call, "version");
        return Saved(call, Book(call).SaveAsync(Id(call), version, call.Fields.Required("title"), Blocks(call), call.Caller));
    }

    private static Task Pin(Call call)
    {
        var block = BlockJson.Of(call.Fields.Node("block") as JsonObject ?? throw ServiceException.Missing("block"));
        var runs = call.Fields.Texts("run_ids");
        foreach (var run in runs)
        {
            call.Require(new Need(Role.Viewer, SubjectKind.Run, run));
        }

        return Saved(call, Book(call).PinAsync(Id(call), block with { Frozen = null, Data = block.Kind == BlockKind.Plot ? block.Data : null, IsWithheld = false }, runs, call.Fields.Flag("freeze"), call.Caller));
    }

    private static Task Versions(Call call) => call.Document(new JsonObject
    {
        ["versions"] = new JsonArray([.. call.Service.Reports.Versions(Id(call)).Select(version => new JsonObject
        {
            ["version"] = version.Version, ["title"] = version.Title, ["saved"] = version.Saved.ToUnixTimeMilliseconds(), ["saved_by"] = version.SavedBy,
        })]),
    });

    private static async Task Link(Call call)
    {
        var secret = await PublicLinks.MakeAsync(call.Service, Id(call), call.Actor).ConfigureAwait(false);
        call.Http.Response.Headers.CacheControl = "no-store";
        await call.Document(new JsonObject { ["path"] = PublicLinks.Path + secret }).ConfigureAwait(false);
    }

    private static async Task HtmlAsync(Call call)
    {
        var (report, text) = (call.Service.Reports.Get(Id(call)), call.Service.Reports.Text(Id(call)));
        var html = await Export(call).HtmlAsync(report, text, call.Reach).ConfigureAwait(false);
        Head(call, "text/html; charset=utf-8", "report.html");
        await call.Http.Response.WriteAsync(html, call.Cancellation).ConfigureAwait(false);
    }

    private static async Task ZipAsync(Call call)
    {
        var (report, text) = (call.Service.Reports.Get(Id(call)), call.Service.Reports.Text(Id(call)));
        var zip = await Export(call).ZipAsync(report, text, call.Reach).ConfigureAwait(false);
        Head(call, "application/zip", "report.zip");
        await call.Http.Response.Body.WriteAsync(zip, call.Cancellation).ConfigureAwait(false);
    }

    /// <summary>What a link shows: the report with the data of its own project, whoever looks.</summary>
    private static async Task PublicAsync(Call call)
    {
        if (PublicLinks.Find(call.Service, call.PathPart("secret")) is not { } report)
        {
            await Dispatcher.UnknownAsync(call.Http).ConfigureAwait(false);
            return;
        }

        var html = await Export(call).HtmlAsync(report, call.Service.Reports.Text(report.Id), Reach.Of(new HashSet<string> { report.Project })).ConfigureAwait(false);
        var headers = call.Http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        call.Http.Response.ContentType = "text/html; charset=utf-8";
        await call.Http.Response.WriteAsync(html, Encoding.UTF8, call.Cancellation).ConfigureAwait(false);
    }

    private static ReportExport Export(Call call) => call.Http.RequestServices.GetRequiredService<ReportExport>();

    private static void Head(Call call, string type, string name)
    {
        call.Http.Response.ContentType = type;
        call.Http.Response.Headers.CacheControl = "no-store";
        call.Http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
    }

    private static IReadOnlyList<ReportBlock> Blocks(Call call) => BlockJson.Of(call.Fields.Node("blocks") switch
    {
        null => [],
        JsonArray list => list,
        _ => throw ServiceException.Invalid("blocks: give a list"),
    });

    private static int Whole(Call call, string name) => call.Fields.Whole(name) is { } number and >= 1 and <= int.MaxValue ? (int)number : throw ServiceException.Invalid($"{name}: give the number of a version, from 1");

    private static async Task Saved(Call call, Task<int> work) => await call.Document(new JsonObject { ["version"] = await work.ConfigureAwait(false) }).ConfigureAwait(false);

    private static JsonObject Of(Report report) => new()
    {
        ["id"] = report.Id,
        ["project"] = report.Project,
        ["title"] = report.Title,
        ["version"] = report.Version,
        ["created"] = report.Created.ToUnixTimeMilliseconds(),
        ["created_by"] = report.CreatedBy,
        ["updated"] = report.Updated.ToUnixTimeMilliseconds(),
        ["updated_by"] = report.UpdatedBy,
        ["deleted"] = report.Deleted?.ToUnixTimeMilliseconds(),
        ["has_public_link"] = report.Linked is not null,
    };

    private static JsonObject Of(Call call, long? version)
    {
        var text = call.Service.Reports.Text(Id(call), version is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null);
        var json = Of(call.Service.Reports.Get(Id(call)));
        (json["version"], json["title"]) = (text.Version, text.Title);
        json["blocks"] = new JsonArray([.. ReportBook.For(text, call.Reach).Select(BlockJson.Of)]);
        return json;
    }
}
