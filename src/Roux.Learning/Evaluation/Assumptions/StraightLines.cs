using System.Globalization;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>What linear regression takes for granted: straight lines, even spread, normal errors where intervals rely on them, no row that pulls the fit to itself.</summary>
internal static class StraightLines
{
    private static readonly string[] Learners = ["linear-regression", "ridge", "elastic-net"];

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data)
    {
        var fit = new LeastSquaresFit(data.Columns, data.Y.Values);
        if (fit.Freedom < 5 || fit.ResidualSquares <= 1e-12 * data.Y.Values.Sum(value => value * value))
        {
            return [new AssumptionCheck
            {
                Assumption = "the answer is a weighted sum of the features", Learners = Learners, Status = fit.Freedom < 5 ? AssumptionStatus.NotChecked : AssumptionStatus.Holds,
                Message = fit.Freedom < 5 ? "Not checked: there are hardly more rows than features, so nothing is left to check with." : "A weighted sum of the features gives the answer without an error: look for a column that holds the answer.",
            }];
        }

        return [Straight(data, fit), Even(data, fit), Normal(fit), Pulling(fit)];
    }

    private static AssumptionCheck Straight(AssumptionData data, LeastSquaresFit fit)
    {
        var (reset, partial) = RegressionTests.Reset(fit);
        var bends = data.Numeric.Select(feature => (data.Features[feature].Source, Gain: fit.Gain([[.. data.Columns[feature].Select(value => value * value)]])))
            .Where(bend => bend.Gain.Test.PValue * Math.Max(1, data.Columns.Count) < 0.01 && bend.Gain.PartialR2 >= 0.01)
            .OrderByDescending(bend => bend.Gain.PartialR2).ToArray();
        var byColumn = bends.Length > 0 && !(reset.PValue < 0.01 && partial >= bends[0].Gain.PartialR2);
        var most = Math.Max(reset.PValue < 0.01 ? partial : 0, bends.Length == 0 ? 0 : bends[0].Gain.PartialR2);
        var status = double.IsNaN(reset.PValue) && bends.Length == 0 ? AssumptionStatus.NotChecked : AssumptionAudit.Above(most, 0.02, 0.05);
        return new AssumptionCheck
        {
            Assumption = "the answer is a weighted sum of the features",
            Learners = Learners,
            Status = status,
            Statistic = byColumn ? $"F of the square of {bends[0].Source}" : "RESET F",
            Value = byColumn ? bends[0].Gain.Test.Statistic : reset.Statistic,
            PValue = byColumn ? bends[0].Gain.Test.PValue : reset.PValue,
            Bounds = "at p < 0.01: doubtful where powers of the fit, or the square of a column, take away 2% of the residual variance, violated from 5%",
            Columns = [.. bends.Select(bend => bend.Source).Distinct(StringComparer.Ordinal)],
            Message = status == AssumptionStatus.NotChecked ? "Not checked: the fit says the same of every row."
                : string.Create(CultureInfo.InvariantCulture, $"Squares and cubes of the fitted values take away {partial:0.0%} of the residual variance{(bends.Length == 0 ? ", squares of single columns less than 1%" : $"; most bent: {string.Join(", ", bends.Take(4).Select(bend => $"{bend.Source} ({bend.Gain.PartialR2.ToString("0.0%", CultureInfo.InvariantCulture)})"))}")}."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? "" : "Add squares or logarithms of the bent columns, try the logarithm of the target, or let trees or boosting find the bends.",
        };
    }

    private static AssumptionCheck Even(AssumptionData data, LeastSquaresFit fit)
    {
        var (test, r2) = RegressionTests.BreuschPagan(fit, data.Columns);
        int[] order = [.. Enumerable.Range(0, fit.RowCount).OrderBy(row => fit.Fitted[row])];
        var fifth = Math.Max(1, order.Length / 5);
        var (low, high) = (Spread(order[..fifth]), Spread(order[^fifth..]));
        var ratio = Math.Max(low, high) / Math.Max(Math.Min(low, high), 1e-300);
        var status = !(test.PValue < 0.01) ? (double.IsNaN(test.Statistic) ? AssumptionStatus.NotChecked : AssumptionStatus.Holds)
            : (AssumptionStatus)Math.Max((int)AssumptionAudit.Above(ratio, 1.5, 2.5), (int)AssumptionAudit.Above(r2, 0.05, 0.15));
        return new AssumptionCheck
        {
            Assumption = "errors have an even spread",
            Learners = Learners,
            Status = status,
            Statistic = "Breusch-Pagan (Koenker)",
            Value = test.Statistic,
            PValue = test.PValue,
            Bounds = "at p < 0.01: doubtful where spreads differ 1.5-fold (or the columns explain 5% of the squared errors), violated from 2.5-fold (15%)",
            Message = string.Create(CultureInfo.InvariantCulture, $"Errors are {ratio:0.0} times as wide at the {(high > low ? "highest" : "lowest")} fifth of the fitted values as at the other end; the columns explain {r2:0%} of the squared errors."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? "" : "Weights stay unbiased but the widest rows rule the fit, and one interval does not fit all: try the logarithm of the target, or weights.",
        };

        double Spread(int[] rows) => Math.Sqrt(rows.Average(row => fit.Residuals[row] * fit.Residuals[row]));
    }

    private static AssumptionCheck Normal(LeastSquaresFit fit)
    {
        var (test, skewness, excess) = RegressionTests.JarqueBera(fit.Residuals);
        var status = !(test.PValue < 0.01) ? (double.IsNaN(test.Statistic) ? AssumptionStatus.NotChecked : AssumptionStatus.Holds)
            : (AssumptionStatus)Math.Max((int)AssumptionAudit.Above(Math.Abs(skewness), 1, 2), (int)AssumptionAudit.Above(excess, 3, 7));
        return new AssumptionCheck
        {
            Assumption = "errors are normal, as intervals around predictions take it",
            Learners = ["linear-regression"],
            Status = status,
            Statistic = "Jarque-Bera",
            Value = test.Statistic,
            PValue = test.PValue,
            Bounds = "at p < 0.01: doubtful from skewness 1 or excess kurtosis 3, violated from 2 or 7 (West, Finch and Curran 1995)",
            Message = string.Create(CultureInfo.InvariantCulture, $"Residuals have skewness {skewness:0.0} and excess kurtosis {excess:0.0} (0 and 0 are normal)."),
            Advice = status is AssumptionStatus.Holds or AssumptionStatus.NotChecked ? "" : "Point predictions are fine; for intervals use quantiles of held-out errors, not multiples of a standard deviation.",
        };
    }

    private static AssumptionCheck Pulling(LeastSquaresFit fit)
    {
        var cook = RegressionTests.Cook(fit);
        var (worst, row) = (cook.Max(), Array.IndexOf(cook, cook.Max()));
        var bound = 3.0 * fit.Rank / fit.RowCount;
        var high = fit.Leverages().Count(leverage => leverage > bound);
        var status = AssumptionAudit.Above(worst, 0.5, 1);
        return new AssumptionCheck
        {
            Assumption = "no single row pulls the fit to itself",
            Learners = Learners,
            Status = status,
            Statistic = "largest Cook's distance",
            Value = worst,
            Bounds = "doubtful from 0.5, violated from 1",
            Message = string.Create(CultureInfo.InvariantCulture, $"The largest Cook's distance is {worst:0.00} (row {row + 1} of those looked at); {high:N0} of {fit.RowCount:N0} rows have a leverage above three times the mean."),
            Advice = status == AssumptionStatus.Holds ? "" : "Look at that row: a slip of the pen, or a case of another kind? Fit without it and compare; absolute or Huber loss minds it less.",
        };
    }
}
