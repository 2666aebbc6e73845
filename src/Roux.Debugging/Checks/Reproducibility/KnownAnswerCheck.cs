using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>A procedure fails a task whose answer is known.</summary>
public sealed class KnownAnswerCheck : Check<ProcedureSubject>
{
    private static readonly Threshold Least = new("score", 0.9, "share of right answers (for numbers: of the variance explained) on the made-up task, below which it fails", "Three clouds six standard deviations apart overlap by 0.3%, and the line has 0.25% of noise: nine tenths leave room for coarse learners");

    /// <inheritdoc/>
    public override string Name => "known-answer-missed";

    /// <inheritdoc/>
    public override string Definition => "Learning and scoring, as a whole, do not solve a made-up task that is easy: the fault is then in the procedure, not in the data (Breck et al. 2017, The ML Test Score, Infra 2).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Least];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ProcedureSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var score = subject.Evaluate(MadeUpTask.Easy(subject.Task, context.Seed), MadeUpTask.Target, context.Seed);
        if (score.Score >= context.Value(Name, Least))
        {
            yield break;
        }

        yield return new Finding(Name, Severity.High, string.Create(CultureInfo.InvariantCulture,
            $"{subject.Name} fails a task whose answer is known: {(subject.Task == TaskKind.Regression ? $"it explains {score.Score:0%} of the variance of a straight line" : $"{score.Score:0%} right where classes lie six standard deviations apart")}"))
        {
            Evidence = new JsonObject { ["score"] = double.IsFinite(score.Score) ? score.Score : null, ["rows"] = score.Rows },
            Cause = "Something on the way from the rows to the score is broken: features and answers of different rows, labels shifted by one, a loss that is not minimised, a score computed on other rows.",
            Fix = "Print rows and answers as the learner gets them, for ten rows of this made-up task, and follow them to the score.",
            Verify = "The made-up task is solved.",
        };
    }
}
