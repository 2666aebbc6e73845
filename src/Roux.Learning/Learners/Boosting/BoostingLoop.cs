namespace Roux.Learning.Learners.Boosting;

/// <summary>A boosting in progress: one round after the other.</summary>
internal interface IBooster : IDisposable
{
    /// <summary>Adds one round of trees; <c>false</c> when no tree could be split any more.</summary>
    bool Advance();

    /// <summary>Loss on the validation rows after the rounds so far; lower is better.</summary>
    double ValidationLoss();

    /// <summary>The model of the first so many rounds, in the stored form of its library.</summary>
    byte[] Save(int rounds);
}

/// <summary>When boosting ends.</summary>
/// <param name="MaxRounds">Most rounds.</param>
/// <param name="Patience">It ends when so many rounds have lowered the validation loss by less than <see cref="Tolerance"/> of itself or <see cref="Floor"/> of where it began.</param>
internal sealed record StoppingRule(int MaxRounds, int Patience)
{
    /// <summary>Share of the loss below which an improvement is not worth <see cref="Patience"/> more rounds: the loss of growing certainty can creep down for thousands of rounds that change no decision.</summary>
    public const double Tolerance = 0.001;

    /// <summary>Share of the first round's loss below which an improvement is not worth it: where classes part cleanly the loss falls towards 0 for ever.</summary>
    public const double Floor = 0.0001;
}

/// <summary>How a boosting went.</summary>
/// <param name="Rounds">Rounds done.</param>
/// <param name="BestRound">The round (from 1) of the lowest validation loss, the first of equals; 0 when there was none.</param>
/// <param name="BestLoss">The loss then.</param>
/// <param name="Cancelled">Whether it was asked to stop.</param>
internal sealed record BoostingRun(int Rounds, int BestRound, double BestLoss, bool Cancelled);

/// <summary>Drives boosters round by round.</summary>
internal static class BoostingLoop
{
    /// <summary>Boosts all at the same pace until the mean of their validation losses stops falling, so that cross-validation picks one number of rounds.</summary>
    public static BoostingRun UntilNoBetter(IReadOnlyList<IBooster> boosters, StoppingRule rule, FitContext context)
    {
        var best = 0;
        var bestLoss = double.PositiveInfinity;
        var anchor = 0;
        var floor = 0.0;
        var anchorLoss = double.PositiveInfinity;
        for (var round = 1; round <= rule.MaxRounds; round++)
        {
            if (context.Cancellation.IsCancellationRequested)
            {
                return new BoostingRun(round - 1, best, bestLoss, Cancelled: true);
            }

            var grown = false;
            var sum = 0.0;
            foreach (var booster in boosters)
            {
                grown |= booster.Advance();
                sum += booster.ValidationLoss();
            }

            var loss = sum / boosters.Count;
            context.Progress?.Invoke(round, loss);
            if (loss < bestLoss)
            {
                (best, bestLoss) = (round, loss);
            }

            if (round == 1)
            {
                floor = StoppingRule.Floor * loss;
            }

            if (loss < anchorLoss - Math.Max(floor, StoppingRule.Tolerance * anchorLoss) || round == 1)
            {
                (anchor, anchorLoss) = (round, loss);
            }

            if (!grown || round - anchor >= rule.Patience || double.IsNaN(loss))
            {
                return new BoostingRun(round, best, bestLoss, Cancelled: false);
            }
        }

        return new BoostingRun(rule.MaxRounds, best, bestLoss, Cancelled: false);
    }

    /// <summary>Boosts a fixed number of rounds.</summary>
    public static BoostingRun For(IBooster booster, int rounds, CancellationToken cancellation)
    {
        for (var round = 1; round <= rounds; round++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new BoostingRun(round - 1, 0, double.NaN, Cancelled: true);
            }

            if (!booster.Advance())
            {
                return new BoostingRun(round, 0, double.NaN, Cancelled: false);
            }
        }

        return new BoostingRun(rounds, 0, double.NaN, Cancelled: false);
    }
}
