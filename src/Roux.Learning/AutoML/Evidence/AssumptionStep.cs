using Roux.Learning.Evaluation.Assumptions;

namespace Roux.Learning.AutoML;

/// <summary>Holds what the tried learners take for granted against the development rows.</summary>
internal static class AssumptionStep
{
    private const double LeastSeconds = 1;

    /// <param name="context">The finished search.</param>
    /// <param name="seconds">Seconds it may take.</param>
    public static AssumptionReport? Check(EvidenceContext context, double seconds)
    {
        if (seconds < LeastSeconds)
        {
            context.Note("assumptions not checked for want of time: roux assumptions DATA --target COL checks them");
            return null;
        }

        var tried = context.Board.Rows.Select(row => row.Result.LearnerName).ToHashSet(StringComparer.Ordinal);
        var options = new AssumptionOptions
        {
            GroupColumn = context.Options.GroupColumn,
            TimeColumn = context.Options.TimeColumn,
            Seed = Seeds.Derive(context.Options.Seed, "assumptions"),
            Threads = context.Threads,
        };
        using var limit = context.Budget.Limit(seconds, context.Stop);
        try
        {
            return AssumptionAudit.Of(
                context.Plan.Table, context.Inputs.FeatureColumns, context.Plan.Target, [.. context.Inputs.Learners.Where(learner => tried.Contains(learner.Card.Name))], options, limit.Token);
        }
        catch (OperationCanceledException)
        {
            context.Note("assumptions not checked: out of time");
            return null;
        }
    }
}
