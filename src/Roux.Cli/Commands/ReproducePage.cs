using Roux.Cli.Printing;
using Roux.Cli.Reproducing;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Commands;

/// <summary>Prints what came of repeating a run.</summary>
internal sealed class ReproducePage(ReproduceResult result)
{
    private const int MostMetrics = 30;
    private const int MostDifferences = 12;
    private readonly Page _page = new();

    public void Write()
    {
        var name = $"{result.First.Name} ({result.First.Id[..8]})";
        _page.Paragraph(result.Verdict switch
        {
            ReproduceVerdict.Reproduced => $"reproduced: {name} gives the same again; compared: {result.Compared}",
            ReproduceVerdict.Differs => $"differs: {name} does not give the same again, or not from the same; compared: {result.Compared}",
            _ => $"impossible: {name} cannot be run again",
        });
        foreach (var kind in result.Differences.GroupBy(d => d.Kind))
        {
            _page.Heading(Title(kind.Key));
            foreach (var difference in kind.Take(MostDifferences))
            {
                Tell(difference);
            }

            if (kind.Count() > MostDifferences)
            {
                _page.Line($"  and {kind.Count() - MostDifferences} more; all of them: --json");
            }
        }

        Metrics();
        if (result.Remarks.Count > 0)
        {
            _page.Heading("Remarks");
            foreach (var remark in result.Remarks.Take(MostDifferences))
            {
                _page.Paragraph($"{remark.What}: {remark.Expected ?? "none"}, now {remark.Found ?? "none"}", 2);
            }
        }

        if (result.RunId is { } run)
        {
            _page.Line().Line($"roux diff {result.First.Id[..8]} {run[..8]}");
        }

        if (result.Folder is { } folder)
        {
            _page.Line($"kept: {folder}");
        }
    }

    private void Tell(Difference difference)
    {
        _page.Paragraph(difference.What, 2);
        if (difference.Expected is not null || difference.Found is not null)
        {
            _page.Paragraph($"expected {difference.Expected ?? "nothing"}, found {difference.Found ?? "nothing"}", 4);
        }

        if (difference.Fix.Length > 0 && difference.Kind != DifferenceKind.Metric)
        {
            _page.Paragraph("to do: " + difference.Fix, 4);
        }
    }

    private void Metrics()
    {
        if (result.Metrics.Count == 0)
        {
            return;
        }

        var table = _page.Table(2).Column("", least: 16).Column("first", right: true).Column("again", right: true).Column("points", right: true).Column("tolerance", right: true).Column("");
        foreach (var metric in result.Metrics.OrderBy(m => m.Equal).ThenBy(m => !m.IsCompared).Take(MostMetrics))
        {
            table.Row(metric.Metric, Number(metric.First), Number(metric.Again), HumanText.Number(metric.Points), metric.IsCompared ? metric.Tolerance : "-", !metric.IsCompared ? metric.Source : metric.Equal ? "equal" : "differs");
        }

        _page.Heading("Metrics").Write(table, 2);
        if (result.Metrics.Count > MostMetrics)
        {
            _page.Line($"  and {result.Metrics.Count - MostMetrics} more; all of them: --json");
        }
    }

    private static string Title(string kind) => kind switch
    {
        DifferenceKind.Code => "Code",
        DifferenceKind.Data => "Data",
        DifferenceKind.Environment => "Environment",
        DifferenceKind.Seed => "Randomness",
        DifferenceKind.Command => "Command line",
        DifferenceKind.Metric => "Results that differ",
        DifferenceKind.Output => "Output",
        _ => "Not known",
    };

    private static string Number(double? value) => value is { } v ? HumanText.Number(v) : "-";
}
