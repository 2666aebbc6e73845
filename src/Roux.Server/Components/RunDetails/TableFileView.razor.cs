using System.Globalization;
using Microsoft.AspNetCore.Components;
using Roux.Learning.Data;
using Roux.Server.Components.Data;
using Roux.Server.Components.Widgets;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.RunDetails;

/// <summary>A table among the artifacts of a run: its rows by the page, or its profile.</summary>
public sealed partial class TableFileView : LivePage
{
    private const int AtOnce = 100;
    private const int ProfiledRows = 50_000;
    private const long LargestProfiled = 64L << 20;
    private const long LargestCopied = 256L << 20;

    private TablePage? page;
    private CompactProfile? profile;
    private string unprofiled = "";
    private HashSet<string> numeric = [];
    private (string, string, long, string?) read;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public string RunId { get; set; } = "";

    /// <summary>Path of the file among its artifacts.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [SupplyParameterFromQuery(Name = "from")]
    private long? FromGiven { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? Show { get; set; }

    private long From => Math.Max(0, FromGiven ?? 0);

    private protected override bool IsLive => false;

    private string Told
    {
        get
        {
            var rows = page!.Count is { } count ? $"{Format.Count(count, "row")}" : "rows";
            var columns = $"{Format.Count(page.Columns.Count + page.HiddenColumns, "column")}{(page.HiddenColumns > 0 ? $", the first {page.Columns.Count} shown" : "")}";
            return page.Rows.Count > 0 && (page.HasMore || From > 0) ? $"{rows} × {columns} · {Format.Count(From + 1)}–{Format.Count(From + page.Rows.Count)}" : $"{rows} × {columns}";
        }
    }

    private protected override bool HasNewParameters() => read != (RunId, Path, From, Show);

    private protected override Action Read()
    {
        Visitor.Require(Role.Viewer, SubjectKind.Run, RunId);
        var now = (RunId, Path, From, Show);
        using var file = Service.Artifacts.OpenAsync(Service.Artifacts.OfRun(RunId, Path), Gone).GetAwaiter().GetResult();
        var copy = file.Local is null ? Copy(file.Content, file.Length) : null;
        try
        {
            var rows = Explained(() => TablePeek.Read(file.Local ?? copy!, Path, From, AtOnce, Gone));
            var (made, why) = Show == "profile" ? ProfileOf(file.Local ?? copy!, file.Length) : (null, "");
            var numbers = rows.Columns.Select((column, c) => (column.Name, c)).Where(column => rows.Rows.Any(row => row[column.c] is not null) && rows.Rows.All(row => row[column.c] is not { } cell || double.TryParse(cell, CultureInfo.InvariantCulture, out _)))
                .Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
            return () => (page, profile, unprofiled, numeric, read) = (rows, made, why, numbers, now);
        }
        finally
        {
            if (copy is not null)
            {
                File.Delete(copy);
            }
        }
    }

    private (CompactProfile? Profile, string Why) ProfileOf(string local, long length)
    {
        if (length > LargestProfiled)
        {
            return (null, $"Tables of up to {Format.Bytes(LargestProfiled)} are profiled; this has {Format.Bytes(length)}.");
        }

        try
        {
            var table = TableReader.Read(local, new ReadOptions { MaxRows = ProfiledRows, MaxLineBytes = 4 << 20 }, Gone).Table;
            return (CompactProfile.Of(table, ColumnRoles.Infer(table, null), Gone), "");
        }
        catch (DataException e)
        {
            return (null, "No profile: " + Format.Cut(e.Message.Replace(local, System.IO.Path.GetFileName(Path), StringComparison.Ordinal), 500));
        }
    }

    private string Copy(Stream content, long length)
    {
        if (length > LargestCopied)
        {
            throw ServiceException.Invalid($"Tables in other storage are shown up to {Format.Bytes(LargestCopied)}; this has {Format.Bytes(length)}. Save it to open it");
        }

        var target = System.IO.Path.GetTempFileName();
        using var file = File.Create(target);
        content.CopyToAsync(file, Gone).GetAwaiter().GetResult();
        return target;
    }

    /// <summary>What is wrong with a file is for the reader of the page.</summary>
    private static T Explained<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DataException e)
        {
            throw ServiceException.Invalid(e.Message);
        }
    }

    private string Link(long from, string? show) =>
        $"/runs/{RunId}/artifacts" + DataText.Query(("path", Path), ("from", from == 0 ? null : from.ToString(CultureInfo.InvariantCulture)), ("show", show));
}
