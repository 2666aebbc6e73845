using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>Enough rows for the features (Peduzzi et al., "A simulation study of the number of events per variable in logistic regression analysis", 1996: at least ten).</summary>
internal static class Sizes
{
    public static IEnumerable<AssumptionCheck> Check(AssumptionData data)
    {
        var perFeature = data.Whole.Events / (double)data.AllFeatures;
        var what = data.Y.Task == TaskKind.Regression ? "rows" : "rows of the rarest class";
        var status = AssumptionAudit.Below(perFeature, 10, 5);
        yield return new AssumptionCheck
        {
            Assumption = "enough rows for the features",
            Learners = ["linear-regression", "ridge", "elastic-net", "logistic-regression", "linear-svm"],
            Status = status,
            Statistic = $"{what} per feature",
            Value = perFeature,
            Bounds = "doubtful below 10, violated below 5",
            Message = string.Create(CultureInfo.InvariantCulture, $"{data.Whole.Events:N0} {what} for {data.AllFeatures:N0} features: {perFeature:0.#} each{(data.HasTexts ? ", terms of texts and lists not counted" : "")}."),
            Advice = status == AssumptionStatus.Holds ? "" : "Prefer a penalty (ridge, elastic net, a smaller C), leave columns out, or get more rows; do not read single weights.",
        };
    }
}
