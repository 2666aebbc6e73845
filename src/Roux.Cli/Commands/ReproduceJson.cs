using System.Text.Json.Nodes;
using Roux.Cli.Reproducing;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Commands;

/// <summary>The document of <c>roux reproduce --json</c>.</summary>
internal static class ReproduceJson
{
    public static JsonObject Of(ReproduceResult result) => new()
    {
        ["verdict"] = Word(result.Verdict),
        ["reproduces"] = result.First.Id,
        ["run_id"] = result.RunId,
        ["second_run_id"] = result.SecondRunId,
        ["compared"] = result.Compared,
        ["differences"] = Differences(result.Differences),
        ["remarks"] = Differences(result.Remarks),
        ["metrics"] = new JsonArray([.. result.Metrics.Select(m => new JsonObject
        {
            ["metric"] = m.Metric,
            ["first"] = m.First,
            ["again"] = m.Again,
            ["points"] = m.Points,
            ["equal"] = m.IsCompared ? m.Equal : null,
            ["tolerance"] = m.Tolerance,
            ["tolerance_source"] = m.Source,
            ["note"] = m.Note,
        })]),
        ["folder"] = result.Folder,
    };

    /// <summary>A verdict in lower case.</summary>
    public static string Word(ReproduceVerdict verdict) => verdict switch
    {
        ReproduceVerdict.Reproduced => "reproduced",
        ReproduceVerdict.Differs => "differs",
        _ => "impossible",
    };

    private static JsonArray Differences(IReadOnlyList<Difference> differences) => new([.. differences.Select(d => new JsonObject
    {
        ["kind"] = d.Kind,
        ["what"] = d.What,
        ["expected"] = d.Expected,
        ["found"] = d.Found,
        ["fix"] = d.Fix,
    })]);
}
