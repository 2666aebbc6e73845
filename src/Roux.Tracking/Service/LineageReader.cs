using System.Globalization;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Reads the nodes of a lineage and what stands next to them.</summary>
internal sealed class LineageReader
{
    private const int MostOfKind = 10;
    private const string Outputs = "('output', 'outputs', 'derived', 'produced')";
    private const string RunColumns = "r.run_id, r.name, e.name, r.status";

    private readonly StoreSession session;
    private readonly LineageViewer viewer;
    private readonly RunScope scope;

    public LineageReader(StoreSession session, LineageViewer viewer) => (this.session, this.viewer, scope) = (session, viewer, new RunScope(session, viewer.Reach));

    public LineageNode? Data(string name, string? digest) => session.Rows(
        $"""
        SELECT d.name, d.digest, d.rows FROM datasets d JOIN run_datasets t ON t.dataset = d.id JOIN runs r ON r.id = t.run
        WHERE d.name = $name AND (CAST($digest AS TEXT) IS NULL OR d.digest IN {session.Dialect.Texts("$digests")}) AND r.deleted IS NULL AND {scope.Sql} ORDER BY r.started DESC LIMIT 1
        """,
        row => DataNode(row, 0), [.. scope.Parameters, ("$name", name), ("$digest", digest), ("$digests", DatasetService.Digests(digest ?? ""))]).FirstOrDefault();

    public LineageNode? Run(string id) => session.Rows($"SELECT {RunColumns} FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.run_id = $id", row => RunNode(row, 0), ("$id", id)).FirstOrDefault();

    public LineageNode? Model(string name, int version) => Versions("m.name = $name AND v.version = $version", [("$name", name), ("$version", (long)version)]).Select(found => found.Node).FirstOrDefault();

    /// <summary>What a node came from.</summary>
    public LineageNeighbours Before(LineageNode node)
    {
        var found = new Found();
        switch (node.Kind)
        {
            case LineageKind.Data:
                Runs(found, node, $"JOIN run_datasets t ON t.run = r.id AND t.context IN {Outputs} JOIN datasets d ON d.id = t.dataset", DataCondition, DataParameters(node), "output", forward: false);
                break;
            case LineageKind.Run:
                Datasets(found, node, $"t.context NOT IN {Outputs}", forward: false);
                Runs(found, node, "JOIN runs c ON c.parent = r.id", "c.run_id = $key", [("$key", node.Key)], "part", forward: false);
                Runs(found, node, "JOIN logged_models m ON m.run = r.id JOIN run_models x ON x.model = m.id AND x.is_input = 1 JOIN runs c ON c.id = x.run", "c.run_id = $key AND c.id != r.id", [("$key", node.Key)], "model", forward: false);
                Runs(found, node, "JOIN tags g ON g.value = r.run_id JOIN keys k ON k.id = g.key AND k.name = 'roux.reproduces' JOIN runs c ON c.id = g.run", "c.run_id = $key", [("$key", node.Key)], "reproduction", forward: false);
                break;
            default:
                Runs(found, node, "JOIN model_versions v ON v.run = r.id JOIN models m ON m.id = v.model", "m.name = $name AND v.version = $version", [("$name", node.Name), ("$version", long.Parse(node.Key, CultureInfo.InvariantCulture))], "registered", forward: false);
                break;
        }

        return found.Neighbours;
    }

    /// <summary>What came of a node. Parts of a run that led to no model are shown for the start only.</summary>
    public LineageNeighbours After(LineageNode node, bool isStart)
    {
        var found = new Found();
        switch (node.Kind)
        {
            case LineageKind.Data:
                Runs(found, node, $"JOIN run_datasets t ON t.run = r.id AND t.context NOT IN {Outputs} JOIN datasets d ON d.id = t.dataset", DataCondition, DataParameters(node), null, forward: true);
                break;
            case LineageKind.Run:
                var registered = Versions("r.run_id = $key", [("$key", node.Key)]);
                found.Links.AddRange(registered.Take(MostOfKind).Select(version => (version.Node, new LineageEdge(node.Id, version.Node.Id, "registered"))));
                found.Count(node, LineageKind.Model, registered.Count);
                Datasets(found, node, $"t.context IN {Outputs}", forward: true);
                Runs(found, node, "JOIN runs p ON p.id = r.parent", "p.run_id = $key" + (isStart ? "" : " AND EXISTS (SELECT 1 FROM model_versions v WHERE v.run = r.id)"), [("$key", node.Key)], "part", forward: true);
                Runs(found, node, "JOIN run_models x ON x.run = r.id AND x.is_input = 1 JOIN logged_models m ON m.id = x.model JOIN runs p ON p.id = m.run", "p.run_id = $key AND p.id != r.id", [("$key", node.Key)], "model", forward: true);
                Runs(found, node, "JOIN tags g ON g.run = r.id JOIN keys k ON k.id = g.key AND k.name = 'roux.reproduces'", session.Dialect.LongText("g.value", "$key"), [("$key", node.Key)], "reproduction", forward: true);
                break;
            default:
                break;
        }

        return found.Neighbours;
    }

    private string DataCondition => $"d.name = $name AND d.digest IN {session.Dialect.Texts("$digests")}";

    private static (string, object?)[] DataParameters(LineageNode node) => [("$name", node.Name), ("$digests", DatasetService.Digests(node.Key))];

    // Runs that led to a model come first: they are what a lineage is asked for.
    private void Runs(Found found, LineageNode node, string joins, string condition, (string Name, object? Value)[] parameters, string? link, bool forward)
    {
        var context = link is null ? "max(CASE WHEN t.context = 'input' THEN '' ELSE t.context END)" : "max('')";
        (string, object?)[] all = [.. scope.Parameters, .. parameters, ("$most", MostOfKind)];
        var rows = session.Rows(
            $"""
            SELECT {RunColumns}, {context} FROM runs r JOIN experiments e ON e.id = r.experiment {joins}
            WHERE {condition} AND r.deleted IS NULL AND {scope.Sql} GROUP BY r.id, r.run_id, r.name, e.name, r.status, r.started
            ORDER BY CASE WHEN r.id IN (SELECT w.run FROM model_versions w WHERE w.run IS NOT NULL) THEN 2
              WHEN r.id IN (SELECT q.parent FROM model_versions w JOIN runs q ON q.id = w.run WHERE q.parent IS NOT NULL) THEN 1 ELSE 0 END DESC, r.started DESC, r.id DESC LIMIT $most
            """,
            row => (Node: RunNode(row, 0), Link: link ?? (row.Text(4) is { Length: > 0 } known ? known : "input")), all);
        found.Links.AddRange(rows.Select(row => (row.Node, forward ? new LineageEdge(node.Id, row.Node.Id, row.Link) : new LineageEdge(row.Node.Id, node.Id, row.Link))));
        if (rows.Count == MostOfKind)
        {
            found.Count(node, LineageKind.Run, session.Number($"SELECT count(DISTINCT r.id) FROM runs r {joins} WHERE {condition} AND r.deleted IS NULL AND {scope.Sql}", [.. scope.Parameters, .. parameters]) ?? 0);
        }
    }

    private void Datasets(Found found, LineageNode node, string condition, bool forward)
    {
        var rows = session.Rows(
            $"SELECT d.name, d.digest, d.rows, t.context FROM runs r JOIN run_datasets t ON t.run = r.id JOIN datasets d ON d.id = t.dataset WHERE r.run_id = $key AND {condition} ORDER BY d.id, t.context",
            row => (Node: DataNode(row, 0), Context: row.Text(3)), ("$key", node.Key));

        // A command and its capture may both have noted the same data: the command says better what for.
        var each = rows.GroupBy(row => row.Node.Id, StringComparer.Ordinal).Select(group => (
            Node: group.Select(row => row.Node).MaxBy(one => one.Detail.Length)!,
            Context: string.Join(", ", group.Select(row => row.Context).Where(context => context.Length > 0 && (context != "input" || group.All(row => row.Context is "input" or ""))).Distinct(StringComparer.Ordinal)))).ToList();
        found.Links.AddRange(each.Take(MostOfKind).Select(one => (one.Node, forward ? new LineageEdge(node.Id, one.Node.Id, one.Context) : new LineageEdge(one.Node.Id, node.Id, one.Context))));
        found.Count(node, LineageKind.Data, each.Count);
    }

    private List<(LineageNode Node, int Version)> Versions(string condition, (string Name, object? Value)[] parameters)
    {
        var versions = session.Rows(
            $"""
            SELECT m.name, v.version, v.stage, m.id FROM model_versions v JOIN models m ON m.id = v.model LEFT JOIN runs r ON r.id = v.run WHERE {condition} ORDER BY v.created DESC, v.version DESC
            """,
            row => (Name: row.Text(0), Version: (int)row.Int64(1), Stage: (ModelStage)row.Int64(2), Model: row.Int64(3)), parameters);
        return [.. versions.Where(version => viewer.SeesModel(version.Name)).Select(version =>
        {
            var aliases = session.Rows("SELECT alias FROM model_aliases WHERE model = $model AND version = $version ORDER BY alias LIMIT 3", row => row.Text(0), ("$model", version.Model), ("$version", (long)version.Version));
            var key = version.Version.ToString(CultureInfo.InvariantCulture);
            return (new LineageNode($"model:{version.Name}/{key}", LineageKind.Model, version.Name, key, string.Join(", ", [.. version.Stage == ModelStage.None ? [] : new[] { version.Stage.ToString() }, .. aliases])), version.Version);
        })];
    }

    private static LineageNode DataNode(StoreRow row, int from) => new(
        $"data:{row.Text(from)}@{DatasetService.Plain(row.Text(from + 1))}", LineageKind.Data, row.Text(from), DatasetService.Plain(row.Text(from + 1)),
        row.Int64OrNull(from + 2) is { } rows ? $"{rows.ToString("#,0", CultureInfo.InvariantCulture)} rows" : "");

    private static LineageNode RunNode(StoreRow row, int from) =>
        new($"run:{row.Text(from)}", LineageKind.Run, row.Text(from + 1), row.Text(from), row.Text(from + 2)) { Status = (RunStatus)row.Int64(from + 3) };

    private sealed class Found
    {
        private readonly List<LineageGap> gaps = [];

        public List<(LineageNode Node, LineageEdge Edge)> Links { get; } = [];

        public LineageNeighbours Neighbours => new(Links, gaps);

        public void Count(LineageNode node, LineageKind kind, long all)
        {
            if (all > MostOfKind)
            {
                gaps.Add(new LineageGap(node.Id, kind, all - MostOfKind));
            }
        }
    }
}
