using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Cleanup;

/// <summary>Removes the files of what is out of the database, and files that belong to nobody.</summary>
internal sealed class ArtifactRemoval(Tracker tracker)
{
    private const int AtOnce = 100;

    /// <summary>Owners whose rows are gone and whose files are not: those of this cleanup, and of one that broke off.</summary>
    public IReadOnlyList<string> Pending() => tracker.Database.Read(session => session.Rows("SELECT owner FROM removed_artifacts ORDER BY owner", row => row.Text(0)));

    /// <summary>How many files owners have, and their size.</summary>
    public (long Files, long Bytes) Measure(IEnumerable<string> owners, CancellationToken cancellation)
    {
        var (files, bytes) = (0L, 0L);
        foreach (var owner in owners)
        {
            foreach (var file in tracker.Artifacts.FilesAsync(owner, cancellation).ToBlockingEnumerable(cancellation))
            {
                files++;
                bytes += file.Bytes;
            }
        }

        return (files, bytes);
    }

    /// <summary>Removes files of owners that are put down as removed. One that is back in the database (an import brought it) keeps them.</summary>
    public (long Files, long Bytes) Remove(IEnumerable<string> owners, CancellationToken cancellation)
    {
        var (files, bytes) = (0L, 0L);
        foreach (var some in owners.Chunk(AtOnce))
        {
            var known = Known(some);
            foreach (var owner in some.Where(owner => !known.Contains(owner)))
            {
                cancellation.ThrowIfCancellationRequested();
                var (count, size) = Measure([owner], cancellation);
                tracker.Artifacts.DeleteAsync(owner, "", cancellation).GetAwaiter().GetResult();
                files += count;
                bytes += size;
            }

            tracker.Database.WritesOrThrow().Call(session => session.Sql.Execute(
                $"DELETE FROM removed_artifacts WHERE owner IN {session.Sql.Dialect.Texts("$owners")}", ("$owners", some)));
        }

        return (files, bytes);
    }

    /// <summary>Owners of files in the store's place that the database does not know, with number, size and the time of the youngest. Only what looks like a run's, a logged model's or a copy's is one: other files are not ours.</summary>
    public IReadOnlyList<(string Owner, long Files, long Bytes)> Orphans(DateTimeOffset before, CancellationToken cancellation)
    {
        var found = new Dictionary<string, (long Files, long Bytes, DateTimeOffset Youngest)>(StringComparer.Ordinal);
        foreach (var file in tracker.Artifacts.FilesAsync("", cancellation).ToBlockingEnumerable(cancellation))
        {
            var (owner, path) = file.Parts();
            if (path.Length > 0 && LooksOurs(owner))
            {
                var (files, bytes, youngest) = found.GetValueOrDefault(owner);
                found[owner] = (files + 1, bytes + file.Bytes, file.Modified > youngest ? file.Modified : youngest);
            }
        }

        // The database is asked after the files, so that who came meanwhile is known.
        return [.. found.Where(entry => entry.Value.Youngest < before).Chunk(AtOnce).SelectMany(some =>
        {
            var known = Known([.. some.Select(entry => entry.Key)]);
            return some.Where(entry => !known.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value.Files, entry.Value.Bytes));
        })];
    }

    /// <summary>Refuses where the files may be those of another store.</summary>
    /// <exception cref="TrackingException">A folder store lies around them that is not this one.</exception>
    public void RequireOwnPlace()
    {
        if (tracker.Artifacts.IsLocal && Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(tracker.Artifacts.Location)) is { } around && around != tracker.Store
            && File.Exists(Path.Combine(around, Tracker.DatabaseName)))
        {
            throw new TrackingException($"--orphans: {tracker.Artifacts.Location} belongs to the store in {around}, whose files would be taken for orphans; give this store a place of its own");
        }
    }

    public void Delete(string owner, CancellationToken cancellation) => tracker.Artifacts.DeleteAsync(owner, "", cancellation).GetAwaiter().GetResult();

    private HashSet<string> Known(string[] owners) => tracker.Database.Read(session =>
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        Find("SELECT run_id FROM runs WHERE run_id", "");
        Find("SELECT model_id FROM logged_models WHERE model_id", ArtifactStore.LoggedModels + "/");
        Find("SELECT folder FROM model_versions WHERE folder", ArtifactStore.Copies + "/");
        return known;

        void Find(string select, string prefix) => session.Each(
            $"{select} IN {session.Dialect.Texts("$names")}", row => known.Add(prefix + row.Text(0)),
            ("$names", owners.Where(owner => owner.StartsWith(prefix, StringComparison.Ordinal)).Select(owner => owner[prefix.Length..]).ToArray()));
    });

    private static bool LooksOurs(string owner)
    {
        var name = owner.StartsWith(ArtifactStore.Copies + "/", StringComparison.Ordinal) ? owner[(ArtifactStore.Copies.Length + 1)..]
            : owner.StartsWith(ArtifactStore.LoggedModels + "/m-", StringComparison.Ordinal) ? owner[(ArtifactStore.LoggedModels.Length + 3)..]
            : owner;
        return name.Length == 32 && name.All(char.IsAsciiHexDigitLower);
    }
}
