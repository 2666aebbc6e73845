using System.Text;
using Microsoft.AspNetCore.Http;
using Roux.Learning.Data;
using Roux.Learning.Data.Corrections;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary>What was decided about labels that may be wrong: as a list, and as the data with the corrections in them.</summary>
internal static class LabelRoutes
{
    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/runs/labels.csv", Access.Run(Role.Viewer), DecisionsAsync),
        new("GET", "/runs/corrected-data", Access.Run(Role.Viewer), DataAsync),
    ];

    /// <summary>Whether somebody may have files of this machine: a run only says where its data lay, and says so in the name of whoever logged it.</summary>
    internal static bool MayReadData(Caller caller) => caller.ServerRole >= Role.Admin;

    private static async Task DecisionsAsync(Call call)
    {
        var list = ListOf(call);
        call.Http.Response.ContentType = "text/csv; charset=utf-8";
        call.Http.Response.Headers.ContentDisposition = "attachment; filename=\"labels.csv\"";
        var text = new StringWriter();
        LabelCorrections.WriteCsv(text, call.Service.Tracker.LabelDecisions.Of(call.Fields.RunId, list.Digest, list.Target));
        await call.Http.Response.WriteAsync(text.ToString(), Encoding.UTF8, call.Cancellation).ConfigureAwait(false);
    }

    private static async Task DataAsync(Call call)
    {
        if (!MayReadData(call.Caller))
        {
            throw new ServiceException(ServiceError.PermissionDenied, "The data file lies on the server's machine: an admin of the server may have it; roux labels --corrected writes it where the data are");
        }

        var format = call.Fields.Text("format") switch
        {
            null or "" or "csv" => "csv",
            "parquet" => "parquet",
            var other => throw ServiceException.Invalid($"format '{other}': csv or parquet"),
        };
        var list = ListOf(call);
        var source = list.FindData(call.Service.Runs.Get(call.Fields.RunId)) ?? throw ServiceException.NotFound("The data of the run do not lie where they were on the server's machine; roux labels --corrected writes them where they are");
        var file = Path.Combine(Path.GetTempPath(), $"roux-corrected-{Guid.NewGuid():N}.{format}");
        try
        {
            var decisions = call.Service.Tracker.LabelDecisions.Of(call.Fields.RunId, list.Digest, list.Target);
            await Task.Run(() => CorrectedData.Write(source, list.Digest, list.Target, decisions, file, call.Cancellation), call.Cancellation).ConfigureAwait(false);
            call.Http.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
            call.Http.Response.Headers.ContentDisposition = $"attachment; filename=\"corrected.{format}\"";
            await call.Http.Response.SendFileAsync(file, call.Cancellation).ConfigureAwait(false);
        }
        catch (DataException exception)
        {
            throw ServiceException.Invalid(exception.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static LabelList ListOf(Call call)
    {
        var run = call.Service.Runs.Get(call.Fields.RunId);
        return LabelList.Read(call.Service.Tracker, run.Id) ?? throw ServiceException.NotFound($"Run {run.Id} holds no list of labels; roux debug --track leaves one");
    }
}
