using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>A model takes much longer, or much more memory, than its earlier version.</summary>
public sealed class CostRegressionCheck : Check<DeploymentSubject>
{
    private static readonly Threshold Ratio = new("ratio", 1.5, "median time of a row over that of the earlier version; the same for memory and size", "Times of one program on one machine repeat within 10 to 20% (Kalibera and Jones 2013): half as much again is beyond that");
    private static readonly Threshold Floor = new("microseconds", 50, "difference of the median times, in microseconds, below which nothing is said", "Below the time of one call over a local network");

    /// <inheritdoc/>
    public override string Name => "cost-regression";

    /// <inheritdoc/>
    public override string Definition => "Median and 95th percentile of the time of a row, the memory, or the size of the file have grown by half or more since the earlier version (Breck et al. 2017, The ML Test Score, Monitor 6).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Floor];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(DeploymentSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var (ratio, grown) = (context.Value(Name, Ratio), new List<(string What, string Text, double Before, double Now)>());
        if (subject is { Cost: { } now, EarlierCost: { } before })
        {
            // Both, so that a single hiccup makes no finding.
            if (now.P50Microseconds >= ratio * before.P50Microseconds && now.P95Microseconds >= ratio * before.P95Microseconds && now.P50Microseconds - before.P50Microseconds >= context.Value(Name, Floor))
            {
                grown.Add(("time of a row", $"a row takes {Number(now.P50Microseconds)} µs, before {Number(before.P50Microseconds)} µs", before.P50Microseconds, now.P50Microseconds));
            }

            if (now.OwnProcess && before.OwnProcess && now.ResidentBytes >= ratio * before.ResidentBytes && now.ResidentBytes - before.ResidentBytes >= 50_000_000)
            {
                grown.Add(("memory", $"it holds {Number(now.ResidentBytes / 1e6)} MB, before {Number(before.ResidentBytes / 1e6)} MB", before.ResidentBytes, now.ResidentBytes));
            }
        }

        if (subject is { Bytes: > 0, EarlierBytes: > 0 } && subject.Bytes >= ratio * subject.EarlierBytes && subject.Bytes - subject.EarlierBytes >= 1_000_000)
        {
            grown.Add(("size of the file", $"its file has {Number(subject.Bytes / 1e6)} MB, before {Number(subject.EarlierBytes / 1e6)} MB", subject.EarlierBytes, subject.Bytes));
        }

        if (grown.Count == 0)
        {
            yield break;
        }

        var plot = new EvidencePlot(PlotKind.Bar, "Cost beside the earlier version", "", "times the earlier version", [new PlotSeries("times the earlier version", [], [.. grown.Select(one => one.Now / one.Before)])]) { Labels = [.. grown.Select(one => one.What)], Reference = 1 };
        var evidence = new JsonObject(grown.Select(one => KeyValuePair.Create(one.What.Replace(' ', '_'), (JsonNode?)new JsonObject { ["before"] = one.Before, ["now"] = one.Now })));
        evidence[EvidencePlot.Key] = plot.ToJson();
        yield return new Finding(Name, Severity.Medium, $"{subject.Name} costs more than the version before: {string.Join("; ", grown.Select(one => one.Text))}")
        {
            Evidence = evidence,
            Cause = "More or deeper trees, wider layers, more text features, an ensemble in the place of a single model, or data kept inside the model.",
            Fix = "Compare the settings of the two versions (roux diff); limit the costs of a development with --max-latency, --max-size and --max-memory.",
            Verify = "Measure again (roux cost): the figures lie within half as much again.",
        };
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "G3", CultureInfo.InvariantCulture);
}
