using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Evaluation.Decisions;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>
/// Makes the winner's probabilities mean what they say and turns them into decisions, both learned from its predictions out of fold.
/// The final rows have no part in it: they only tell what it brought.
/// </summary>
/// <param name="Calibration">How probabilities were calibrated; <c>null</c> where there are none or it was not wanted.</param>
/// <param name="Calibrator">To be applied; <c>null</c> for nothing.</param>
/// <param name="Decision">How they become decisions; <c>null</c> where the task has none to choose.</param>
internal sealed record Refinement(CalibrationEvidence? Calibration, Calibrator? Calibrator, DecisionEvidence? Decision)
{
    private static readonly Refinement Nothing = new(null, null, null);

    public DecisionRule? Rule => Decision?.Rule;

    public static Refinement Of(CandidateResult winner, SplitPlan plan, Metric metric, DevelopOptions options, DecisionGoal? goal)
    {
        if (plan.Target.Task == TaskKind.Regression || OutOfFold.Of(winner, plan) is not { } held)
        {
            return Nothing;
        }

        var (calibration, calibrator, predictions) = Calibrate(held, metric, options);
        return new Refinement(calibration, calibrator, plan.Target.Task switch
        {
            TaskKind.Binary => Binary(held.Target, predictions, goal),
            TaskKind.Multilabel when goal is not null => Multilabel(held.Target, predictions, goal),
            TaskKind.Multiclass when goal?.Costs is { } costs => ByCost(held.Target, predictions, goal, costs),
            _ => null,
        });
    }

    /// <summary>The same with what it brings on the final rows.</summary>
    /// <param name="y">Their answers.</param>
    /// <param name="before">The winner's predictions without calibration and rule.</param>
    /// <param name="after">The same with both.</param>
    /// <param name="goal">What the rule was chosen for.</param>
    public Refinement Tested(Target y, Predictions before, Predictions after, DecisionGoal? goal) => this with
    {
        Calibration = Calibration is null ? null : Calibration with { Before = CalibrationFigures.Of(y, before), After = CalibrationFigures.Of(y, after) },
        Decision = Decision is null || goal is null ? Decision : Decision with
        {
            Final = (Measure(goal, y, new Predictions(after.Task, after.Width, after.Values)), Measure(goal, y, after)),
        },
    };

    private static (CalibrationEvidence?, Calibrator?, Predictions) Calibrate(OutOfFold held, Metric metric, DevelopOptions options)
    {
        if (held.Target.Task == TaskKind.Multilabel || options.Calibration is { Count: 0 })
        {
            return (null, null, held.Predictions);
        }

        var choice = CalibrationChoice.Of(held.Target, held.Predictions, held.Folds, metric, options.Calibration);
        return (new CalibrationEvidence { Method = choice.Method, Reason = choice.Reason, Trials = choice.Trials }, choice.Calibrator, choice.CrossFitted);
    }

    private static DecisionEvidence Binary(Target y, Predictions p, DecisionGoal? goal)
    {
        var scan = new ThresholdScan(y, p);
        var reached = true;
        var threshold = goal is null ? 0.5 : scan.Best(goal, out reached);
        var evidence = new DecisionEvidence { Event = y.Classes[1], Points = scan.Few(threshold, goal) };
        if (goal is null)
        {
            return evidence;
        }

        var rule = DecisionRule.At(threshold, Reason(goal));
        return evidence with
        {
            Goal = goal.Text,
            Rule = rule,
            Reached = reached,
            Measure = Name(goal),
            OutOfFold = (Measure(goal, y, p), Measure(goal, y, new Predictions(p.Task, p.Width, p.Values, rule))),
            Findings = reached ? [] : [Unreached(goal, scan.At(threshold, goal))],
        };
    }

    private static DecisionEvidence Multilabel(Target y, Predictions p, DecisionGoal goal)
    {
        var labels = new LabelThreshold[y.Width];
        var reached = true;
        for (var k = 0; k < labels.Length; k++)
        {
            var own = y.Label(k);
            var values = new double[2 * y.Count];
            for (var row = 0; row < y.Count; row++)
            {
                (values[2 * row], values[2 * row + 1]) = (1 - p.Values[row * p.Width + k], p.Values[row * p.Width + k]);
            }

            var scan = new ThresholdScan(own, new Predictions(TaskKind.Binary, 2, values));
            var threshold = scan.Best(goal, out var ok);
            reached &= ok;
            labels[k] = new LabelThreshold(y.Classes[k], threshold, scan.At(0.5, goal).Value, scan.At(threshold, goal).Value);
        }

        var rule = DecisionRule.PerLabel([.. labels.Select(label => label.Threshold)], Reason(goal));
        return new DecisionEvidence
        {
            Goal = goal.Text,
            Rule = rule,
            Labels = labels,
            Reached = reached,
            Measure = Name(goal),
            OutOfFold = (Measure(goal, y, p), Measure(goal, y, new Predictions(p.Task, p.Width, p.Values, rule))),
        };
    }

    private static DecisionEvidence ByCost(Target y, Predictions p, DecisionGoal goal, CostMatrix costs)
    {
        var rule = DecisionRule.ByCost(costs.Costs, Reason(goal));
        return new DecisionEvidence
        {
            Goal = goal.Text,
            Rule = rule,
            Measure = Name(goal),
            OutOfFold = (Measure(goal, y, p), Measure(goal, y, new Predictions(p.Task, p.Width, p.Values, rule))),
        };
    }

    private static string Reason(DecisionGoal goal) => goal.Costs is not null ? goal.Text : goal.Constraint is null ? $"best {goal.Metric!.Title}" : $"best {goal.Metric!.Title} with {goal.Text}";

    private static string Name(DecisionGoal goal) => goal.Costs is not null ? "cost_per_1000" : goal.Metric!.Name;

    /// <summary>What was made best: the metric (for several labels per row its mean over the labels), or the cost of a thousand rows.</summary>
    private static double Measure(DecisionGoal goal, Target y, Predictions p)
    {
        if (goal.Costs is { } costs)
        {
            return 1000 * costs.Mean(y.Labels, p.Labels());
        }

        if (y.Task != TaskKind.Multilabel)
        {
            return goal.Metric!.Compute(y, p);
        }

        return Enumerable.Range(0, y.Width).Average(k =>
        {
            var values = new double[2 * y.Count];
            for (var row = 0; row < y.Count; row++)
            {
                values[2 * row + (p.Has(row, k) ? 1 : 0)] = 1;
            }

            return goal.Metric!.Compute(y.Label(k), new Predictions(TaskKind.Binary, 2, values));
        });
    }

    private static Finding Unreached(DecisionGoal goal, OperatingPoint best) => new("threshold-not-reached", Severity.Medium,
        $"No threshold reaches {goal.Text} on predictions out of fold; the one that comes nearest is used.")
    {
        Evidence = new JsonObject { ["goal"] = goal.Text, ["threshold"] = best.Threshold, ["precision"] = Finite(best.Precision), ["recall"] = Finite(best.Recall) },
        Cause = "The model does not tell the classes apart well enough for this level.",
        Fix = "Ask for less, or improve the model: more rows, better columns, more time.",
        Verify = "The table of thresholds in the report shows what can be had.",
    };

    private static JsonValue? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
