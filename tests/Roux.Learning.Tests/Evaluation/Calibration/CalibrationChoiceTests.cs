using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Calibration;

public sealed class CalibrationChoiceTests
{
    [Fact]
    public void Probabilities_that_are_right_are_left_alone()
    {
        var kept = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var (y, p) = SimulatedProbabilities.Binary(1_000, 1, 0, seed);
            var choice = CalibrationChoice.Of(y, p, SimulatedProbabilities.Folds(1_000), Metrics.Find("log_loss"));
            kept += choice.Method == CalibrationMethod.None ? 1 : 0;
            choice.Trials.Single(trial => trial.Method == CalibrationMethod.Temperature).Gain.ShouldBe(0, 0.008);
        }

        kept.ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void Overconfidence_is_mended_and_the_reason_given()
    {
        var (y, p) = SimulatedProbabilities.Multiclass(2_000, 3, 1);
        var choice = CalibrationChoice.Of(y, p, SimulatedProbabilities.Folds(2_000), Metrics.Find("macro_f1"));
        choice.Method.ShouldBe(CalibrationMethod.Temperature); // the one that fits the distortion with the fewest numbers
        choice.Calibrator.ShouldNotBeNull();
        choice.Trials.Count.ShouldBe(5);
        choice.Reason.ShouldContain("temperature scaling");
        Metrics.Find("ece").Compute(y, choice.CrossFitted).ShouldBeLessThan(Metrics.Find("ece").Compute(y, p));
    }

    [Fact]
    public void Steps_are_not_taken_where_order_counts_unless_clearly_better()
    {
        // A kink that no smooth curve follows exactly, but only just.
        var (y, p) = SimulatedProbabilities.Binary(3_000, 1, 0, 8);
        var bent = new Predictions(TaskKind.Binary, 2, [.. Enumerable.Range(0, 3_000).SelectMany(row => Bend(p.Values[2 * row + 1]))]);
        var folds = SimulatedProbabilities.Folds(3_000);
        var ranked = CalibrationChoice.Of(y, bent, folds, Metrics.Find("roc_auc"), [CalibrationMethod.Isotonic, CalibrationMethod.Beta]);
        var area = Metrics.Find("roc_auc");
        area.Compute(y, ranked.CrossFitted).ShouldBe(area.Compute(y, bent), 0.01);
        ranked.Trials.Single(trial => trial.Method == ranked.Method).LogLoss.ShouldBeLessThanOrEqualTo(ranked.Trials[0].LogLoss);

        static double[] Bend(double p) => (p < 0.5 ? p * 0.6 : 0.3 + (p - 0.5) * 1.4) is var q ? [1 - q, q] : [];
    }

    [Fact]
    public void Too_few_rows_or_one_fold_teach_nothing()
    {
        var (y, p) = SimulatedProbabilities.Binary(40, 3, 0, 1);
        CalibrationChoice.Of(y, p, SimulatedProbabilities.Folds(40), Metrics.Find("roc_auc")).Method.ShouldBe(CalibrationMethod.None);
        var (z, q) = SimulatedProbabilities.Binary(400, 3, 0, 1);
        CalibrationChoice.Of(z, q, new int[400], Metrics.Find("roc_auc")).Calibrator.ShouldBeNull();
    }
}
