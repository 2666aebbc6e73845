using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Debugging.Checks.Studies;

/// <summary>The best settings lie at the end of a range.</summary>
public sealed class EdgeOfSpaceCheck : Check<StudySubject>
{
    private const int LeastTrials = 10;
    private static readonly Threshold Edge = new("edge", 0.05, "distance of the best value from the end of its range, as a share of the range (of its logarithm, where it is searched so)", "By chance one in ten trials lies as near to an end; that the best quarter does so, too, is asked besides");

    /// <inheritdoc/>
    public override string Name => "edge-of-space";

    /// <inheritdoc/>
    public override string Definition => "The best trial lies at the end of a parameter's range, and so do half or more of the best quarter of the trials: better values may lie beyond.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Edge];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(StudySubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var ranked = (subject.Direction == Direction.Minimize ? subject.Complete.OrderBy(trial => trial.Value) : subject.Complete.OrderByDescending(trial => trial.Value)).ToArray();
        if (ranked.Length < LeastTrials)
        {
            yield break;
        }

        var best = ranked[..Math.Max(3, ranked.Length / 4)];
        var edge = context.Value(Name, Edge);
        foreach (var parameter in subject.Space.Parameters.Where(IsRange))
        {
            if (!ranked[0].Configuration.ContainsKey(parameter.Name))
            {
                continue;
            }

            double[] places = [.. best.Where(trial => trial.Configuration.ContainsKey(parameter.Name)).Select(trial => Place(parameter, trial))];
            var (low, high) = (places[0] <= edge, places[0] >= 1 - edge);
            if ((!low && !high) || places.Count(place => low ? place <= 2 * edge : place >= 1 - 2 * edge) * 2 < places.Length)
            {
                continue;
            }

            yield return Found(parameter, ranked, low);
        }
    }

    private static bool IsRange(Parameter parameter) => parameter is FloatParameter real ? real.High > real.Low : parameter is IntParameter whole && whole.High - whole.Low >= 4;

    private Finding Found(Parameter parameter, Trial[] ranked, bool low)
    {
        var tried = ranked.Where(trial => trial.Configuration.ContainsKey(parameter.Name)).Take(500).ToArray();
        return new Finding(Name, Severity.Low, $"The best trials have {parameter.Name} at the {(low ? "lower" : "upper")} end of its range ({Configuration.Format(ranked[0].Configuration[parameter.Name])}): better values may lie beyond")
        {
            Columns = [parameter.Name],
            Evidence = new JsonObject
            {
                ["best"] = Configuration.Format(ranked[0].Configuration[parameter.Name]),
                ["end"] = low ? "lower" : "upper",
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Scatter, $"Values over {parameter.Name}", $"{parameter.Name} (share of its range)", "value", [new PlotSeries("trial", [.. tried.Select(trial => Place(parameter, trial))], [.. tried.Select(trial => trial.Value)])]).ToJson(),
            },
            Cause = "The range was guessed too narrow on that side.",
            Fix = string.Create(CultureInfo.InvariantCulture, $"Widen the range of {parameter.Name} {(low ? "downwards" : "upwards")}, if larger and smaller values make sense, and go on (--warm-start takes the trials along)."),
            Verify = "The best value lies inside of its range.",
        };
    }

    /// <summary>From 0 at the lower end of the range to 1 at the upper.</summary>
    private static double Place(Parameter parameter, Trial trial)
    {
        var value = Convert.ToDouble(trial.Configuration[parameter.Name], CultureInfo.InvariantCulture);
        var (low, high, log) = parameter switch { FloatParameter real => (real.Low, real.High, real.Log), IntParameter whole => (whole.Low, whole.High, whole.Log), _ => (0.0, 1.0, false) };
        return high <= low ? 0.5 : log ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);
    }
}
