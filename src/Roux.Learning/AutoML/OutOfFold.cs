using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>What a candidate said of rows that it had not learned from: of each row once, from the first fold that holds it out.</summary>
/// <param name="Rows">Places of the rows in the plan, ascending within a fold.</param>
/// <param name="Folds">The fold that each prediction comes from.</param>
/// <param name="Target">Their answers.</param>
/// <param name="Predictions">The predictions.</param>
internal sealed record OutOfFold(int[] Rows, int[] Folds, Target Target, Predictions Predictions)
{
    /// <summary>The predictions of cross-validation; <c>null</c> for a candidate that was not scored on any fold. Of repeats the first counts: averages over them would be steadier than the model is.</summary>
    public static OutOfFold? Of(CandidateResult result, SplitPlan plan)
    {
        var width = plan.Target.Width;
        var seen = new bool[plan.Target.Count];
        var (rows, folds, values) = (new List<int>(), new List<int>(), new List<double>());
        for (var fold = 0; fold < result.FoldPredictions.Length; fold++)
        {
            var test = plan.Folds[fold].Test;
            for (var i = 0; i < test.Length; i++)
            {
                if (!seen[test[i]])
                {
                    seen[test[i]] = true;
                    rows.Add(test[i]);
                    folds.Add(fold);
                    values.AddRange(result.FoldPredictions[fold].Row(i));
                }
            }
        }

        return rows.Count == 0 ? null : new OutOfFold([.. rows], [.. folds], plan.Target.Take([.. rows]), new Predictions(plan.Target.Task, width, [.. values]));
    }
}
