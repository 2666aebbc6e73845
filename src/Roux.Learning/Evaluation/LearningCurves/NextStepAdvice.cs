namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>What to do next and why.</summary>
/// <param name="Step">What to do.</param>
/// <param name="Clear">Whether the figures leave little doubt.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record NextStepAdvice(NextStep Step, bool Clear, string Reason)
{
    /// <summary>A gain below this share of the present error is not worth collecting rows for.</summary>
    private const double WorthCollecting = 0.05;

    private const double LikelyGain = 0.5;
    private const double ClearGain = 0.8;
    private const double MaterialFloor = 0.01;

    /// <summary>Weighs the figures.</summary>
    /// <param name="errors">Where the errors come from.</param>
    /// <param name="gain">Probability that twice the rows lower the error by a given amount, in the unit of <paramref name="errors"/>; <c>null</c> without a forecast.</param>
    /// <param name="doubtfulLabels">Whether there are signs of wrong labels.</param>
    /// <param name="biggerTried">Whether models that can express more were tried and are no better; <c>null</c> when none was tried.</param>
    public static NextStepAdvice Of(BiasVariance errors, Func<double, double>? gain, bool doubtfulLabels, bool? biggerTried)
    {
        var growing = gain?.Invoke(WorthCollecting * errors.Validation) ?? double.NaN;
        return errors.Floor is { } floor ? WithFloor(errors, floor, growing, doubtfulLabels) : WithoutFloor(errors, growing, doubtfulLabels, biggerTried);
    }

    private static NextStepAdvice WithFloor(BiasVariance errors, Interval floor, double growing, bool doubtfulLabels)
    {
        if (errors.AtFloor)
        {
            var material = floor.Estimate >= MaterialFloor;
            return material
                ? new(NextStep.BetterLabels, floor.Estimate > errors.Noise, "it errs as often as people do: what is left is mostly in the labels, so clearer labels (or a better ceiling) come before rows and models")
                : new(NextStep.Stop, true, "it errs no more than people do, and they hardly ever");
        }

        if (errors.Bias >= errors.Variance)
        {
            return new(NextStep.BiggerModel, errors.Bias > errors.Noise, "even on rows that it has learned it errs more than people do: it needs to express more (a bigger model, more telling columns), not more rows");
        }

        if (growing >= LikelyGain)
        {
            return new(NextStep.MoreData, growing >= ClearGain, "it is good on what it has learned and worse on new rows, and the gap still closes as rows are added");
        }

        if (double.IsNaN(growing))
        {
            return new(NextStep.MoreData, false, "it is good on what it has learned and worse on new rows; the curve was not measured far enough to say how fast rows would close the gap");
        }

        return doubtfulLabels
            ? new(NextStep.BetterLabels, false, "it is worse on new rows than on learned ones, more rows hardly change that, and some labels look wrong: it may be learning mistakes by heart")
            : new(NextStep.BiggerModel, false, "it is still worse than people, and more rows of this kind hardly change that: another model (better regularised, other columns) is the likelier way");
    }

    private static NextStepAdvice WithoutFloor(BiasVariance errors, double growing, bool doubtfulLabels, bool? biggerTried)
    {
        // Without a floor the curve decides: does it still fall, and if not, is the model or the data at its end?
        var overfits = errors.Variance > 0.25 * errors.Validation && errors.Variance > errors.Noise;
        if (growing >= LikelyGain && (overfits || biggerTried != null))
        {
            return new(NextStep.MoreData, growing >= ClearGain, "the error still falls as rows are added");
        }

        if (growing >= LikelyGain)
        {
            return new(NextStep.MoreData, false, "the error still falls as rows are added, though it is already nearly as high on learned rows");
        }

        if (double.IsNaN(growing))
        {
            return new(NextStep.Stop, false, "too few sizes were measured to tell whether rows would help");
        }

        if (doubtfulLabels && (overfits || biggerTried == true))
        {
            return new(NextStep.BetterLabels, false, "more rows would hardly help, and new rows are confidently told apart from their own labels: some labels may be wrong (the floor is unknown; have people label a sample twice)");
        }

        if (!overfits && biggerTried != true)
        {
            return new(NextStep.BiggerModel, errors.Training > errors.Noise, "it errs on learned rows nearly as often as on new ones, and more rows would hardly help: it cannot express more (or nobody could: the floor is unknown)");
        }

        return new(NextStep.Stop, growing <= 1 - ClearGain, biggerTried == true
            ? "neither more rows nor a bigger model is likely to help enough; columns that tell something new might"
            : "more rows are unlikely to help enough; stronger regularisation or other columns might");
    }
}
