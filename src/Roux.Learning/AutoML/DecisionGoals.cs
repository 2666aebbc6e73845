using Roux.Learning.Data;
using Roux.Learning.Evaluation.Decisions;

namespace Roux.Learning.AutoML;

/// <summary>Reads what a threshold is to be chosen for.</summary>
public static class DecisionGoals
{
    /// <summary>The goal; <c>null</c> where nothing is asked for.</summary>
    /// <param name="option">Name of the option of the metric, for messages.</param>
    /// <param name="metric">A metric or a level, such as <c>f1</c> or <c>precision>=0.9</c>; <c>null</c> for none.</param>
    /// <param name="costs">File of a cost matrix; <c>null</c> for none.</param>
    /// <param name="task">The kind of task.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="DataException">It does not suit the task, or cannot be read.</exception>
    public static DecisionGoal? Of(string option, string? metric, string? costs, TaskKind task, string[] classes)
    {
        if (metric is null && costs is null)
        {
            return null;
        }

        if (metric is not null && costs is not null)
        {
            throw new DataException($"{option} and --cost-matrix: a threshold is chosen for one of the two; leave one out");
        }

        if (task == TaskKind.Regression)
        {
            throw new DataException($"{(metric is null ? "--cost-matrix" : option)}: a number is predicted here, so there is nothing to decide");
        }

        if (costs is not null)
        {
            return task == TaskKind.Multilabel
                ? throw new DataException($"--cost-matrix: several labels per row have no cost of one for another; choose each label's threshold with {option} f1 or the like")
                : DecisionGoal.LeastCost(CostMatrix.Load(costs, classes));
        }

        return task == TaskKind.Multiclass
            ? throw new DataException($"{option}: a threshold decides between two classes, and there are {classes.Length}; say what mistakes cost with --cost-matrix FILE")
            : DecisionGoal.Parse(option, metric!);
    }
}
