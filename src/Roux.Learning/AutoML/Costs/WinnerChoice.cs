using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>The candidate that was chosen, and what else was fitted on the way.</summary>
/// <param name="Winner">Fitted on all development rows.</param>
/// <param name="Tried">Candidates that were fitted and measured against the limits, in order; the winner is the last of them if it keeps to the limits.</param>
/// <param name="WithinLimits">Whether the winner keeps to the limits; if not, it is what comes nearest.</param>
internal sealed record WinnerChoice(FittedCandidate Winner, IReadOnlyList<FittedCandidate> Tried, bool WithinLimits)
{
    /// <summary>Fits and measurements for which the time budget is worth overdrawing, once it is spent.</summary>
    private const int MostLate = 3;

    /// <summary>Single rows are timed for so many seconds when a limit hangs on it.</summary>
    private const double Seconds = 1;

    /// <summary>An expected time to fit above so many times the limit is not tried out: folds run under other circumstances than the final fit.</summary>
    private const double ClearlyTooSlow = 1.5;

    /// <summary>
    /// Chooses the best candidate that keeps to the limits, judged by measured figures: one after another in order of preference is fitted
    /// on all rows and measured, until one fits. Those of which the folds already say that they cannot are passed over. A baseline does not
    /// win for being cheap: only where no model is ahead of it.
    /// </summary>
    /// <param name="preferred">Candidates in order of preference; at least one.</param>
    /// <param name="limits">What the winner may cost.</param>
    /// <param name="meter">Fits and measures.</param>
    /// <param name="refitFactor">Cost of a fit on all rows over that on a fold's.</param>
    /// <param name="budget">When its time is up, what is expected to be quickest comes first, and few are tried.</param>
    /// <param name="stop">Asks to take what there is.</param>
    public static WinnerChoice Make(IReadOnlyList<CandidateResult> preferred, CostLimits limits, CostMeter meter, double refitFactor, Budget budget, CancellationToken stop)
    {
        if (!limits.Any)
        {
            return new WinnerChoice(meter.Fit(preferred[0]), [], true);
        }

        var queue = MayWin(preferred);
        var tried = new List<FittedCandidate>();
        var late = 0;
        while (queue.Count > 0 && !(stop.IsCancellationRequested && tried.Count > 0))
        {
            var timeIsUp = budget.SecondsLeft <= 0 && tried.Count > 0;
            if (timeIsUp && late++ >= MostLate)
            {
                break;
            }

            var next = timeIsUp ? queue.MinBy(result => result.PredictMicrosecondsPerRow)! : queue[0];
            queue.Remove(next);
            if (Hopeless(next, limits, tried, meter.Rates, refitFactor))
            {
                continue;
            }

            var fitted = Try(next, limits, meter);
            tried.Add(fitted);
            if (limits.Misses(fitted.Figures(meter.Rates)).Count == 0)
            {
                return new WinnerChoice(fitted, tried, true);
            }
        }

        if (tried.Count == 0)
        {
            tried.Add(Try(MayWin(preferred).MinBy(result => Expected(result, limits, refitFactor))!, limits, meter));
        }

        var nearest = tried.MinBy(fitted => Worst(limits.Misses(fitted.Figures(meter.Rates))))!;
        return new WinnerChoice(nearest, tried, Worst(limits.Misses(nearest.Figures(meter.Rates))) <= 1);
    }

    private static FittedCandidate Try(CandidateResult result, CostLimits limits, CostMeter meter)
    {
        var fitted = meter.Fit(result);
        var inUse = limits.LatencySeconds is not null || limits.MemoryBytes is not null || limits.MonthlyCost is not null;

        // What the file and the fit already rule out need not be measured.
        return inUse && limits.Misses(fitted.Figures(meter.Rates)).Count == 0 ? meter.Measure(fitted, Seconds, CancellationToken.None) : fitted;
    }

    private static List<CandidateResult> MayWin(IReadOnlyList<CandidateResult> preferred)
    {
        var model = preferred.TakeWhile(Search.IsBaseline).Count();
        return [.. preferred.Where((result, i) => i < model || !Search.IsBaseline(result))];
    }

    private static double Worst(IReadOnlyList<LimitMiss> misses) => misses.Select(miss => miss.Ratio).DefaultIfEmpty(0).Max();

    /// <summary>How many times a limit its folds lead to expect: of the model alone in batches, so what is measured will be more.</summary>
    private static double Expected(CandidateResult result, CostLimits limits, double refitFactor) => new[]
    {
        result.PredictMicrosecondsPerRow / 1e6 / (limits.LatencySeconds ?? double.PositiveInfinity),
        result.SizeBytes / (limits.SizeBytes ?? double.PositiveInfinity),
        result.FitSeconds * refitFactor / (limits.FitSeconds ?? double.PositiveInfinity) / ClearlyTooSlow,
    }.Max();

    /// <summary>Whether its folds say that it will miss a limit, or another of its learner missed one by so much that it will too.</summary>
    private static bool Hopeless(CandidateResult result, CostLimits limits, List<FittedCandidate> tried, Rates? rates, double refitFactor) =>
        Expected(result, limits, refitFactor) > 1 || tried.Where(other => other.Result.LearnerName == result.LearnerName)
            .Any(other => limits.Misses(other.Figures(rates)).Any(miss => !(Proxy(miss.Limit, result) < 1.2 * Proxy(miss.Limit, other.Result) / miss.Ratio)));

    /// <summary>A figure of the folds that goes with a limit's; NaN where there is none, and one try of a learner must do.</summary>
    private static double Proxy(string limit, CandidateResult result) => limit switch
    {
        "latency" => result.PredictMicrosecondsPerRow,
        "size" or "memory" => result.SizeBytes,
        "fit_time" => result.FitSeconds,
        _ => double.NaN,
    };
}
