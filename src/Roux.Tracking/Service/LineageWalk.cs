namespace Roux.Tracking.Service;

/// <summary>Walks from one node back and on, the nearest first.</summary>
internal sealed class LineageWalk(LineageReader reader)
{
    private const int MostNodes = 60;
    private const int Farthest = 8;

    private readonly Dictionary<string, LineageNode> nodes = new(StringComparer.Ordinal);
    private readonly List<LineageEdge> edges = [];
    private readonly List<LineageGap> gaps = [];

    public LineageGraph From(LineageNode start)
    {
        nodes[start.Id] = start;
        Walk(start, node => reader.Before(node));
        Walk(start, node => reader.After(node, isStart: node.Id == start.Id));
        return new LineageGraph(start.Id, [.. nodes.Values], [.. edges.Distinct()], [.. gaps.Distinct()]);
    }

    private void Walk(LineageNode start, Func<LineageNode, LineageNeighbours> next)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.Id };
        var waiting = new Queue<(LineageNode Node, int Distance)>([(start, 0)]);
        while (waiting.TryDequeue(out var at))
        {
            var found = next(at.Node);
            gaps.AddRange(found.Gaps);
            foreach (var (node, edge) in found.Links)
            {
                if (!nodes.ContainsKey(node.Id) && nodes.Count >= MostNodes)
                {
                    gaps.Add(new LineageGap(at.Node.Id, node.Kind, 0));
                    continue;
                }

                nodes.TryAdd(node.Id, node);
                edges.Add(edge);
                if (seen.Add(node.Id) && at.Distance + 1 < Farthest)
                {
                    waiting.Enqueue((node, at.Distance + 1));
                }
            }
        }
    }
}

/// <summary>What stands next to a node on one side.</summary>
/// <param name="Links">The nodes, and how they are linked.</param>
/// <param name="Gaps">What else there is.</param>
internal sealed record LineageNeighbours(IReadOnlyList<(LineageNode Node, LineageEdge Edge)> Links, IReadOnlyList<LineageGap> Gaps);
