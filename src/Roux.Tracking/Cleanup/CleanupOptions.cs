namespace Roux.Tracking;

/// <summary>What <see cref="StoreCleanup"/> removes. Change single settings with <c>with</c>.</summary>
public sealed record CleanupOptions
{
    /// <summary>Runs, experiments and logged models that were deleted so long ago. Default: 30 days, in which they can be restored.</summary>
    public TimeSpan DeletedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Also runs that ended so long ago, deleted or not; <c>null</c>: not by age.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Also all but so many of the latest runs of each experiment; <c>null</c>: not by number. A run's parts do not count, and go or stay with it.</summary>
    public int? KeepLast { get; init; }

    /// <summary>Of the runs that <see cref="OlderThan"/> and <see cref="KeepLast"/> name, only those that fit this filter; without them, all that fit.</summary>
    public string? Filter { get; init; }

    /// <summary>Only runs of these experiments, by name or id; <c>null</c>: of all.</summary>
    public IReadOnlyList<string>? Experiments { get; init; }

    /// <summary>Also files in the store's place of artifacts that belong to no run or model of this store. Never where another store keeps its files in the same place.</summary>
    public bool Orphans { get; init; }

    /// <summary>Gives freed space back to the file system: always, never, or (<c>null</c>) where the database is not large.</summary>
    public bool? Vacuum { get; init; }

    /// <summary>Uploads that nobody finished, and orphaned files, of this age. Default: a day.</summary>
    public TimeSpan Unfinished { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whom the audit log names; <c>null</c>: <see cref="TrackerOptions.Actor"/>.</summary>
    internal string? Actor { get; init; }

    /// <summary>Whether live runs are removed, too.</summary>
    internal bool HasRule => OlderThan is not null || KeepLast is not null || !string.IsNullOrWhiteSpace(Filter);
}
