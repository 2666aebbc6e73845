using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Learners.Linear;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>What naive Bayes takes for granted: features that are independent within a class, and quantities that are normal there.</summary>
internal static class WithinClasses
{
    private static readonly string[] Learners = ["naive-bayes"];

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data)
    {
        if (data.Y.Task == TaskKind.Multilabel)
        {
            yield return new AssumptionCheck { Assumption = "features are independent within a class", Learners = Learners, Status = AssumptionStatus.NotChecked, Message = "Not checked for several labels a row." };
            yield break;
        }

        double[][] rest = [.. data.Columns.Select(column => Centred(column, data.Y))];
        yield return Unrelated(data, rest);
        if (Normal(data, rest) is { } normal)
        {
            yield return normal;
        }
    }

    private static AssumptionCheck Unrelated(AssumptionData data, double[][] rest)
    {
        var sizes = Array.ConvertAll(rest, column => Math.Sqrt(Vectors.Dot(column, column)));
        var pairs = new List<(double R, string A, string B)>();
        for (var i = 0; i < rest.Length; i++)
        {
            for (var j = i + 1; j < rest.Length; j++)
            {
                if (data.Features[i].Source != data.Features[j].Source && sizes[i] > 1e-9 && sizes[j] > 1e-9)
                {
                    pairs.Add((Math.Abs(Vectors.Dot(rest[i], rest[j])) / sizes[i] / sizes[j], data.Features[i].Name, data.Features[j].Name));
                }
            }
        }

        // A single pair of twins does little harm: what counts is how far columns have a partner each.
        var partners = pairs.SelectMany(pair => new[] { (Name: pair.A, pair.R), (Name: pair.B, pair.R) }).GroupBy(end => end.Name, StringComparer.Ordinal).Select(ends => ends.Max(end => end.R)).ToArray();
        var mean = pairs.Count == 0 ? double.NaN : partners.Average();
        var worst = pairs.OrderByDescending(pair => pair.R).Take(3).ToArray();
        var status = pairs.Count == 0 ? AssumptionStatus.NotChecked : AssumptionAudit.Above(mean, 0.35, 0.65);
        return new AssumptionCheck
        {
            Assumption = "features are independent within a class",
            Learners = Learners,
            Status = status,
            Statistic = "mean over features of the largest correlation with another column within classes",
            Value = mean,
            Bounds = "doubtful from 0.35, violated from 0.65",
            Columns = [.. worst.Where(pair => pair.R >= 0.6).SelectMany(pair => new[] { pair.A, pair.B }).Distinct(StringComparer.Ordinal)],
            Message = pairs.Count == 0 ? "Not checked: there is one column only."
                : string.Create(CultureInfo.InvariantCulture, $"Within classes, a feature correlates by {mean:0.00} with its nearest other on average, and most {worst[0].A} with {worst[0].B} ({worst[0].R:0.00})."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? "" : "Its ranking may still be good, but its probabilities will be too sure: calibrate them, or leave one of such features out.",
        };
    }

    private static AssumptionCheck? Normal(AssumptionData data, double[][] rest)
    {
        int[] numeric = [.. data.Numeric];
        if (numeric.Length == 0)
        {
            return null;
        }

        var shapes = numeric.Select(feature => (data.Features[feature].Source, Shape: RegressionTests.JarqueBera(rest[feature]))).ToArray();
        string[] odd = [.. shapes.Where(pair => pair.Shape.Test.PValue < 0.01 && (Math.Abs(pair.Shape.Skewness) > 1 || Math.Abs(pair.Shape.ExcessKurtosis) > 3)).Select(pair => pair.Source).Distinct(StringComparer.Ordinal)];
        var share = odd.Length / (double)shapes.Select(pair => pair.Source).Distinct(StringComparer.Ordinal).Count();
        var status = AssumptionAudit.Above(share, 0.2, 0.5);
        return new AssumptionCheck
        {
            Assumption = "quantities are normal within a class",
            Learners = Learners,
            Status = status,
            Statistic = "share of numeric columns far from normal",
            Value = share,
            Bounds = "doubtful from 20%, violated from 50%; far means skewness beyond 1 or excess kurtosis beyond 3 at p < 0.01",
            Columns = odd,
            Message = string.Create(CultureInfo.InvariantCulture, $"{odd.Length} of {shapes.Select(pair => pair.Source).Distinct(StringComparer.Ordinal).Count()} numeric columns are far from normal within classes{(odd.Length > 0 ? $": {string.Join(", ", odd.Take(4))}" : "")}."),
            Advice = status == AssumptionStatus.Holds ? "" : "Take logarithms or bins of these columns for naive Bayes.",
        };
    }

    /// <summary>Values less the mean of their class.</summary>
    private static double[] Centred(double[] column, Target y)
    {
        var (sums, counts) = (new double[y.Classes.Length], new int[y.Classes.Length]);
        for (var row = 0; row < column.Length; row++)
        {
            sums[y.Labels[row]] += column[row];
            counts[y.Labels[row]]++;
        }

        return [.. column.Select((value, row) => value - sums[y.Labels[row]] / counts[y.Labels[row]])];
    }
}
