using Roux.Learning.Data;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Starts boostings of one library on some rows of one training set.</summary>
internal interface IBoostingBackend
{
    /// <summary>Form of the stored models.</summary>
    BoostingFormat Format { get; }

    /// <summary>All rows.</summary>
    FeatureMatrix Features { get; }

    /// <summary>Whether the library takes zeros as missing.</summary>
    bool ZeroIsMissing { get; }

    /// <summary>Starts a boosting.</summary>
    /// <param name="trainingRows">Rows to learn from, ascending.</param>
    /// <param name="validationRows">Rows to hold out, ascending; <c>null</c> for none.</param>
    /// <param name="loss">The loss on them; <c>null</c> for none.</param>
    /// <param name="seed">Of sampling rows and features.</param>
    IBooster Start(int[] trainingRows, int[]? validationRows, ValidationLoss? loss, int seed);
}

/// <summary>How the number of rounds is found.</summary>
/// <param name="Stopping">When boosting against held-out rows ends.</param>
/// <param name="FixedRounds">Rounds without looking at held-out rows, or 0 to stop early.</param>
/// <param name="Bags">Final models averaged, each with its own seed of sampling; at least 1.</param>
/// <param name="AbsoluteLoss">Regression: stop by absolute instead of squared errors.</param>
internal sealed record BoostingPlan(StoppingRule Stopping, int FixedRounds, int Bags, bool AbsoluteLoss);

/// <summary>
/// Fits boosted trees with early stopping inside the training rows. Few rows: cross-validation finds the number of rounds; more: one
/// part is held out. The model is then fitted again on all rows, unless they are so many that the held-out ones do not matter.
/// </summary>
internal sealed class BoostingFit(IBoostingBackend backend, Target y, float[]? weights, RegressionScale scale, BoostingPlan plan, FitContext context)
{
    /// <summary>Fewer rows than this cannot spare any for stopping.</summary>
    internal const int MinRowsToHoldOut = 40;

    /// <summary>Up to so many rows, the number of rounds comes from cross-validation.</summary>
    internal const int MaxRowsToCrossValidate = 2_500;

    /// <summary>Up to so many cells (rows x features x outputs), cross-validation is cheap enough.</summary>
    internal const long MaxCellsToCrossValidate = 150_000;

    /// <summary>From so many rows on, the model that was stopped early is kept as it is.</summary>
    internal const int MinRowsToKeep = 25_000;

    /// <summary>Rounds where there are too few rows for early stopping.</summary>
    internal const int BlindRounds = 50;

    /// <summary>A cancelled boosting is of use from so many rounds on.</summary>
    internal const int MinUsableRounds = 5;

    private const int Folds = 5;
    private const int MaxHeldOut = 20_000;

    /// <summary>Fits.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop before <see cref="MinUsableRounds"/> rounds.</exception>
    public BoostedTreesModel Run()
    {
        context.Cancellation.ThrowIfCancellationRequested();
        if (plan.FixedRounds > 0 || y.Count < MinRowsToHoldOut)
        {
            var rounds = plan.FixedRounds > 0 ? plan.FixedRounds : Math.Min(BlindRounds, plan.Stopping.MaxRounds);
            return Refit(rounds, scale) ?? throw new OperationCanceledException(context.Cancellation);
        }

        var cells = (backend.Features.Values?.LongLength ?? backend.Features.Dense!.LongLength) * BoostingOptions.Outputs(y);
        return y.Count <= MaxRowsToCrossValidate && cells <= MaxCellsToCrossValidate ? CrossValidated() : HeldOut();
    }

    private BoostedTreesModel CrossValidated()
    {
        var part = InnerSplit.Deal(y, Folds, context.Seed);
        var boosters = new List<IBooster>();
        var held = new List<int[]>();
        try
        {
            for (var fold = 0; fold < Folds; fold++)
            {
                var (trainingRows, validationRows) = InnerSplit.Hold(part, fold);
                held.Add(validationRows);
                boosters.Add(Start(trainingRows, validationRows, context.Seed + fold));
            }

            var run = BoostingLoop.UntilNoBetter(boosters, plan.Stopping, context);
            if (run.Cancelled)
            {
                // Refitting would take too long now; the average of the folds' models is as good.
                RequireUsable(run);
                return Model([.. boosters.Select(booster => booster.Save(run.BestRound))], scale);
            }

            var fitted = WithFactor(() => boosters.Select((booster, fold) => (Model([booster.Save(run.BestRound)], scale), held[fold])));
            return Refit(Scaled(Math.Max(1, run.BestRound), 1.0 / Folds), fitted)
                ?? Model([.. boosters.Select(booster => booster.Save(run.BestRound))], fitted);
        }
        finally
        {
            boosters.ForEach(booster => booster.Dispose());
        }
    }

    private BoostedTreesModel HeldOut()
    {
        // At least a tenth, at most a fifth, and no more rows than it takes to tell two rounds apart.
        var parts = Math.Max(y.Count < 10_000 ? 5 : 10, (y.Count + MaxHeldOut - 1) / MaxHeldOut);
        var (trainingRows, validationRows) = InnerSplit.Hold(InnerSplit.Deal(y, parts, context.Seed), 0);
        byte[] stopped;
        BoostingRun run;
        using (var booster = Start(trainingRows, validationRows, context.Seed))
        {
            run = BoostingLoop.UntilNoBetter([booster], plan.Stopping, context);
            RequireUsable(run);
            stopped = booster.Save(Math.Max(1, run.BestRound));
        }

        var fitted = WithFactor(() => [(Model([stopped], scale), validationRows)]);
        var refitted = run.Cancelled || y.Count >= MinRowsToKeep ? null : Refit(Scaled(Math.Max(1, run.BestRound), 1.0 / parts), fitted);
        return refitted ?? Model([stopped], fitted);
    }

    private IBooster Start(int[] trainingRows, int[] validationRows, int seed) =>
        backend.Start(trainingRows, validationRows, new ValidationLoss(y, weights, validationRows, scale, plan.AbsoluteLoss), seed);

    private void RequireUsable(BoostingRun run)
    {
        if (run.Cancelled && run.BestRound < Math.Min(MinUsableRounds, plan.Stopping.MaxRounds))
        {
            throw new OperationCanceledException(context.Cancellation);
        }
    }

    /// <summary>More rows bear a few more rounds.</summary>
    private static int Scaled(int rounds, double heldShare) => (int)Math.Round(rounds / Math.Sqrt(1 - heldShare));

    /// <summary>Boosts on all rows; <c>null</c> when asked to stop before the first model was whole (or, without early stopping, usable).</summary>
    private BoostedTreesModel? Refit(int rounds, RegressionScale fitted)
    {
        var all = Enumerable.Range(0, y.Count).ToArray();
        var members = new List<byte[]>();
        for (var bag = 0; bag < plan.Bags; bag++)
        {
            using var booster = backend.Start(all, null, null, unchecked(context.Seed + 7919 * bag));
            var run = BoostingLoop.For(booster, rounds, context.Cancellation);
            if (!run.Cancelled)
            {
                members.Add(booster.Save(rounds));
            }
            else if (members.Count == 0 && plan.FixedRounds > 0 && run.Rounds >= MinUsableRounds)
            {
                members.Add(booster.Save(run.Rounds));
                break;
            }
            else
            {
                break;
            }
        }

        return members.Count == 0 ? null : Model([.. members], fitted);
    }

    /// <summary>Finds the factor of the way back from logarithms that makes held-out squared errors smallest.</summary>
    private RegressionScale WithFactor(Func<IEnumerable<(BoostedTreesModel Model, int[] Held)>> models)
    {
        if (!scale.Log)
        {
            return scale;
        }

        double products = 0, squares = 0;
        foreach (var (model, held) in models())
        {
            var predicted = model.Predict(backend.Features.Take(held)).Values;
            for (var i = 0; i < held.Length; i++)
            {
                var weight = weights?[held[i]] ?? 1;
                products += weight * predicted[i] * y.Values[held[i]];
                squares += weight * predicted[i] * predicted[i];
            }
        }

        var factor = products / squares;
        return double.IsFinite(factor) && factor is > 0.5 and < 2 ? scale with { Factor = factor } : scale;
    }

    private BoostedTreesModel Model(byte[][] members, RegressionScale fitted) => new(backend.Format, new ModelHead(y.Task, y.Width, backend.Features.Columns), fitted, backend.ZeroIsMissing, members);
}
