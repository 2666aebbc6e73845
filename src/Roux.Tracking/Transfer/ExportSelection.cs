using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>What to export. Nothing named means everything.</summary>
public sealed record ExportSelection
{
    /// <summary>Experiments by name, with all their runs and logged models.</summary>
    public IReadOnlyList<string> Experiments { get; init; } = [];

    /// <summary>Runs by id, with the runs that they are parts of.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>Registered models by name, with all versions and the runs that made them.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    internal bool IsAll => Experiments.Count == 0 && Runs.Count == 0 && Models.Count == 0;
}

/// <summary>Keys of what is exported, in the order of the store.</summary>
internal sealed record ExportKeys(IReadOnlyList<long> Experiments, IReadOnlyList<long> Runs, IReadOnlyList<long> LoggedModels, IReadOnlyList<long> Models, IReadOnlyList<long> Datasets)
{
    /// <exception cref="TrackingException">Something named is not there.</exception>
    public static ExportKeys Find(StoreSession session, ExportSelection selection)
    {
        if (selection.IsAll)
        {
            return new ExportKeys(Ids(session, "experiments"), Ids(session, "runs"), Ids(session, "logged_models"), Ids(session, "models"), Ids(session, "evaluation_datasets"));
        }

        var experiments = new SortedSet<long>(selection.Experiments.Select(name => Key(session, "experiments", "name", name, "experiment")));
        var models = new SortedSet<long>(selection.Models.Select(name => Key(session, "models", "name", name, "registered model")));
        var runs = new SortedSet<long>(selection.Runs.Select(id => Key(session, "runs", "run_id", id, "run")));
        foreach (var experiment in experiments)
        {
            runs.UnionWith(session.Rows("SELECT id FROM runs WHERE experiment = $key", row => row.Int64(0), ("$key", experiment)));
        }

        foreach (var model in models)
        {
            runs.UnionWith(session.Rows("SELECT DISTINCT run FROM model_versions WHERE model = $key AND run IS NOT NULL", row => row.Int64(0), ("$key", model)));
        }

        AddParents(session, runs);
        var logged = new SortedSet<long>();
        foreach (var run in runs)
        {
            logged.UnionWith(session.Rows("SELECT id FROM logged_models WHERE run = $key", row => row.Int64(0), ("$key", run)));
            experiments.Add(session.Number("SELECT experiment FROM runs WHERE id = $key", ("$key", run))!.Value);
        }

        var datasets = new SortedSet<long>();
        foreach (var experiment in selection.Experiments.Select(name => Key(session, "experiments", "name", name, "experiment")))
        {
            logged.UnionWith(session.Rows("SELECT id FROM logged_models WHERE experiment = $key", row => row.Int64(0), ("$key", experiment)));
            datasets.UnionWith(session.Rows("SELECT dataset FROM evaluation_dataset_experiments WHERE experiment = $key", row => row.Int64(0), ("$key", experiment)));
        }

        return new ExportKeys([.. experiments], [.. runs], [.. logged], [.. models], [.. datasets]);
    }

    private static void AddParents(StoreSession session, SortedSet<long> runs)
    {
        var open = new Queue<long>(runs);
        while (open.TryDequeue(out var run))
        {
            if (session.Number("SELECT parent FROM runs WHERE id = $key", ("$key", run)) is { } parent && runs.Add(parent))
            {
                open.Enqueue(parent);
            }
        }
    }

    private static List<long> Ids(StoreSession session, string table) => session.Rows($"SELECT id FROM {table} ORDER BY id", row => row.Int64(0));

    private static long Key(StoreSession session, string table, string column, string value, string what) =>
        session.Number($"SELECT id FROM {table} WHERE {column} = $value", ("$value", value))
        ?? throw new TrackingException($"'{value}': no such {what} to export; {(what == "run" ? "give the full id" : "give the name as it is listed")}");
}
