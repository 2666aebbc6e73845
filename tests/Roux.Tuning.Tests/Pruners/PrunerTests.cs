using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Pruners;

public sealed class PrunerTests
{
    private static readonly SearchSpace Line = new(new FloatParameter("x", 0, 1));

    [Fact]
    public void The_median_rule_ends_what_is_worse_than_the_middle_of_the_others()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler(), Pruner = Pruner.Of("median"), Directions = [Direction.Maximize] });
        foreach (var level in (double[])[0.1, 0.2, 0.3, 0.4, 0.5])
        {
            var trial = study.Ask();
            study.Report(trial.Number, 0, level).ShouldBeFalse();
            study.Report(trial.Number, 1, level + 0.2).ShouldBeFalse();
            study.Tell(trial.Number, level + 0.2);
        }

        var good = study.Ask();
        study.Report(good.Number, 0, 0.3).ShouldBeFalse();
        var bad = study.Ask();
        study.Report(bad.Number, 0, 0.29).ShouldBeTrue();
        study.Prune(bad.Number).Value.ShouldBe(0.29);
        study.Report(good.Number, 1, double.NaN).ShouldBeTrue();
    }

    [Fact]
    public void Successive_halving_keeps_a_third_at_each_rung()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler(), Pruner = new SuccessiveHalvingPruner(1, 3) });
        var kept = 0;
        for (var i = 0; i < 300; i++)
        {
            var trial = study.Ask();
            kept += study.Report(trial.Number, 0, trial.Configuration.Float("x", 0)) ? 0 : 1;
        }

        kept.ShouldBeInRange(90, 130); // early ones are judged among few
        var first = new Study(Line, new StudyOptions { Pruner = new SuccessiveHalvingPruner(4, 2) });
        first.Ask();
        first.Ask();
        first.Report(0, 3, 0.1).ShouldBeFalse();
        first.Report(1, 0, 0.9).ShouldBeFalse(); // the first rung is at step 3
        first.Report(1, 2, 0.9).ShouldBeFalse();
        first.Report(1, 3, 0.9).ShouldBeTrue();
    }

    [Fact]
    public void Hyperband_has_brackets_that_do_not_prune_early()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler(), Pruner = new HyperbandPruner(1, 3, 27) });
        var survivors = 0;
        for (var i = 0; i < 400; i++)
        {
            var trial = study.Ask();
            survivors += study.Report(trial.Number, 0, -i) ? 0 : 1; // ever better: nobody is pruned at a rung
            study.Fail(trial.Number);
        }

        survivors.ShouldBe(400);
        var worse = Enumerable.Range(0, 400).Count(_ =>
        {
            var trial = study.Ask();
            return !study.Report(trial.Number, 0, 1);
        });
        worse.ShouldBeInRange(60, 260); // only those of the bracket that begins at the first rung end there
    }

    [Fact]
    public void Patience_and_threshold_judge_a_trial_alone()
    {
        var study = new Study(Line, new StudyOptions { Pruner = new PatiencePruner(3) });
        study.Ask();
        double[] losses = [1, 0.8, 0.7, 0.7, 0.71];
        for (var i = 0; i < losses.Length; i++)
        {
            study.Report(0, i, losses[i]).ShouldBeFalse();
        }

        study.Report(0, 5, 0.7).ShouldBeTrue();
        var bounded = new Study(Line, new StudyOptions { Pruner = new ThresholdPruner(Direction.Minimize, upper: 10) });
        bounded.Ask();
        bounded.Report(0, 0, 9).ShouldBeFalse();
        bounded.Report(0, 1, 11).ShouldBeTrue();
    }

    [Fact]
    public void The_signed_rank_test_is_exact_for_few_folds()
    {
        WilcoxonPruner.PValue([1, 2, 3, 4, 5]).ShouldBe(1.0 / 32, 1e-12);
        WilcoxonPruner.PValue([-1, 2, 3, 4, 5]).ShouldBe(2.0 / 32, 1e-12);
        WilcoxonPruner.PValue([1, -2, 3, 4, 5]).ShouldBe(3.0 / 32, 1e-12);
        var study = new Study(Line, new StudyOptions { Pruner = new WilcoxonPruner(0.1) });
        study.Ask();
        study.Ask();
        for (var fold = 0; fold < 5; fold++)
        {
            study.Report(0, fold, 0.1 + 0.01 * fold);
        }

        study.Tell(0, 0.12);
        bool[] ends = [.. Enumerable.Range(0, 5).Select(fold => study.Report(1, fold, 0.2 + 0.03 * fold))];
        ends.ShouldBe([false, false, false, true, true]); // 1/16 < 0.1 at the fourth fold
    }

    [Fact]
    public void A_race_over_folds_ends_for_who_is_behind_on_each()
    {
        var study = new Study(new SearchSpace(new FloatParameter("x", 0, 1)), new StudyOptions { Directions = [Direction.Maximize], Pruner = Pruner.Of("race"), Sampler = new RandomSampler() });
        double[][] folds = [[0.8, 0.82, 0.78, 0.8], [0.5, 0.5], [0.79, 0.81, 0.79, 0.79], [0.2, 0.9, 0.2, 0.2]];
        bool[] pruned = [false, true, false, false];
        for (var i = 0; i < folds.Length; i++)
        {
            study.Ask();
            var hopeless = false;
            for (var fold = 0; fold < folds[i].Length && !hopeless; fold++)
            {
                hopeless = study.Report(i, fold, folds[i][fold]);
            }

            hopeless.ShouldBe(pruned[i], $"trial {i}");
            _ = hopeless ? study.Prune(i) : study.Tell(i, folds[i].Average());
        }
    }
}
