using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>A procedure reports skill where there is nothing to learn.</summary>
public sealed class LearnsFromNothingCheck : Check<ProcedureSubject>
{
    private const int Times = 3;
    private static readonly Threshold Errors = new("standard-errors", 4, "standard errors that the score lies above chance", "Four standard errors happen by chance in 1 of 30,000 cases");

    /// <inheritdoc/>
    public override string Name => "learns-from-nothing";

    /// <inheritdoc/>
    public override string Definition => "On answers drawn by chance beside 120 columns of noise, learning and scoring report more than chance: something sees the rows that it is scored on (Hastie, Tibshirani and Friedman 2009, 7.10.2: the wrong way to do cross-validation).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Errors];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit-gap"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ProcedureSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var scores = Enumerable.Range(0, Times).Select(i => subject.Evaluate(MadeUpTask.Nothing(subject.Task, unchecked(context.Seed + 7919 * i)), MadeUpTask.Target, context.Seed)).ToArray();
        var (mean, rows) = (scores.Average(score => score.Score), scores.Sum(score => score.Rows));

        // The commonest of k classes has a share of little more than 1/k; explained variance of nothing has a mean of at most 0.
        var chance = subject.Task switch { TaskKind.Regression => 0, TaskKind.Multiclass => 1.0 / 3, _ => 0.5 };
        var error = subject.Task == TaskKind.Regression ? Math.Sqrt(2.0 / Math.Max(1, rows)) : Math.Sqrt(chance * (1 - chance) / Math.Max(1, rows));
        if (!(mean > chance + context.Value(Name, Errors) * error))
        {
            yield break;
        }

        yield return new Finding(Name, Severity.High, string.Create(CultureInfo.InvariantCulture,
            $"{subject.Name} reports {mean:0%} where there is nothing to learn and chance gives {chance:0%}: it sees the rows that it is scored on"))
        {
            Evidence = new JsonObject { ["score"] = mean, ["chance"] = chance, ["standard_error"] = error, ["rows"] = rows },
            Cause = "Features were chosen, scaled or encoded with all rows before the split, settings were chosen on the rows that are scored, or rows occur on both sides.",
            Fix = "Do everything that learns from rows within the training part of each split.",
            Verify = "The score on these made-up rows is that of chance.",
        };
    }
}
