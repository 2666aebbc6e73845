using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Compares data with what DVC recorded of it, and says what a reader should do about a difference.</summary>
/// <param name="git">Tells whether the DVC file is committed.</param>
/// <param name="cancellation">Ends the hashing.</param>
internal sealed class DvcCheck(GitFiles git, CancellationToken cancellation)
{
    private const int MostDepsHashed = 50;
    private const long LargestDep = 64 << 20;
    private const int MostNamed = 5;

    /// <summary>Fills in state, remote, cache and commit of a record.</summary>
    /// <param name="record">What DVC recorded.</param>
    /// <param name="data">Full path of the file or folder that is read: the record's own, or a file in its folder.</param>
    /// <param name="md5">Hash of the data where it has been taken; null where it is missing or too large.</param>
    /// <param name="folder">Listing of the data where it is a folder.</param>
    /// <param name="findings">Gets what a reader should act on.</param>
    public DvcRecord Check(DvcRecord record, string data, string? md5, DvcFolder? folder, List<Finding> findings)
    {
        var project = DvcProject.Find(record.File);
        var cache = project?.CacheFile(record.Md5);
        record = record with
        {
            RemoteName = record.RemoteName ?? project?.DefaultRemote,
            Remote = project?.RemoteUrl(record.RemoteName),
            InCache = project is null ? null : cache is not null,
            Committed = git.IsCommitted(record.File),
        };
        record = !Path.Exists(data) ? Missing(record, data, findings) : Compare(record, data, md5, folder, cache, findings);
        if (record.Committed == false)
        {
            findings.Add(Finding("dvc-uncommitted", Severity.Medium, $"'{record.File}', which says what data '{Path.GetFileName(data)}' is, is not committed as it stands", record,
                "It was added or changed and not committed: the commit of this run names other data, or none.", $"git add '{record.File}' && git commit", $"git status --short '{record.File}' prints nothing"));
        }

        if (record.Pipeline is { } stage)
        {
            Stale(record, stage, findings);
        }

        return record;
    }

    private static DvcRecord Missing(DvcRecord record, string data, List<Finding> findings)
    {
        var from = record.InCache == true ? "the local cache has it" : record.Remote is { } remote ? $"it may be in remote {record.RemoteName} ({remote})" : "no remote is configured, so it can only come from where it was made";
        findings.Add(Finding("dvc-missing", Severity.High, $"'{data}' is tracked by DVC but not there; {from}", record, "The data was not fetched after cloning or switching branches.",
            record.InCache == true ? $"dvc checkout '{record.File}'" : $"dvc pull '{record.File}'", "dvc status prints that everything is up to date"));
        return record with { State = "missing" };
    }

    private DvcRecord Compare(DvcRecord record, string data, string? md5, DvcFolder? folder, string? cache, List<Finding> findings)
    {
        if (folder is not null && record.IsFolder)
        {
            if (folder.Md5.Equals(record.Md5, StringComparison.OrdinalIgnoreCase))
            {
                return record with { State = "matches" };
            }

            var ignored = File.Exists(Path.Combine(Path.GetDirectoryName(record.File)!, ".dvcignore")) ? " Files that .dvcignore leaves out count here." : "";
            findings.Add(Changed(record, data, folder.Md5, Differences(DvcFolder.ReadListing(cache), folder.Files) + ignored));
            return record with { State = "changed", ActualMd5 = folder.Md5 };
        }

        var expected = record.Md5;
        if (record.IsFolder && md5 is not null)
        {
            // A single file of a tracked folder: only the listing knows its hash.
            var relative = Path.GetRelativePath(record.Target, data).Replace('\\', '/');
            if (DvcFolder.ReadListing(cache) is not { } listing)
            {
                return record with { State = "unverified" };
            }

            expected = listing.GetValueOrDefault(relative, "");
        }

        if (md5 is null)
        {
            return record with { State = "unverified" };
        }

        if (expected.Equals(md5, StringComparison.OrdinalIgnoreCase) || (record.Legacy && expected.Equals(FileDigest.TextMd5Of(data, cancellation), StringComparison.OrdinalIgnoreCase)))
        {
            return record with { State = "matches" };
        }

        findings.Add(Changed(record, data, md5, ""));
        return record with { State = "changed", ActualMd5 = md5 };
    }

    private static Finding Changed(DvcRecord record, string data, string now, string details) => Finding(
        "dvc-changed", Severity.High, $"'{data}' has changed since DVC recorded it in '{record.File}': md5 {record.Md5}, now {now}.{(details.Length == 0 ? "" : " ")}{details}".TrimEnd(), record,
        "The data was edited, or made anew, without telling DVC; this run read data that no commit names.",
        record.Stage is { } stage ? $"dvc repro {stage}, or dvc commit '{record.File}' to keep it as it is" : $"dvc commit '{record.File}' to keep it, dvc checkout '{record.File}' to go back",
        "dvc status prints that everything is up to date", ("md5_now", now));

    private static string Differences(IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string> now)
    {
        if (before is null)
        {
            return "Which files differ is unknown: the recorded listing is not in the cache.";
        }

        var added = now.Keys.Except(before.Keys, StringComparer.Ordinal).Select(f => f + " added");
        var removed = before.Keys.Except(now.Keys, StringComparer.Ordinal).Select(f => f + " missing");
        var changed = now.Where(f => before.TryGetValue(f.Key, out var md5) && md5 != f.Value).Select(f => f.Key + " changed");
        var all = added.Concat(removed).Concat(changed).Order(StringComparer.Ordinal).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{all.Count} of {before.Count} files: {string.Join(", ", all.Take(MostNamed))}{(all.Count > MostNamed ? ", …" : "")}.");
    }

    // A stage's output may be just as recorded and still be old: what it was made of has changed since.
    private void Stale(DvcRecord record, DvcStage stage, List<Finding> findings)
    {
        var folder = Path.GetDirectoryName(record.File)!;
        var changed = new List<string>();
        foreach (var dependency in stage.Deps.Where(d => d.Md5 is not null && !d.Md5.EndsWith(".dir", StringComparison.Ordinal)).Take(MostDepsHashed))
        {
            var file = new FileInfo(Path.Combine(folder, dependency.Path));
            if (file.Exists && file.Length <= LargestDep && FileDigest.Md5Of(file.FullName, cancellation) != dependency.Md5 && FileDigest.TextMd5Of(file.FullName, cancellation) != dependency.Md5)
            {
                changed.Add(dependency.Path);
            }
        }

        if (changed.Count > 0)
        {
            findings.Add(Finding("dvc-stale", Severity.Medium, $"stage '{stage.Name}' has not run since {string.Join(", ", changed.Take(MostNamed))} changed, so '{record.Path}' may be out of date", record,
                "A dependency of the stage was edited after its output was made.", $"dvc repro {stage.Name}", $"dvc status {stage.Name} prints that it is up to date"));
        }
    }

    private static Finding Finding(string check, Severity severity, string message, DvcRecord record, string cause, string fix, string verify, params (string Key, string Value)[] more)
    {
        var evidence = new JsonObject { ["file"] = record.File, ["path"] = record.Path, ["md5"] = record.Md5 };
        foreach (var (key, value) in more)
        {
            evidence[key] = value;
        }

        return new Finding(check, severity, message) { Evidence = evidence, Cause = cause, Fix = fix, Verify = verify };
    }
}
