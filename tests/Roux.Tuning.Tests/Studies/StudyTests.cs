using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Studies;

public sealed class StudyTests
{
    private static readonly SearchSpace Line = new(new FloatParameter("x", 0, 1));

    [Fact]
    public void Wrong_calls_are_told_and_harm_nothing()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler() });
        Should.Throw<ArgumentException>(() => study.Tell(0, 1)).Message.ShouldContain("no such trial");
        var trial = study.Ask();
        Should.Throw<ArgumentException>(() => study.Tell(trial.Number, double.NaN)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => study.Tell(trial.Number, [1, 2])).Message.ShouldContain("2 values for 1 objectives");
        Should.Throw<ArgumentException>(() => study.Report(trial.Number, -1, 1)).Message.ShouldContain("step");
        study.Tell(trial.Number, 1);
        Should.Throw<ArgumentException>(() => study.Tell(trial.Number, 2)).Message.ShouldContain("told before");
        Should.Throw<ArgumentException>(() => study.Fail(trial.Number)).Message.ShouldContain("told before");
        Should.Throw<ArgumentException>(() => study.Enqueue(Configuration.Of(("x", 2.0)))).Message.ShouldContain("[0, 1]");
        Should.Throw<ArgumentException>(() => study.Enqueue(Configuration.Of(("y", 0.5)))).Message.ShouldContain("'x' is missing");
        study.Best!.Value.ShouldBe(1);
        study.Trials.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_enqueued_comes_first_and_failures_and_constraints_do_not_win()
    {
        var study = new Study(Line, new StudyOptions { Directions = [Direction.Maximize], Allowed = c => c.Float("x", 0) < 0.5 });
        study.Enqueue(Configuration.Of(("x", 0.125)));
        study.Ask().Configuration.Float("x", 0).ShouldBe(0.125);
        study.Tell(0, 5);
        study.Ask();
        study.Fail(1, "out of memory");
        study.Ask();
        study.Tell(2, [9], [0.1]);
        for (var i = 3; i < 30; i++)
        {
            study.Ask().Configuration.Float("x", 1).ShouldBeLessThan(0.5);
            study.Tell(i, 1);
        }

        study.Best!.Number.ShouldBe(0);
        study.Trials[1].Error.ShouldBe("out of memory");
        var closed = new Study(Line, new StudyOptions { Allowed = _ => false });
        Should.Throw<InvalidOperationException>(() => closed.Ask()).Message.ShouldContain("constraint");
    }

    [Fact]
    public void Sixty_four_threads_lose_and_double_nothing()
    {
        var study = new Study(new SearchSpace(new FloatParameter("x", 0, 1), new FloatParameter("y", 0, 1)), new StudyOptions { Sampler = Sampler.Of("tpe"), Pruner = Pruner.Of("asha") });
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var trial = study.Ask();
                if (study.Report(trial.Number, 0, trial.Configuration.Float("x", 0)))
                {
                    study.Prune(trial.Number);
                }
                else
                {
                    study.Tell(trial.Number, trial.Configuration.Float("x", 0));
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        study.Trials.Select(trial => trial.Number).ShouldBe(Enumerable.Range(0, 64 * 20));
        study.Trials.ShouldAllBe(trial => trial.State == TrialState.Complete || trial.State == TrialState.Pruned);
        study.Trials.ShouldAllBe(trial => trial.Value == trial.Configuration.Float("x", -1));
    }

    [Fact]
    public void Snapshots_do_not_change_and_reports_may_come_in_any_order()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler() });
        var trial = study.Ask();
        study.Report(trial.Number, 2, 0.5);
        var early = study.Trials[0];
        study.Report(trial.Number, 0, 0.75);
        study.Report(trial.Number, 2, 0.25);
        early.Reports.ShouldBe([(2, 0.5)]);
        study.Trials[0].Reports.ShouldBe([(2, 0.5), (0, 0.75), (2, 0.25)]);
        var curve = Curve.Of(study.Trials[0], Direction.Minimize);
        curve.Steps.ShouldBe([0, 2]);
        curve.BestUpTo(1).ShouldBe(0.75);
        curve.BestUpTo(9).ShouldBe(0.25);
        curve.At(1).ShouldBeNull();
        curve.BestUpTo(-1).ShouldBeNull();
    }

    [Fact]
    public void A_lost_trial_is_given_out_again_and_is_none_of_those_that_were_wanted()
    {
        var study = new Study(Line, new StudyOptions { Sampler = new RandomSampler() });
        var lost = study.Ask();
        study.Adopt(Configuration.Of(("x", 0.25)));
        study.Lose(lost.Number).IsLost.ShouldBeTrue();
        study.Ask().Configuration.ShouldBe(lost.Configuration);
        study.Wanted.ShouldBe(2);
        study.Tell(1, 3);
        study.Best!.Configuration.Float("x", 0).ShouldBe(0.25);
        var again = new Study(Line);
        again.Restore(study.Trials);
        again.Wanted.ShouldBe(1);
        again.Ask().Configuration.ShouldBe(lost.Configuration);
        again.Best!.Value.ShouldBe(3);
    }

    [Fact]
    public void The_regret_bound_shrinks_as_a_study_learns()
    {
        var study = new Study(Line, new StudyOptions { Seed = 3 });
        double? early = null;
        for (var i = 0; i < 45; i++)
        {
            var trial = study.Ask();
            study.Tell(trial.Number, Math.Pow(trial.Configuration.Float("x", 0) - 0.3, 2));
            if (i == 10)
            {
                study.Regret().ShouldBeNull();
            }

            early = i == 20 ? study.Regret() : early;
        }

        study.Regret()!.Value.ShouldBeInRange(0, 0.05);
        early!.Value.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void A_study_of_ten_thousand_trials_is_taken_up_again_and_goes_on()
    {
        var space = new SearchSpace(new FloatParameter("x", 0, 1), new FloatParameter("y", 0, 1));
        Trial[] earlier = [.. Enumerable.Range(0, 10_000).Select(i => new Trial
        {
            Number = i, Configuration = Configuration.Of(("x", i / 10_000.0), ("y", i % 7 / 7.0)), State = i % 2 == 0 ? TrialState.Complete : TrialState.Pruned, Values = [i % 100],
            Reports = [(0, i % 90), (1, i % 100)],
        })];
        var study = new Study(space, new StudyOptions { Sampler = new RandomSampler(), Pruner = Pruner.Of("median") });
        study.Restore(earlier);
        study.Best!.Number.ShouldBe(0);
        study.Trials.Count.ShouldBe(10_000);
        study.Ask().Number.ShouldBe(10_000);
        for (var step = 0; step < 2_000; step++)
        {
            study.Report(10_000, step, -1).ShouldBeFalse();
        }

        study.Tell(10_000, -1);
        study.Best!.Number.ShouldBe(10_000);
    }

    [Theory]
    [InlineData(ImportanceMethod.Variance)]
    [InlineData(ImportanceMethod.Best)]
    public void What_matters_is_found_important(ImportanceMethod method)
    {
        var space = new SearchSpace(new FloatParameter("idle", 0, 1), new FloatParameter("strong", 0, 1), new CategoricalParameter("weak", ["a", "b", "c"]));
        var study = new Study(space, new StudyOptions { Sampler = new RandomSampler() });
        study.Importance(0, method).ShouldBeEmpty();
        for (var i = 0; i < 200; i++)
        {
            var c = study.Ask().Configuration;
            study.Tell(i, Math.Pow(c.Float("strong", 0) - 0.8, 2) + (c.Choice("weak", "") == "a" ? 0 : 0.004));
        }

        var importance = study.Importance(0, method);
        importance[0].Parameter.ShouldBe("strong");
        importance.Single(pair => pair.Parameter == "idle").Importance.ShouldBeLessThan(0.15);
        importance[0].Importance.ShouldBeGreaterThan(0.4);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    [Trait("Speed", "slow")]
    public void Sixty_four_threads_for_seconds_lose_and_double_nothing(string sampler)
    {
        var study = new Study(new SearchSpace(new FloatParameter("x", 0, 1), new IntParameter("n", 1, 1000)), new StudyOptions { Sampler = Sampler.Of(sampler) });
        var (end, told) = (DateTime.UtcNow.AddSeconds(3), new System.Collections.Concurrent.ConcurrentDictionary<int, double>());
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(_ => new Thread(() =>
        {
            while (DateTime.UtcNow < end)
            {
                var trial = study.Ask();
                study.Report(trial.Number, 0, trial.Number);
                study.Tell(trial.Number, trial.Number);
                told.TryAdd(trial.Number, trial.Number).ShouldBeTrue();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        study.Trials.Select(trial => trial.Number).ShouldBe(Enumerable.Range(0, told.Count));
        study.Trials.ShouldAllBe(trial => trial.State == TrialState.Complete && trial.Value == trial.Number && trial.Reports.Count == 1);
    }
}
