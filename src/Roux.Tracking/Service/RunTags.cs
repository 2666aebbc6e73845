using Roux.Tracking.Runs;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>MLflow keeps a run's name and parent in tags; the store keeps them as what they are, and the tags are made from them.</summary>
internal static class RunTags
{
    public const string Name = "mlflow.runName";
    public const string Parent = "mlflow.parentRunId";

    /// <summary>All tags of a run as a client sees them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(RunRecord run)
    {
        var tags = run.Tags.Append(KeyValuePair.Create(Name, run.Name));
        return run.ParentId is { } parent ? tags.Append(KeyValuePair.Create(Parent, parent)) : tags;
    }

    /// <summary>Sets a tag; returns whether it is kept as a tag.</summary>
    public static bool Set(WriteSession session, long run, string key, string value)
    {
        switch (key)
        {
            case Name:
                if (value.Length > 0)
                {
                    session.Sql.Execute("UPDATE runs SET name = $name WHERE id = $run", ("$name", value), ("$run", run));
                }

                return false;
            case Parent when session.Sql.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", value)) is { } parent && !IsBelow(session, parent, run):
                session.Sql.Execute("UPDATE runs SET parent = $parent WHERE id = $run", ("$parent", parent), ("$run", run));
                Remove(session, run, key);
                return false;
            case Parent:
                // A parent that is not in this store, such as one of another server, or that is below this run itself: a mere label.
                session.Sql.Execute("UPDATE runs SET parent = NULL WHERE id = $run", ("$run", run));
                goto default;
            default:
                RunWrites.Tag(session, run, key, value);
                return true;
        }
    }

    /// <summary>Removes a tag; returns whether there was one.</summary>
    public static bool Delete(WriteSession session, long run, string key) => key switch
    {
        Name => throw ServiceException.Invalid("the tag mlflow.runName is the run's name and cannot be removed; rename the run instead"),
        Parent => Remove(session, run, key) | (session.Sql.Execute("UPDATE runs SET parent = NULL WHERE id = $run AND parent IS NOT NULL", ("$run", run)) == 1),
        _ => Remove(session, run, key),
    };

    /// <summary>Whether a run is another one or below it, however far: such a run cannot be its parent.</summary>
    private static bool IsBelow(WriteSession session, long run, long ancestor)
    {
        for (long? current = run; current is not null; current = session.Sql.Number("SELECT parent FROM runs WHERE id = $run", ("$run", current)))
        {
            if (current == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Remove(WriteSession session, long run, string key) => session.Sql.Execute(
        "DELETE FROM tags WHERE run = $run AND key = (SELECT id FROM keys WHERE name = $name)", ("$run", run), ("$name", key)) == 1;
}
