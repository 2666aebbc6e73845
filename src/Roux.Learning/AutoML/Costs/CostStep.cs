using Roux.Learning.Evaluation;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>Measures the winner, the simplest that is as good and, as time allows, the others; sets what is known of all side by side.</summary>
internal static class CostStep
{
    /// <summary>Seconds that one measurement takes beside the timing itself: start, load, warm-up.</summary>
    private const double Overhead = 1.6;

    /// <summary>Seconds of timing single rows when time is short, and when it is not.</summary>
    private const double Short = 0.3;

    private const double Long = 1;

    /// <summary>With trials counted instead of seconds, so many are measured, whatever the time.</summary>
    private const int MostWithoutClock = 2;

    public static DevelopCosts Gather(EvidenceContext context, double seconds)
    {
        var fitted = new Dictionary<string, FittedCandidate>(StringComparer.Ordinal);
        foreach (var candidate in context.Choice.Tried.Append(context.Choice.Winner))
        {
            fitted[candidate.Result.Name] = candidate;
        }

        MeasureMore(context, fitted, seconds);
        var meter = context.Meter;
        var shown = context.Board.Rows.Select(row => row.Result).ToList();
        if (shown.All(result => result.Name != context.Winner.Name))
        {
            shown.Insert(0, context.Winner);
        }

        CandidateCosts[] costs = [.. shown.Select(result => Of(context, result, fitted.GetValueOrDefault(result.Name)))];
        var better = context.Metric.HigherIsBetter;
        return new DevelopCosts
        {
            Candidates = costs,
            Winner = context.Winner.Name,
            Simplest = context.Board.Simplest.Name == context.Winner.Name ? null : context.Board.Simplest.Name,
            Limits = context.Options.Limits,
            WithinLimits = context.Choice.WithinLimits,
            Rejected = [.. context.Choice.Tried.Where(tried => tried.Result.Name != context.Winner.Name).Select(tried => Of(context, tried.Result, tried))],
            Rates = meter.Rates,
            WattsPerCore = meter.WattsPerCore,
            LatencyFront = ParetoFront.Of([.. costs.Select(cost => (cost.Name, cost.Quality, cost.Measured?.P50Microseconds ?? double.NaN))], better),
            SizeFront = ParetoFront.Of([.. costs.Select(cost => (cost.Name, cost.Quality, cost.ModelBytes > 0 ? cost.ModelBytes : double.NaN))], better),
            FitFront = ParetoFront.Of([.. costs.Select(cost => (cost.Name, cost.Quality, cost.FoldCpuSeconds))], better),
        };
    }

    /// <summary>Measures what is not yet measured: the winner first, then the simplest that is as good, then the others, best first.</summary>
    private static void MeasureMore(EvidenceContext context, Dictionary<string, FittedCandidate> fitted, double seconds)
    {
        var counted = double.IsPositiveInfinity(seconds);
        var left = seconds;
        var order = new[] { context.Winner, context.Board.Simplest }.Concat(context.Board.Rows.Select(row => row.Result))
            .DistinctBy(result => result.Name).Where(result => !Search.IsFixed(result)).ToList();
        for (var i = 0; i < order.Count && !context.Stop.IsCancellationRequested; i++)
        {
            var result = order[i];
            var known = fitted.GetValueOrDefault(result.Name);
            if (known?.Measured is not null)
            {
                continue;
            }

            var expected = Overhead + 1.5 * Short + (known is null ? result.FitSeconds * context.RefitFactor : 0);
            // What the registered model costs in use comes before whatever else the time is kept for.
            if (counted ? i >= MostWithoutClock : expected > (i == 0 ? context.Seconds(0.9) : left))
            {
                if (i == 0)
                {
                    context.Note("the winner's latency was not measured for want of time; measure it with: roux cost MODEL DATA");
                }

                break;
            }

            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            var timing = counted ? Short : Math.Clamp(left / 10, Short, Long);
            fitted[result.Name] = context.Meter.Measure(known ?? context.Meter.Fit(result), timing, CancellationToken.None);
            left -= System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private static CandidateCosts Of(EvidenceContext context, CandidateResult result, FittedCandidate? fitted)
    {
        var (meter, learner) = (context.Meter, result.Candidate?.Learner);
        var fit = fitted?.Fit ?? (Search.IsFixed(result) ? null : new FitCost(
            result.FitSeconds * context.RefitFactor, result.CpuSeconds * context.RefitFactor, result.PeakMemoryBytes, null,
            Energy.Estimate(result.CpuSeconds * context.RefitFactor, meter.WattsPerCore), false));
        var trials = context.Ranked.Count(other => other.LearnerName == result.LearnerName);
        return new CandidateCosts
        {
            Name = result.Name,
            Quality = result.Mean,
            Fit = fit,
            FoldCpuSeconds = result.CpuSeconds,
            ModelBytes = result.SizeBytes,
            FileBytes = fitted?.FileBytes,
            Measured = fitted?.Measured,
            BatchMicroseconds = result.PredictMicrosecondsPerRow,
            Interpretability = learner?.Card.Interpretability ?? (result.Family == "rules" ? Interpretability.Readable : Interpretability.Opaque),
            Parameters = fitted?.Pipeline.Members.Sum(member => member.Model.ParameterCount) ?? result.ParameterCount,
            SettingsTuned = trials > 1 && learner is not null ? learner.Space(context.Inputs.Task).Parameters.Count : 0,
            Trials = trials,
            LinesOfCode = result.Family == "rules" && context.Options.RulesPath is { } rules ? File.ReadLines(rules).Count(line => line.Trim().Length > 0) : null,
            TrainingCost = fit is null ? null : Finite(meter.Rates?.Training(fit)),
            ServingCost = fitted?.Measured is { } measured ? Finite(meter.Rates?.Serving(measured)) : null,
            Misses = context.Options.Limits.Misses(fitted?.Figures(meter.Rates) ?? Known(result, fit)),
        };
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    /// <summary>What the folds say of a candidate that was not fitted on all rows: the model alone is no larger than its file, and no slower than a row.</summary>
    private static CostFigures Known(CandidateResult result, FitCost? fit) => new(
        result.PredictMicrosecondsPerRow / 1e6, result.SizeBytes, fit?.Seconds ?? double.NaN, double.NaN, double.NaN, double.NaN);
}
