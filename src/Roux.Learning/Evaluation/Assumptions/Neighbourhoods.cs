using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>
/// What learners by distance need: that near and far can be told apart (Beyer, Goldstein, Ramakrishnan and Shaft, "When is nearest neighbor meaningful?", 1999) and that near rows have like answers.
/// </summary>
internal static class Neighbourhoods
{
    private const int MostRows = 1200;
    private const int Nearest = 5;

    private static readonly string[] Learners = ["k-nearest-neighbours", "svm-rbf"];

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data)
    {
        var rows = Enumerable.Range(0, Math.Min(MostRows, data.Table.RowCount)).Select(i => (int)((long)i * data.Table.RowCount / Math.Min(MostRows, data.Table.RowCount))).ToArray();
        var vectors = Array.ConvertAll(rows, row => data.Columns.Select(column => (float)column[row]).ToArray());
        var contrasts = new double[rows.Length];
        var near = new int[rows.Length][];
        Parallel.For(0, rows.Length, i =>
        {
            var distances = new double[rows.Length];
            for (var j = 0; j < rows.Length; j++)
            {
                distances[j] = Squared(vectors[i], vectors[j]);
            }

            distances[i] = double.PositiveInfinity;
            var order = Enumerable.Range(0, rows.Length).ToArray();
            Array.Sort((double[])distances.Clone(), order);
            near[i] = order[..Math.Min(Nearest, order.Length - 1)];
            var middle = distances[order[(order.Length - 1) / 2]];
            contrasts[i] = middle > 0 ? Math.Sqrt(distances[order[0]] / middle) : 1;
        });
        var contrast = contrasts.Average();
        var status = AssumptionAudit.Above(contrast, 0.7, 0.85);
        yield return new AssumptionCheck
        {
            Assumption = "near and far rows can be told apart",
            Learners = Learners,
            Status = status,
            Statistic = "distance of the nearest row over the median distance",
            Value = contrast,
            Bounds = "doubtful from 0.7, violated from 0.85 (1: all rows are equally far)",
            Message = string.Create(CultureInfo.InvariantCulture, $"The nearest row is {contrast:0.00} times as far as the median one, over {data.Columns.Count} standardised features."),
            Advice = status == AssumptionStatus.Holds ? "" : "Use fewer columns, or a learner that does not measure distances.",
        };
        yield return Alike(data, rows, near);
    }

    private static AssumptionCheck Alike(AssumptionData data, int[] rows, int[][] near)
    {
        var numbers = data.Numbers;
        var mean = rows.Average(row => numbers[row]);
        var (errors, total) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            var others = near[i].Average(j => numbers[rows[j]]);
            errors += (numbers[rows[i]] - others) * (numbers[rows[i]] - others);
            total += (numbers[rows[i]] - mean) * (numbers[rows[i]] - mean);
        }

        // A mean of five unrelated neighbours has an error of 1 + 1/5 times the variance: skill is counted from there.
        var skill = total > 0 ? 1 - errors / (total * (1 + 1.0 / Nearest)) : double.NaN;
        var status = AssumptionAudit.Below(skill, 0.15, 0.05);
        return new AssumptionCheck
        {
            Assumption = "rows that look alike have like answers",
            Learners = Learners,
            Status = status,
            Statistic = "variance explained by the five nearest rows",
            Value = skill,
            Bounds = "doubtful below 15%, violated below 5%",
            Message = string.Create(CultureInfo.InvariantCulture, $"The five nearest rows explain {Math.Max(0, skill):0%} of what there is to explain{(data.Y.Task == TaskKind.Regression ? "" : $" of {data.Question.Name} against the rest")}."),
            Advice = status == AssumptionStatus.Holds ? "" : "Distance over these columns says little of the answer: choose or weigh columns, or another family.",
        };
    }

    private static double Squared(float[] a, float[] b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }
}
