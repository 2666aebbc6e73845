using Roux.Server.Components.Charts;
using Roux.Server.Components.Runs;
using Roux.Server.Components.Widgets;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Reports;

/// <summary>Reads what blocks show, for a reader who sees some projects: of others nothing is read, and a copy of their data is not given.</summary>
internal sealed class BlockReader(TrackingService service, SeriesCache cache)
{
    private const int MostRows = 50;
    private const string Elsewhere = "in projects that you do not see, or gone";

    /// <summary>The data of a block.</summary>
    /// <exception cref="TrackingException">The filter of a table is not understood.</exception>
    public BlockPicture Read(ReportBlock block, Reach reach)
    {
        if (IsWithheld(block, reach))
        {
            return new NoPicture { Note = $"Its data are {Elsewhere}." };
        }

        return block switch
        {
            { Kind: BlockKind.Plot, Data: { } data } when EvidenceData.TryRead(data) is { } plot => new PlotPicture(plot),
            { Kind: BlockKind.Lines, Frozen: not null, Data: { } data } => LinesPicture.Of(data, block.Options),
            { Kind: BlockKind.Runs, Frozen: not null, Data: { } data } => TablePicture.Of(data),
            { Kind: BlockKind.Lines } => Lines(block, reach),
            { Kind: BlockKind.Runs } => Table(ViewAddress.Parse(block.View) ?? new RunsView(), reach),
            _ => new NoPicture(),
        };
    }

    /// <summary>Whether a block's copied data come from a project that the reader does not see.</summary>
    public static bool IsWithheld(ReportBlock block, Reach reach) => block.Frozen is { } frozen && !frozen.Projects.All(reach.Covers);

    /// <summary>The lines of a live chart that the reader may see, and what is said of the others.</summary>
    public (IReadOnlyList<ChartSeries> Series, string? Note) Visible(ReportBlock block, Reach reach)
    {
        var seen = block.Series.Where(one => service.Projects.OfRun(one.RunId) is { } project && reach.Covers(project)).ToList();
        var (runs, metrics) = (seen.Select(one => one.RunId).Distinct().Count(), seen.Select(one => one.Metric).Distinct().Count());
        var names = seen.Select(one => one.RunId).Distinct().ToDictionary(run => run, run => service.Runs.Get(run).Name);
        var series = seen.Select((one, index) => new ChartSeries(metrics == 1 ? names[one.RunId] : runs == 1 ? one.Metric : $"{names[one.RunId]} · {one.Metric}", one.RunId, one.Metric, 1 + (index % 8))).ToList();
        var left = block.Series.Count - seen.Count;
        return (series, left == 0 ? null : $"{Format.Count(left, "line")} of {block.Series.Count} {(left == 1 ? "is" : "are")} {Elsewhere}.");
    }

    /// <summary>A block with a copy of the data that somebody sees now.</summary>
    /// <exception cref="TrackingException">There is nothing that they see.</exception>
    public ReportBlock Freeze(ReportBlock block, Reach reach, string actor, DateTimeOffset now)
    {
        if (block.Kind is BlockKind.Markdown or BlockKind.Plot || block.Frozen is not null)
        {
            return block;
        }

        var picture = Read(block, reach);
        return picture switch
        {
            LinesPicture { Lines.Count: > 0 } lines => block with
            {
                Data = lines.ToJson(),
                Frozen = new FrozenAt(now, actor, ProjectsOf(block.Series.Select(one => one.RunId), reach)),
            },
            TablePicture table => block with { Data = table.ToJson(), Frozen = new FrozenAt(now, actor, ProjectsOf(block, table, reach)) },
            _ => throw ServiceException.Invalid("there is nothing to freeze: the runs of this block are gone, or in projects that you do not see"),
        };
    }

    /// <summary>The projects of some runs, those that the reader sees.</summary>
    public IReadOnlyList<string> ProjectsOf(IEnumerable<string> runs, Reach reach) =>
        [.. runs.Distinct().Select(service.Projects.OfRun).OfType<string>().Where(reach.Covers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private IReadOnlyList<string> ProjectsOf(ReportBlock block, TablePicture table, Reach reach)
    {
        var view = ViewAddress.Parse(block.View)!;
        return view.Experiment is { } experiment ? [service.Projects.OfExperiment(experiment)!]
            : view.Group is not null ? service.Projects.Names(reach) // a mean hides whose runs are in it
            : ProjectsOf(table.Rows.Select(row => row.RunId).OfType<string>(), reach);
    }

    private BlockPicture Lines(ReportBlock block, Reach reach)
    {
        var (series, note) = Visible(block, reach);
        return series.Count == 0 ? new NoPicture { Note = note } : new LinesPicture([.. series.Select(one => new NamedCurve(one.Name, one.Colour, Curve.Of(cache.Get(one.RunId, one.Key), block.Options.Axis)))], block.Options) { Note = note };
    }

    private BlockPicture Table(RunsView view, Reach reach)
    {
        if (view.Experiment is { } experiment && !(service.Projects.OfExperiment(experiment) is { } project && reach.Covers(project)))
        {
            return new NoPicture { Note = $"Its runs are {Elsewhere}." };
        }

        var selection = view.Selection(reach);
        var fields = view.Columns ?? UsualColumns.Of(service.Table.Fields(selection));
        return view.Group is { } group ? Groups(selection, group, [.. fields.Where(field => field.Kind == FieldKind.Metric).Take(8)]) : Runs(view, selection, fields);
    }

    private TablePicture Runs(RunsView view, RunSelection selection, IReadOnlyList<Field> fields)
    {
        var total = service.Table.Count(selection);
        var withExperiment = view.Experiment is null;
        return new TablePicture(
            [("Name", false), .. withExperiment ? [("Experiment", false)] : Array.Empty<(string, bool)>(), ("Started", false), .. fields.Select(field => (field.Key, field.Kind == FieldKind.Metric))],
            [.. service.Table.Rows(selection, fields, 0, MostRows).Select(row => ((string?)row.Id, (IReadOnlyList<string>)
                [Format.Cut(row.Name, 200), .. withExperiment ? [Format.Cut(row.Experiment, 100)] : Array.Empty<string>(), Format.Moment(row.Started)[..16], .. row.Cells.Select(Cell)]))],
            total, "run");
    }

    private TablePicture Groups(RunSelection selection, Field group, IReadOnlyList<Field> metrics)
    {
        var groups = service.Table.Groups(selection, group, metrics, MostRows);
        return new TablePicture(
            [(group.Key, false), ("Runs", true), .. metrics.Select(metric => (metric.Key, true))],
            [.. groups.Select(one => ((string?)null, (IReadOnlyList<string>)
                [one.Value is null ? "(none)" : Format.Cut(one.Value, 200), Format.Count(one.Runs), .. one.Spreads.Select(spread => spread is null ? "" : Format.Number(spread.Mean) + (spread.Count > 1 ? $" ± {Format.Number(spread.Deviation)}" : ""))]))],
            groups.Count, "group");
    }

    private static string Cell(object? value) => value switch { double number => Format.Number(number), string text => Format.Cut(text, 200), _ => "" };
}
