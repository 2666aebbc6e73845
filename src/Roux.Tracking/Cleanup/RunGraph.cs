using Roux.Tracking.Runs;
using Roux.Tracking.Search;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Cleanup;

/// <summary>All runs of a store with what needs what, in one snapshot of it: decides which runs can go.</summary>
internal sealed class RunGraph
{
    /// <summary>Tags whose value is the id of a run that this one cannot be understood without.</summary>
    private static readonly string[] LineageTags = ["roux.captured_by", "roux.reproduces"];

    private readonly Dictionary<long, Node> nodes = [];
    private readonly Dictionary<string, Node> byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> neededModels = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, List<Node>> needs = [];

    private RunGraph()
    {
    }

    /// <summary>Runs that can go, parts before what they are parts of.</summary>
    public IReadOnlyList<Node> Removed { get; private set; } = [];

    /// <summary>Runs that were chosen and stay, with the reason.</summary>
    public IReadOnlyList<KeptRun> Kept { get; private set; } = [];

    /// <summary>Ids of logged models that a registered version was made of.</summary>
    public IReadOnlySet<string> NeededModels => neededModels;

    public static RunGraph Load(StoreSession session, KeyNames keys, CleanupOptions options, DateTimeOffset now)
    {
        var graph = new RunGraph();
        graph.ReadRuns(session);
        graph.ChooseDeleted(session, options, now);
        if (options.HasRule)
        {
            graph.ChooseByRule(session, keys, options, now);
        }

        graph.ReadNeeds(session);
        graph.Decide();
        return graph;
    }

    private void ReadRuns(StoreSession session)
    {
        session.Each("SELECT id, run_id, name, experiment, parent, status, started, ended, deleted, owner FROM runs", row =>
        {
            var node = new Node(row.Int64(0), row.Text(1), row.Text(2), row.Int64(3), row.Int64OrNull(4), row.Int64(6), row.Int64OrNull(7), row.Int64OrNull(8))
            {
                IsOpen = !row.IsNull(9) || (RunStatus)row.Int64(5) is RunStatus.Running or RunStatus.Scheduled,
                HasOwner = !row.IsNull(9),
            };
            nodes.Add(node.Key, node);
            byId.Add(node.Id, node);
        });
        foreach (var node in nodes.Values)
        {
            if (node.Parent is { } parent && nodes.TryGetValue(parent, out var above))
            {
                above.Parts.Add(node);
            }
        }
    }

    private void ChooseDeleted(StoreSession session, CleanupOptions options, DateTimeOffset now)
    {
        var cutoff = (now - options.DeletedFor).ToUnixTimeMilliseconds();
        var within = Within(session, options);
        foreach (var node in nodes.Values.Where(node => node.Deleted <= cutoff && (within is null || within.Contains(node.Experiment))))
        {
            node.Choice = Choice.Deleted;
        }
    }

    private void ChooseByRule(StoreSession session, KeyNames keys, CleanupOptions options, DateTimeOffset now)
    {
        var within = Within(session, options);
        var cutoff = options.OlderThan is { } age ? (now - age).ToUnixTimeMilliseconds() : long.MaxValue;
        var fitting = string.IsNullOrWhiteSpace(options.Filter) ? null : Fitting(session, keys, options.Filter);
        var live = nodes.Values.Where(node => node.Parent is null && node.Deleted is null && (within is null || within.Contains(node.Experiment)));
        foreach (var experiment in live.GroupBy(node => node.Experiment))
        {
            foreach (var node in experiment.OrderByDescending(node => node.Started).ThenByDescending(node => node.Key).Skip(options.KeepLast ?? 0)
                .Where(node => node.Ended <= cutoff && (fitting is null || fitting.Contains(node.Key))))
            {
                ChooseTree(node, node);
            }
        }
    }

    private void ChooseTree(Node root, Node node)
    {
        if (node.Choice == Choice.None)
        {
            node.Choice = Choice.Rule;
        }

        foreach (var part in node.Parts)
        {
            // What was chosen by the rule goes as a whole or stays as a whole.
            Need(root, part);
            ChooseTree(root, part);
        }
    }

    private void ReadNeeds(StoreSession session)
    {
        foreach (var node in nodes.Values)
        {
            if (node.Parent is { } parent && nodes.TryGetValue(parent, out var above))
            {
                Need(node, above);
            }

            if (node.Choice == Choice.None)
            {
                node.Reason = "";
            }
            else if (node.HasOwner || (node.IsOpen && node.Choice == Choice.Rule))
            {
                node.Reason = "it is not finished";
            }
        }

        session.Each("SELECT v.run, v.source, v.lineage, m.name, v.version FROM model_versions v JOIN models m ON m.id = v.model", row =>
        {
            var reason = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.Text(3)}/{row.Int64(4)} is registered from it");
            Protect(row.Int64OrNull(0), reason);
            if (row.TextOrNull(1) is { } source && ModelSource.Owner(source) is { } owner)
            {
                if (owner.Kind == ModelSource.OwnerKind.LoggedModel)
                {
                    neededModels.Add(owner.Id);
                }
                else if (owner.Kind == ModelSource.OwnerKind.Run)
                {
                    Protect(byId.GetValueOrDefault(owner.Id)?.Key, reason);
                }
            }

            if (row.TextOrNull(2) is { } lineage && LineageRun(lineage) is { } id)
            {
                Protect(byId.GetValueOrDefault(id)?.Key, reason);
            }
        });
        session.Each(
            $"SELECT t.run, t.value FROM tags t JOIN keys k ON k.id = t.key WHERE k.name IN {session.Dialect.Texts("$names")}",
            row => Need(nodes.GetValueOrDefault(row.Int64(0)), byId.GetValueOrDefault(row.Text(1))), ("$names", LineageTags));
        session.Each(
            "SELECT x.run, m.run FROM run_models x JOIN logged_models m ON m.id = x.model WHERE x.is_input = 1 AND m.run IS NOT NULL",
            row => Need(nodes.GetValueOrDefault(row.Int64(0)), nodes.GetValueOrDefault(row.Int64(1))));
        session.Each("SELECT m.run, x.run, m.model_id FROM logged_model_metrics x JOIN logged_models m ON m.id = x.model WHERE m.deleted IS NULL AND coalesce(m.run, 0) <> x.run", row =>
        {
            if (row.IsNull(0))
            {
                Protect(row.Int64(1), $"it judged the logged model {row.Text(2)}");
            }
            else
            {
                Need(nodes.GetValueOrDefault(row.Int64(0)), nodes.GetValueOrDefault(row.Int64(1)));
            }
        });
        session.Each("SELECT model_id, run FROM logged_models WHERE run IS NOT NULL", row =>
        {
            if (neededModels.Contains(row.Text(0)))
            {
                Protect(row.Int64(1), $"a registered version is its logged model {row.Text(0)}");
            }
        });
    }

    /// <summary>What stays makes stay what it needs.</summary>
    private void Decide()
    {
        var waiting = new Queue<Node>(nodes.Values.Where(node => node.Reason is not null));
        while (waiting.TryDequeue(out var node))
        {
            foreach (var other in needs.GetValueOrDefault(node, []).Where(other => other.Reason is null))
            {
                other.Reason = other.Key == node.Parent ? $"its part {node.Id} stays" : $"run {node.Id}, which stays, needs it";
                waiting.Enqueue(other);
            }
        }

        Kept = [.. nodes.Values.Where(node => node.Choice != Choice.None && node.Reason is not null).Select(node => new KeptRun(node.Id, node.Name, node.Reason!))];
        Removed = [.. nodes.Values.Where(node => node.Reason is null).OrderByDescending(DepthOf).ThenBy(node => node.Key)];
    }

    private int DepthOf(Node node)
    {
        var depth = 0;
        for (var above = node; above.Parent is { } parent && nodes.TryGetValue(parent, out var next) && depth < nodes.Count; above = next)
        {
            depth++;
        }

        return depth;
    }

    private void Need(Node? from, Node? to)
    {
        if (from is not null && to is not null && from != to)
        {
            if (!needs.TryGetValue(from, out var list))
            {
                needs.Add(from, list = []);
            }

            list.Add(to);
        }
    }

    private void Protect(long? run, string reason)
    {
        if (run is { } key && nodes.TryGetValue(key, out var node))
        {
            node.Reason ??= reason;
        }
    }

    private static HashSet<long>? Within(StoreSession session, CleanupOptions options) =>
        options.Experiments is { } names ? [.. SearchCompiler.ExperimentKeys(session, names)] : null;

    private static HashSet<long> Fitting(StoreSession session, KeyNames keys, string filter)
    {
        const int page = 50_000;
        var found = new HashSet<long>();
        for (var offset = 0; ; offset += page)
        {
            var search = RunSearch.Parse(new RunQuery { Filter = filter, MaxResults = page, Offset = offset });
            if (SearchCompiler.Compile(session, keys, search) is not { } compiled)
            {
                return found;
            }

            var rows = session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters);
            found.UnionWith(rows);
            if (rows.Count < page)
            {
                return found;
            }
        }
    }

    private static string? LineageRun(string lineage)
    {
        try
        {
            return VersionLineage.Parse(lineage).RunId;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Why a run was chosen.</summary>
    internal enum Choice
    {
        None,
        Deleted,
        Rule,
    }

    /// <summary>A run.</summary>
    internal sealed record Node(long Key, string Id, string Name, long Experiment, long? Parent, long Started, long? Ended, long? Deleted)
    {
        public bool IsOpen { get; init; }

        public bool HasOwner { get; init; }

        public List<Node> Parts { get; } = [];

        public Choice Choice { get; set; }

        /// <summary>Why it stays; empty where nobody chose it, <c>null</c> where it can go.</summary>
        public string? Reason { get; set; }

        public bool Equals(Node? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => Key.GetHashCode();
    }
}
