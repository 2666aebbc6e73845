namespace Roux.Server.Components.Lineage;

/// <summary>
/// Places the nodes of a directed graph in columns from left to right (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981): columns by
/// the longest way from a source, few crossings by sweeps that order each column by the mean place of its neighbours, then heights near those of the neighbours. Links that pass
/// columns keep a lane of their own in each. Links that would close a circle count the other way round. The same graph gives the same picture.
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 12;

    private readonly int nodes;
    private readonly LayoutSize size;
    private readonly List<List<int>> columns = [];
    private readonly List<int> column = [];
    private readonly List<List<int>> before = [];
    private readonly List<List<int>> after = [];
    private readonly List<List<int>> ways = [];
    private double[] middle = [];

    private LayeredLayout(int nodes, IReadOnlyList<(int From, int To)> links, LayoutSize size)
    {
        this.nodes = nodes;
        this.size = size;
        var turned = Turned(nodes, links);
        Columns(turned);
        Lanes(turned);
        Order();
        Place();
    }

    /// <summary>Places a graph.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="links">Pairs of nodes, by number; a node linked with itself is passed over.</param>
    /// <param name="size">Sizes in pixels.</param>
    public static LayoutResult Of(int nodes, IReadOnlyList<(int From, int To)> links, LayoutSize size)
    {
        var layout = new LayeredLayout(nodes, links, size);
        return layout.Result(links);
    }

    /// <summary>Links without circles: those back to a node that is still being visited are turned.</summary>
    private static List<(int From, int To)> Turned(int nodes, IReadOnlyList<(int From, int To)> links)
    {
        var targets = links.ToLookup(link => link.From, link => link.To);
        var state = new int[nodes];
        var back = new HashSet<(int, int)>();
        for (var start = 0; start < nodes; start++)
        {
            if (state[start] != 0)
            {
                continue;
            }

            var path = new Stack<(int Node, IEnumerator<int> Next)>([(start, targets[start].GetEnumerator())]);
            state[start] = 1;
            while (path.TryPeek(out var at))
            {
                if (!at.Next.MoveNext())
                {
                    state[at.Node] = 2;
                    path.Pop();
                }
                else if (state[at.Next.Current] == 1)
                {
                    back.Add((at.Node, at.Next.Current));
                }
                else if (state[at.Next.Current] == 0)
                {
                    state[at.Next.Current] = 1;
                    path.Push((at.Next.Current, targets[at.Next.Current].GetEnumerator()));
                }
            }
        }

        return [.. links.Select(link => back.Contains(link) ? (link.To, link.From) : link)];
    }

    private void Columns(List<(int From, int To)> links)
    {
        var depth = new int[nodes];
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (from, to) in links)
            {
                if (from != to && depth[to] < depth[from] + 1)
                {
                    depth[to] = depth[from] + 1;
                    changed = true;
                }
            }
        }

        // A source stands right before the first that needs it.
        for (var node = 0; node < nodes; node++)
        {
            if (!links.Any(link => link.To == node && link.From != node) && links.Where(link => link.From == node && link.To != node).Select(link => depth[link.To]).DefaultIfEmpty(0).Min() is > 1 and var nearest)
            {
                depth[node] = nearest - 1;
            }
        }

        for (var node = 0; node < nodes; node++)
        {
            Add(depth[node]);
        }
    }

    private int Add(int depth)
    {
        while (columns.Count <= depth)
        {
            columns.Add([]);
        }

        column.Add(depth);
        before.Add([]);
        after.Add([]);
        columns[depth].Add(column.Count - 1);
        return column.Count - 1;
    }

    private void Lanes(List<(int From, int To)> links)
    {
        foreach (var (from, to) in links)
        {
            var way = new List<int> { from };
            for (var depth = column[from] + 1; from != to && depth < column[to]; depth++)
            {
                way.Add(Add(depth));
            }

            way.Add(to);
            for (var i = 1; i < way.Count && from != to; i++)
            {
                after[way[i - 1]].Add(way[i]);
                before[way[i]].Add(way[i - 1]);
            }

            ways.Add(way);
        }
    }

    private void Order()
    {
        var place = new double[column.Count];
        Number(place);
        var best = columns.Select(one => one.ToArray()).ToArray();
        var fewest = Crossings(place);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var forward = sweep % 2 == 0;
            for (var i = 1; i < columns.Count; i++)
            {
                var at = forward ? i : columns.Count - 1 - i;
                var beside = forward ? before : after;
                var wanted = columns[at].ToDictionary(node => node, node => beside[node].Count == 0 ? place[node] : beside[node].Average(other => place[other]));
                columns[at] = [.. columns[at].OrderBy(node => wanted[node]).ThenBy(node => place[node])];
                Number(place);
            }

            if (Crossings(place) is var crossings && crossings < fewest)
            {
                (fewest, best) = (crossings, [.. columns.Select(one => one.ToArray())]);
            }
        }

        for (var i = 0; i < columns.Count; i++)
        {
            columns[i] = [.. best[i]];
        }
    }

    private void Number(double[] place)
    {
        foreach (var one in columns)
        {
            for (var i = 0; i < one.Count; i++)
            {
                place[one[i]] = i;
            }
        }
    }

    private int Crossings(double[] place)
    {
        var count = 0;
        foreach (var one in columns)
        {
            var links = one.SelectMany(node => after[node].Select(to => (From: place[node], To: place[to]))).ToArray();
            for (var i = 0; i < links.Length; i++)
            {
                for (var j = i + 1; j < links.Length; j++)
                {
                    count += (links[i].From - links[j].From) * (links[i].To - links[j].To) < 0 ? 1 : 0;
                }
            }
        }

        return count;
    }

    private double High(int node) => node < nodes ? size.Height : size.Lane;

    private double Apart(int above, int below) => ((High(above) + High(below)) / 2) + size.RowGap;

    private void Place()
    {
        middle = new double[column.Count];
        foreach (var one in columns)
        {
            for (var i = 0; i < one.Count; i++)
            {
                middle[one[i]] = i == 0 ? 0 : middle[one[i - 1]] + Apart(one[i - 1], one[i]);
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var one = columns[sweep % 2 == 0 ? i : columns.Count - 1 - i];
                Settle(one, [.. one.Select(node => before[node].Concat(after[node]).Select(other => middle[other]).DefaultIfEmpty(middle[node]).Average())]);
            }
        }

        var top = Enumerable.Range(0, column.Count).Select(node => middle[node] - (High(node) / 2)).DefaultIfEmpty(0).Min();
        for (var node = 0; node < column.Count; node++)
        {
            middle[node] += size.Margin - top;
        }
    }

    /// <summary>Puts the nodes of a column as near to the wanted heights as their distances allow: blocks that touch move together to their mean (as in isotonic regression).</summary>
    private void Settle(List<int> one, double[] wanted)
    {
        var blocks = new List<(double Sum, int Count, int First)>();
        var offset = new double[one.Count];
        for (var i = 0; i < one.Count; i++)
        {
            offset[i] = i == 0 ? 0 : offset[i - 1] + Apart(one[i - 1], one[i]);
            var block = (Sum: wanted[i] - offset[i], Count: 1, First: i);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Count > block.Sum / block.Count)
            {
                block = (blocks[^1].Sum + block.Sum, blocks[^1].Count + block.Count, blocks[^1].First);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        foreach (var (sum, count, first) in blocks)
        {
            for (var i = first; i < first + count; i++)
            {
                middle[one[i]] = (sum / count) + offset[i];
            }
        }
    }

    private LayoutResult Result(IReadOnlyList<(int From, int To)> links)
    {
        double Left(int node) => size.Margin + (column[node] * (size.Width + size.ColumnGap));
        var lines = new List<IReadOnlyList<(double X, double Y)>>();
        for (var i = 0; i < ways.Count; i++)
        {
            var points = new List<(double X, double Y)>();
            foreach (var node in ways[i])
            {
                points.Add((node == ways[i][0] ? Left(node) + size.Width : Left(node), middle[node]));
                if (node >= nodes)
                {
                    points.Add((Left(node) + size.Width, middle[node]));
                }
            }

            if (ways[i][0] != links[i].From)
            {
                points.Reverse();
            }

            lines.Add(points);
        }

        var high = Enumerable.Range(0, column.Count).Select(node => middle[node] + (High(node) / 2)).DefaultIfEmpty(0).Max() + size.Margin;
        var wide = (2 * size.Margin) + (columns.Count * (size.Width + size.ColumnGap)) - size.ColumnGap;
        return new LayoutResult([.. Enumerable.Range(0, nodes).Select(node => (Left(node), middle[node] - (size.Height / 2)))], lines, wide, high);
    }
}

/// <summary>Sizes of a layout in pixels.</summary>
/// <param name="Width">Of a node.</param>
/// <param name="Height">Of a node.</param>
/// <param name="ColumnGap">Between columns.</param>
/// <param name="RowGap">Between nodes of a column.</param>
/// <param name="Lane">Height that a link which passes a column takes.</param>
/// <param name="Margin">Around all.</param>
internal sealed record LayoutSize(double Width, double Height, double ColumnGap, double RowGap, double Lane, double Margin);

/// <summary>Where everything is.</summary>
/// <param name="Corners">Upper left corner of each node.</param>
/// <param name="Lines">Points of each link, from its start to its end.</param>
/// <param name="Width">Of the whole.</param>
/// <param name="Height">Of the whole.</param>
internal sealed record LayoutResult(IReadOnlyList<(double X, double Y)> Corners, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Lines, double Width, double Height);
