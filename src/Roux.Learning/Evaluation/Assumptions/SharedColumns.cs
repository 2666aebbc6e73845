using System.Globalization;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>Columns that can be told from each other: variance inflation and condition number.</summary>
internal static class SharedColumns
{
    private static readonly string[] Learners = ["linear-regression", "ridge", "elastic-net", "logistic-regression", "linear-svm"];

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data)
    {
        if (data.Columns.Count < 2)
        {
            yield break;
        }

        string[] sources = [.. data.Features.Select(feature => feature.Source).Distinct(StringComparer.Ordinal)];
        var factors = Collinearity.VarianceInflation(data.Columns, [.. data.Features.Select(feature => Array.IndexOf(sources, feature.Source))]);
        var condition = Collinearity.ConditionNumber(data.Columns);
        var worst = factors.Max();
        var inflated = Enumerable.Range(0, sources.Length).Where(source => factors[source] >= 5).OrderByDescending(source => factors[source]).ToArray();
        var status = (AssumptionStatus)Math.Max((int)AssumptionAudit.Above(worst, 5, 10), (int)(condition >= 30 ? AssumptionStatus.Doubtful : AssumptionStatus.Holds));
        yield return new AssumptionCheck
        {
            Assumption = "no column repeats the others",
            Learners = Learners,
            Status = status,
            Statistic = "largest variance inflation factor",
            Value = worst,
            Bounds = "doubtful from 5 (or a condition number from 30), violated from 10",
            Columns = [.. inflated.Select(source => sources[source])],
            Message = inflated.Length == 0
                ? string.Create(CultureInfo.InvariantCulture, $"Variance inflation is at most {worst:0.#}, the condition number of the standardised features {condition:0.#}.")
                : string.Create(CultureInfo.InvariantCulture, $"The other columns tell {string.Join(", ", inflated.Take(4).Select(source => $"{sources[source]} ({Factor(factors[source])})"))}{(inflated.Length > 4 ? $" and {inflated.Length - 4} more" : "")} almost by themselves; the condition number is {condition:0.#}."),
            Advice = status == AssumptionStatus.Holds ? "" : "Predictions do not suffer, but single weights mean little: leave one of such columns out, or use ridge; explain them together.",
        };
    }

    private static string Factor(double factor) => double.IsInfinity(factor) ? "wholly" : factor.ToString("0", CultureInfo.InvariantCulture);
}
