using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>What logistic regression and the linear support vector machine take for granted: straight log odds, classes that overlap yet mostly lie apart.</summary>
internal static class LogOdds
{
    private const int MostBends = 25;

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data, CancellationToken cancellation)
    {
        var (name, labels) = data.Question;
        var events = Math.Min(labels.Count(label => label), labels.Count(label => !label));
        if (events < 5 || labels.Length < data.Columns.Count + 10)
        {
            return [new AssumptionCheck
            {
                Assumption = "log odds are a weighted sum of the features", Learners = ["logistic-regression"], Status = AssumptionStatus.NotChecked,
                Message = $"Not checked: {(events < 5 ? $"too few rows of {name} or of the rest" : "there are hardly more rows than features")}.",
            }];
        }

        var fit = new LogisticFit(data.Columns, labels, cancellation);
        var separated = Separated(data, fit);
        return [.. separated.Status == AssumptionStatus.Violated ? [] : new[] { Straight(data, fit, cancellation) }, separated, Plane(data, fit)];
    }

    /// <summary>Squares of numbers added to the fit, in the spirit of Box and Tidwell (1962): score tests one by one, and the likelihood of all together.</summary>
    private static AssumptionCheck Straight(AssumptionData data, LogisticFit fit, CancellationToken cancellation)
    {
        var squares = data.Numeric.Take(MostBends).Select(feature => (data.Features[feature].Source, Values: data.Columns[feature].Select(value => value * value).ToArray())).ToArray();
        var bends = squares.Select(square => (square.Source, square.Values, Test: fit.Score(square.Values)))
            .Where(bend => bend.Test.PValue * squares.Length < 0.01).OrderByDescending(bend => bend.Test.Statistic).ToArray();
        var gain = bends.Length == 0 ? 0 : (new LogisticFit([.. data.Columns, .. bends.Select(bend => bend.Values)], data.Question.Labels, cancellation).LogLikelihood - fit.LogLikelihood) / Math.Max(1e-9, -fit.LogLikelihood);
        var status = squares.Length == 0 ? AssumptionStatus.NotChecked : AssumptionAudit.Above(gain, 0.01, 0.04);
        var strongest = bends.Length == 0 ? new TestStatistic(squares.Select(square => fit.Score(square.Values).Statistic).DefaultIfEmpty(double.NaN).Max(), double.NaN) : bends[0].Test;
        return new AssumptionCheck
        {
            Assumption = "log odds are a weighted sum of the features",
            Learners = ["logistic-regression"],
            Status = status,
            Statistic = "largest score test of a squared column (chi-square, 1 degree of freedom)",
            Value = strongest.Statistic,
            PValue = strongest.PValue,
            Bounds = "at p < 0.01 after Bonferroni: doubtful where squares improve the log-likelihood by 1%, violated from 4%",
            Columns = [.. bends.Select(bend => bend.Source).Distinct(StringComparer.Ordinal)],
            Message = squares.Length == 0 ? "Not checked: there is no numeric column, and levels have no shape to bend."
                : bends.Length == 0 ? $"No numeric column bends the log odds of {data.Question.Name} noticeably."
                : string.Create(CultureInfo.InvariantCulture, $"Squares of {string.Join(", ", bends.Take(4).Select(bend => bend.Source))}{(bends.Length > 4 ? $" and {bends.Length - 4} more" : "")} improve the log-likelihood of {data.Question.Name} by {gain:0.0%}."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? "" : "Add squares, logarithms or bins of these columns, or let trees or boosting find the bends.",
        };
    }

    private static AssumptionCheck Separated(AssumptionData data, LogisticFit fit)
    {
        var labels = data.Question.Labels;
        var sure = labels.Select((label, row) => label ? fit.Probabilities[row] : 1 - fit.Probabilities[row]).Min();
        string[] huge = [.. Enumerable.Range(0, data.Columns.Count).Where(feature => Math.Abs(fit.Weights[feature + 1]) * Spread(data.Columns[feature]) > 8 || PureLevel(data, feature, labels))
            .Select(feature => data.Features[feature].Name).Distinct(StringComparer.Ordinal)];
        var status = sure > 0.5 ? AssumptionStatus.Violated : huge.Length > 0 ? AssumptionStatus.Doubtful : AssumptionStatus.Holds;
        return new AssumptionCheck
        {
            Assumption = "classes overlap, so that weights stay finite",
            Learners = ["logistic-regression"],
            Status = status,
            Statistic = "smallest fitted probability of a row's own class",
            Value = sure,
            Bounds = "violated above 0.5, where a plane has every row on its own side; doubtful where a level has one class alone or a weight runs away",
            Columns = huge,
            Message = status == AssumptionStatus.Violated ? $"The features separate {data.Question.Name} from the rest without an error, so the likelihood has no maximum; only the penalty keeps weights finite."
                : huge.Length > 0 ? $"{string.Join(", ", huge.Take(4))}{(huge.Length > 4 ? $" and {huge.Length - 4} more" : "")} {(huge.Length == 1 ? "decides" : "decide")} the class for all their rows; only the penalty keeps the weight finite."
                : "No feature and no combination of them separates the classes.",
            Advice = status == AssumptionStatus.Holds ? "" : "Keep the penalty (Roux always has one), do not read odds ratios of these features, and make sure that no column holds the answer.",
        };
    }

    /// <summary>For the linear support vector machine: whether a plane puts clearly more rows on the right side than a guess does.</summary>
    private static AssumptionCheck Plane(AssumptionData data, LogisticFit fit)
    {
        var labels = data.Question.Labels;
        var right = labels.Where((label, row) => label == fit.Probabilities[row] > 0.5).Count() / (double)labels.Length;
        var guess = Math.Max(labels.Count(label => label), labels.Count(label => !label)) / (double)labels.Length;
        var skill = (right - guess) / Math.Max(1e-9, 1 - guess);
        var status = AssumptionAudit.Below(skill, 0.3, 0.1);
        return new AssumptionCheck
        {
            Assumption = "a plane separates the classes, with few rows on the wrong side",
            Learners = ["linear-svm"],
            Status = status,
            Statistic = "share of a guess's errors that a plane avoids",
            Value = skill,
            Bounds = "doubtful below 30%, violated below 10%",
            Message = string.Create(CultureInfo.InvariantCulture, $"On the rows that it is fitted on, a plane has {1 - right:0%} of them on the wrong side; always guessing the commoner answer, {1 - guess:0%}{(data.HasTexts ? " (texts and lists left out)" : "")}."),
            Advice = status == AssumptionStatus.Holds ? "" : "Add features that spell out curves and combinations, or use a kernel, trees or boosting.",
        };
    }

    private static bool PureLevel(AssumptionData data, int feature, bool[] labels)
    {
        if (data.Features[feature].Kind != Features.FeatureKind.Indicator)
        {
            return false;
        }

        var (count, given) = (0, 0);
        for (var row = 0; row < labels.Length; row++)
        {
            if (data.Columns[feature][row] != 0)
            {
                count++;
                given += labels[row] ? 1 : 0;
            }
        }

        // So many rows of one class alone that chance would hardly do it.
        var share = labels.Count(label => label) / (double)labels.Length;
        return (given == 0 && Math.Pow(1 - share, count) < 1e-3) || (given == count && Math.Pow(share, count) < 1e-3);
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
