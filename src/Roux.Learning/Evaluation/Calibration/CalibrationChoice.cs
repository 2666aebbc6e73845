using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Calibration;

/// <summary>A way of calibration chosen by cross-validation over predictions that the model had not learned from.</summary>
/// <param name="Method">The chosen one.</param>
/// <param name="Calibrator">It, fitted on all the predictions; <c>null</c> where probabilities stay as they are.</param>
/// <param name="Trials">Every way tried, <see cref="CalibrationMethod.None"/> first.</param>
/// <param name="CrossFitted">The predictions given, each calibrated by a curve that did not see it.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record CalibrationChoice(CalibrationMethod Method, Calibrator? Calibrator, IReadOnlyList<CalibrationTrial> Trials, Predictions CrossFitted, string Reason)
{
    /// <summary>From this many probabilities on, curves for each class would take too long.</summary>
    private const long MostCells = 4_000_000;

    private const int FewestRows = 50;

    /// <summary>What steps may take from a metric of order.</summary>
    private const double Noticeable = 0.002;

    /// <summary>
    /// Chooses. A way must beat the uncalibrated log loss by more than one standard error of the difference and must not have
    /// a larger calibration error; of those that do, the least log loss wins. Isotonic steps make rows equal that the model told apart:
    /// where models are ranked by the order of rows, it must beat the next best by two standard errors and leave that metric as it is, to 0.002.
    /// </summary>
    /// <param name="y">Binary or multiclass answers.</param>
    /// <param name="p">Probabilities of the same rows, out of fold.</param>
    /// <param name="folds">The fold of each row.</param>
    /// <param name="headline">The metric that models are ranked by.</param>
    /// <param name="among">The ways allowed besides none; <c>null</c> for all.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static CalibrationChoice Of(Target y, Predictions p, int[] folds, Metric headline, IReadOnlyList<CalibrationMethod>? among = null, CancellationToken cancellation = default)
    {
        if (y.Count < FewestRows || folds.Distinct().Count() < 2)
        {
            return new CalibrationChoice(CalibrationMethod.None, null, [], p, $"left as they are: {y.Count.ToString(CultureInfo.InvariantCulture)} rows are too few to learn a curve from");
        }

        var methods = (among ?? [CalibrationMethod.Platt, CalibrationMethod.Isotonic, CalibrationMethod.Temperature, CalibrationMethod.Beta])
            .Where(method => method != CalibrationMethod.None && (method == CalibrationMethod.Temperature || y.Task == TaskKind.Binary || p.Values.LongLength <= MostCells)).Distinct().ToArray();
        var none = Tried(CalibrationMethod.None, y, p, RowValues.LogLoss(y, p), folds);
        var tried = new List<Trial> { none };
        foreach (var method in methods)
        {
            cancellation.ThrowIfCancellationRequested();
            tried.Add(Tried(method, y, CrossFit(method, y, p, folds), none.Losses, folds));
        }

        var chosen = Choose(tried, y, folds, headline, out var reason);
        return new CalibrationChoice(chosen.Figures.Method, chosen == none ? null : Calibrator.Fit(chosen.Figures.Method, y, p), [.. tried.Select(trial => trial.Figures)], chosen.Predictions, reason);
    }

    private static Trial Choose(List<Trial> tried, Target y, int[] folds, Metric headline, out string reason)
    {
        var none = tried[0];
        var better = tried.Skip(1).Where(trial => trial.Figures.Gain > trial.Figures.StandardError && trial.Figures.CalibrationError <= none.Figures.CalibrationError)
            .OrderBy(trial => trial.Figures.LogLoss).ToList();
        if (better.Count == 0)
        {
            reason = "left as they are: no way of calibration is better by more than chance";
            return none;
        }

        var best = better[0];
        var ranking = headline is RankingMetric or PairwiseAreaMetric;
        if (best.Figures.Method == CalibrationMethod.Isotonic && ranking)
        {
            var next = better.Count > 1 ? better[1] : none;
            var (gain, error) = Difference(next.Losses, best.Losses, folds);
            if (gain <= 2 * error || headline.Compute(y, best.Predictions) < headline.Compute(y, none.Predictions) - Noticeable)
            {
                reason = $"{(next == none ? "left as they are" : Name(next.Figures.Method))}: isotonic steps would make rows equal that {headline.Title} tells apart, and are not clearly better without that";
                return next;
            }
        }

        reason = string.Create(CultureInfo.InvariantCulture, $"{Name(best.Figures.Method)}: lowers the log loss of predictions out of fold by {best.Figures.Gain:0.####} (standard error {best.Figures.StandardError:0.####})");
        return best;
    }

    private static string Name(CalibrationMethod method) => method switch
    {
        CalibrationMethod.Temperature => "temperature scaling",
        CalibrationMethod.Platt => "Platt scaling",
        CalibrationMethod.Beta => "beta calibration",
        _ => "isotonic regression",
    };

    private static Predictions CrossFit(CalibrationMethod method, Target y, Predictions p, int[] folds)
    {
        var values = new double[p.Values.Length];
        foreach (var fold in folds.Distinct())
        {
            int[] inside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold)];
            int[] outside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold)];
            var mapped = Calibrator.Fit(method, y.Take(outside), p.Take(outside)).Apply(p.Take(inside));
            for (var i = 0; i < inside.Length; i++)
            {
                mapped.Row(i).CopyTo(values.AsSpan(inside[i] * p.Width));
            }
        }

        return new Predictions(p.Task, p.Width, values, p.Rule);
    }

    private static Trial Tried(CalibrationMethod method, Target y, Predictions p, double[] before, int[] folds)
    {
        var losses = RowValues.LogLoss(y, p);
        var (gain, error) = Difference(before, losses, folds);
        return new Trial(new CalibrationTrial(method, losses.Average(), gain, error, Metrics.Find("ece").Compute(y, p), Metrics.Find("brier").Compute(y, p)), p, losses);
    }

    /// <summary>The mean gain of a row; its standard error over rows or over folds, whichever is larger: models of different folds err alike within a fold.</summary>
    private static (double Gain, double StandardError) Difference(double[] before, double[] after, int[] folds)
    {
        var gains = before.Zip(after, (a, b) => a - b).ToArray();
        double[] ofFolds = [.. gains.Zip(folds).GroupBy(pair => pair.Second).Select(fold => fold.Average(pair => pair.First))];
        return (gains.Average(), Math.Max(ErrorOfMean(gains), ErrorOfMean(ofFolds)));
    }

    private static double ErrorOfMean(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }

    private sealed record Trial(CalibrationTrial Figures, Predictions Predictions, double[] Losses);
}

/// <summary>One way of calibration on predictions out of fold, each calibrated by a curve that did not see it.</summary>
/// <param name="Method">Which.</param>
/// <param name="LogLoss">Mean negative log of the true class's probability.</param>
/// <param name="Gain">How much lower that is than uncalibrated.</param>
/// <param name="StandardError">Standard error of the gain.</param>
/// <param name="CalibrationError">Expected calibration error, in [0, 1].</param>
/// <param name="Brier">Brier score.</param>
public sealed record CalibrationTrial(CalibrationMethod Method, double LogLoss, double Gain, double StandardError, double CalibrationError, double Brier);
