namespace Roux.Tracking.Service;

/// <summary>A report without what it says.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="Project">The project whose members see it.</param>
/// <param name="Title">Its title now.</param>
/// <param name="Version">Number of its latest version, from 1.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="Updated">When its latest version was saved.</param>
/// <param name="UpdatedBy">By whom.</param>
internal sealed record Report(string Id, string Project, string Title, int Version, DateTimeOffset Created, string CreatedBy, DateTimeOffset Updated, string UpdatedBy)
{
    /// <summary>When it was deleted; it can be restored.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>When its public link was made; <c>null</c>: it has none.</summary>
    public DateTimeOffset? Linked { get; init; }

    public string? LinkedBy { get; init; }
}

/// <summary>What a report says at one of its versions.</summary>
/// <param name="Version">Number, from 1.</param>
/// <param name="Title">Title.</param>
/// <param name="Content">JSON of its blocks.</param>
/// <param name="Saved">When.</param>
/// <param name="SavedBy">By whom.</param>
internal sealed record ReportVersion(int Version, string Title, string Content, DateTimeOffset Saved, string SavedBy);
