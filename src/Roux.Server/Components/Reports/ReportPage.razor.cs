using Microsoft.AspNetCore.Components;
using Roux.Server.Reports;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Reports;

/// <summary>A report: its blocks, live or frozen, and what an editor does with them. Who edits different blocks at once does not meet; who edits the same one is shown both.</summary>
public sealed partial class ReportPage
{
    private Report? report;
    private ReportVersion? old;
    private IReadOnlyList<ReportVersion> versions = [];
    private IReadOnlyList<ReportBlock> blocks = [];
    private bool canEdit;
    private string? failure;
    private string? conflict;
    private string? panel;
    private bool renames;
    private string title = "";

    // What is being written, what stood there when that began, and where it goes if it is new.
    private ReportBlock? editing;
    private ReportBlock? before;
    private bool isNew;
    private string? after;

    /// <summary>Id of the report.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = "panel")]
    private string? Panel { get; set; }

    [SupplyParameterFromQuery(Name = "version")]
    private int? Number { get; set; }

    private bool MayEdit => canEdit && old is null && report is { Deleted: null };

    private protected override Action Read()
    {
        Visitor.Require(Role.Viewer, SubjectKind.Report, Id);
        var found = Service.Reports.Get(Id);
        var shown = Service.Reports.Text(Id, Number);
        var list = Panel == "versions" ? Service.Reports.Versions(Id) : [];
        var read = BlockJson.Parse(shown.Content);
        var may = Visitor.Can(Role.Editor, SubjectKind.Report, Id);
        return () =>
        {
            (report, versions, canEdit, old) = (found, list, may, shown.Version == found.Version ? null : shown);

            // Blocks that say the same stay the same objects: their charts are not drawn anew.
            var known = blocks.ToDictionary(block => block.Id);
            blocks = [.. read.Select(block => known.GetValueOrDefault(block.Id) is { } same && BlockJson.AreSame(same, block) ? same : block)];
        };
    }

    private void Begin(ReportBlock? from, ReportBlock draft, string? place = null) => (before, editing, isNew, after, conflict, failure) = (from, draft, from is null, place, null, null);

    private void End() => (before, editing, isNew, after, conflict) = (null, null, false, null, null);

    private async Task SaveAsync(ReportBlock draft)
    {
        editing = draft;
        try
        {
            Visitor.Require(Role.Editor, SubjectKind.Report, Id);
            if (before is null)
            {
                await Book.InsertAsync(Id, after, draft, Visitor.Caller);
            }
            else
            {
                await Book.ReplaceAsync(Id, before, draft, Visitor.Caller);
            }

            End();
        }
        catch (ServiceException exception) when (exception.Error == ServiceError.Conflict)
        {
            await ReloadAsync();
            if (blocks.Any(block => block.Id == draft.Id))
            {
                conflict = exception.Message;
            }
            else
            {
                // What was written must not go with the block that somebody took out.
                (before, isNew, after, failure) = (null, true, null, exception.Message + "; saving puts it in again");
            }
        }
        catch (TrackingException exception)
        {
            failure = exception.Message;
        }

        await ReloadAsync();
    }

    private async Task RenameAsync()
    {
        renames = false;
        var was = report!.Title;
        await ActAsync(caller => Book.RenameAsync(Id, was, title, caller));
    }

    private async Task RevertAsync(int version)
    {
        await ActAsync(caller => Book.RevertAsync(Id, version, caller));
        Navigation.NavigateTo("/reports/" + Id);
    }

    private async Task DeleteAsync()
    {
        panel = null;
        await ActAsync(_ => Service.Reports.DeleteAsync(Id));
        if (failure is null)
        {
            Navigation.NavigateTo("/reports");
        }
    }

    private async Task ActAsync(Func<Caller, Task> work)
    {
        failure = await TryAsync(async () =>
        {
            Visitor.Require(Role.Editor, SubjectKind.Report, Id);
            await work(Visitor.Caller);
        });
        await ReloadAsync();
        StateHasChanged();
    }
}
