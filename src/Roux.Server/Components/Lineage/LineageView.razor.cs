using System.Globalization;
using Microsoft.AspNetCore.Components;
using Roux.Server.Components.Data;
using Roux.Server.Components.Models;
using Roux.Server.Components.Widgets;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Lineage;

/// <summary>Where a thing came from and what came of it, as a graph whose nodes are links, and as a list.</summary>
public sealed partial class LineageView : LivePage
{
    private static readonly LayoutSize Size = new(160, 48, 34, 14, 10, 14);

    private LineageGraph? graph;
    private LayoutResult? layout;
    private LineageSubject? read;
    private Dictionary<string, LineageNode> byId = [];

    /// <summary>What it is about.</summary>
    [Parameter, EditorRequired]
    public LineageSubject Subject { get; set; } = null!;

    private string Api => "/api/roux/v1/lineage" + (Subject switch
    {
        { Run: { } run } => DataText.Query(("run_id", run)),
        { Data: { } data } => DataText.Query(("dataset", data.Name), ("digest", data.Digest)),
        { Model: { } model } => DataText.Query(("model", model.Name), ("version", model.Version.ToString(CultureInfo.InvariantCulture))),
        _ => "",
    });

    private string Alone => Subject.Run is not null ? "The run noted no data, has no parts, and no model was registered from it." : Subject.Model is not null ? "It was registered without a run." : "Nothing is known to have come of it.";

    private protected override bool HasNewParameters() => Subject != read;

    private protected override Action Read()
    {
        var subject = Subject;
        var found = Find(subject);
        var placed = Layout(found);
        return () => (graph, layout, read, byId) = (found, placed, subject, found.Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal));
    }

    private LineageGraph Find(LineageSubject subject)
    {
        var viewer = new LineageViewer(Visitor.Reach, name => Visitor.Can(Role.Viewer, SubjectKind.Model, name));
        if (subject.Run is { } run)
        {
            Visitor.Require(Role.Viewer, SubjectKind.Run, run);
            return Service.Lineage.OfRun(run, viewer);
        }

        if (subject.Model is { } model)
        {
            Visitor.Require(Role.Viewer, SubjectKind.Model, model.Name);
            return Service.Lineage.OfModel(model.Name, model.Version, viewer);
        }

        var data = subject.Data ?? throw new InvalidOperationException("a lineage is about a run, data or a model");
        return Service.Lineage.OfData(data.Name, data.Digest, viewer);
    }

    private static LayoutResult Layout(LineageGraph graph)
    {
        var number = graph.Nodes.Select((node, i) => (node.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
        return LayeredLayout.Of(graph.Nodes.Count, [.. graph.Edges.Select(edge => (number[edge.From], number[edge.To]))], Size);
    }

    private string NameOf(string id) => byId.TryGetValue(id, out var node) ? node.Kind == LineageKind.Model ? $"{node.Name} v{node.Key}" : node.Name : id;

    private static string Address(LineageNode node) => node.Kind switch
    {
        LineageKind.Data => DataPage.Address(node.Name, node.Key),
        LineageKind.Run => $"/runs/{node.Key}/lineage",
        _ => ModelsPage.Address(node.Name) + "?version=" + node.Key,
    };

    private static string Kind(LineageNode node) => node.Kind switch { LineageKind.Data => "data", LineageKind.Run => "run", _ => "model" };

    private static string Word(LineageNode node) => node.Kind switch { LineageKind.Data => "data", LineageKind.Run => "run", _ => "model version" };

    // What is written must be part of what is read out.
    private string Told(LineageNode node) => $"{Word(node)} {Name(node)} {Short(node)}";

    private static string Name(LineageNode node) => Format.Cut(node.Name, 19);

    private string Short(LineageNode node) => Format.Cut(Brief(node), 25);

    // Two versions of a data set have the same name: the digest tells them apart.
    private string Brief(LineageNode node) => node.Kind != LineageKind.Data ? Detail(node)
        : string.Join(" · ", new[] { Parts(node), Format.Cut(node.Key, 8).TrimEnd('…') }.Where(part => part.Length > 0));

    private string Parts(LineageNode node) => string.Join(", ", graph!.Edges.Where(edge => edge.From == node.Id && edge.As.Length > 0).Select(edge => edge.As).Distinct(StringComparer.Ordinal).Take(3));

    private string Detail(LineageNode node) => node.Kind switch
    {
        LineageKind.Data => string.Join(" · ", new[] { Parts(node), node.Detail, Format.Cut(node.Key, 8).TrimEnd('…') }.Where(part => part.Length > 0)),
        LineageKind.Run => node.Status is { } status and not RunStatus.Finished ? $"{Format.Status(status)} · {node.Detail}" : node.Detail,
        _ => node.Detail.Length == 0 ? $"v{node.Key}" : $"v{node.Key} · {node.Detail}",
    };

    private string GapTold(LineageGap gap)
    {
        var noun = gap.Kind switch { LineageKind.Data => "data set", LineageKind.Run => "run", _ => "model version" };
        return gap.Count > 0 ? $"Left out beside {Format.Cut(NameOf(gap.Of), 80)}: {Format.Count(gap.Count, noun)}." : $"Left out beside {Format.Cut(NameOf(gap.Of), 80)}: further {noun}s.";
    }

    private string? GapLink(LineageGap gap) => gap.Kind != LineageKind.Run || !byId.TryGetValue(gap.Of, out var node) ? null
        : node.Kind == LineageKind.Data ? DataPage.Address(node.Name, node.Key) : node.Kind == LineageKind.Run ? $"/runs/{node.Key}/children" : null;

    /// <summary>A smooth line through points: level at each of them.</summary>
    private static string Curve(IReadOnlyList<(double X, double Y)> points)
    {
        var text = new System.Text.StringBuilder($"M{Px(points[0].X)} {Px(points[0].Y)}");
        for (var i = 1; i < points.Count; i++)
        {
            var half = (points[i].X - points[i - 1].X) / 2;
            text.Append(points[i].Y == points[i - 1].Y ? $"L{Px(points[i].X)} {Px(points[i].Y)}"
                : $"C{Px(points[i - 1].X + half)} {Px(points[i - 1].Y)} {Px(points[i].X - half)} {Px(points[i].Y)} {Px(points[i].X)} {Px(points[i].Y)}");
        }

        return text.ToString();
    }

    private static string Px(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
