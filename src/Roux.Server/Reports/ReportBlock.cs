using System.Text.Json.Nodes;
using Roux.Server.Components.Charts;

namespace Roux.Server.Reports;

/// <summary>A run's history of a metric in a block.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Metric">The metric.</param>
public sealed record BlockSeries(string RunId, string Metric);

/// <summary>When and by whom the data of a block was copied, and whose they are: readers must see all these projects.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Projects">The projects that the data came from.</param>
public sealed record FrozenAt(DateTimeOffset At, string By, IReadOnlyList<string> Projects);

/// <summary>
/// A block of a report: what it shows, not its picture. A live one is drawn from what the store holds when it is looked at, a frozen one from a copy of the data.
/// </summary>
public sealed record ReportBlock
{
    /// <summary>Identifies it in its report.</summary>
    public string Id { get; init; } = "b-" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>What it is.</summary>
    public required BlockKind Kind { get; init; }

    /// <summary>Its heading; may be empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Markdown.</summary>
    public string Text { get; init; } = "";

    /// <summary>What <see cref="BlockKind.Lines"/> shows.</summary>
    public IReadOnlyList<BlockSeries> Series { get; init; } = [];

    /// <summary>How it is drawn.</summary>
    public ChartOptions Options { get; init; } = new();

    /// <summary>Address of the table that <see cref="BlockKind.Runs"/> shows, such as <c>/experiments/3?q=…</c>.</summary>
    public string View { get; init; } = "";

    /// <summary>The copy of a frozen block's data.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>When its data was copied; <c>null</c>: it is live.</summary>
    public FrozenAt? Frozen { get; init; }

    /// <summary>Whether a reader was not given its data: it lies in a project that they do not see.</summary>
    internal bool IsWithheld { get; init; }

    /// <summary>Text.</summary>
    public static ReportBlock OfMarkdown(string text) => new() { Kind = BlockKind.Markdown, Text = text };

    /// <summary>Histories of metrics.</summary>
    public static ReportBlock OfLines(string title, IEnumerable<ChartSeries> series, ChartOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        return new ReportBlock { Kind = BlockKind.Lines, Title = title, Series = [.. series.Select(one => new BlockSeries(one.RunId, one.Key))], Options = options };
    }

    /// <summary>A table of runs by the address of its page.</summary>
    public static ReportBlock OfRuns(string title, string address) => new() { Kind = BlockKind.Runs, Title = title, View = address };

    /// <summary>Any other plot, by its data.</summary>
    public static ReportBlock OfPlot(EvidenceData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ReportBlock { Kind = BlockKind.Plot, Title = data.Title, Data = data.ToJson() };
    }
}
