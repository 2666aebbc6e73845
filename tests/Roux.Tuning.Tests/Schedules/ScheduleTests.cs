using Roux.Tuning.Benchmarks;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Schedules;

public sealed class ScheduleTests
{
    private static readonly SearchSpace Line = new(new FloatParameter("x", 0, 1));

    [Fact]
    public void Rungs_go_down_from_the_whole_resource()
    {
        new AshaSchedule(1, 27).Rungs.ShouldBe([1, 3, 9, 27]);
        new AshaSchedule(1, 100).Rungs.ShouldBe([1, 3, 11, 33, 100]);
        new AshaSchedule(5, 40, 2).Rungs.ShouldBe([5, 10, 20, 40]);
        new AshaSchedule(3, 3).Rungs.ShouldBe([3]);
        Should.Throw<ArgumentOutOfRangeException>(() => new AshaSchedule(4, 3));
        Should.Throw<ArgumentException>(() => Schedule.Of("ashe", 1, 3)).Message.ShouldContain("asha");
        Schedule.Of("none", 1, 3).ShouldBeNull();
    }

    [Fact]
    public void Brackets_of_hyperband_are_those_of_the_paper()
    {
        // ceil((s_max + 1) / (s + 1) η^s) for s = 4, 3, 2, 1, 0: Li et al. 2018, algorithm 1 with R = 81 and η = 3.
        var schedule = new HyperbandSchedule(1, 81);
        schedule.Sizes.ShouldBe([81, 34, 15, 8, 5]);
        int[] first = [0, 80, 81, 114, 115, 129, 130, 137, 138, 142, 143];
        first.Select(schedule.First).ShouldBe([1, 1, 3, 3, 9, 9, 27, 27, 81, 81, 1]);
    }

    [Fact]
    public void Asha_promotes_the_best_third_of_the_highest_rung_first()
    {
        var study = Study(new AshaSchedule(1, 9));
        double[] values = [0.5, 0.3, 0.9];
        for (var i = 0; i < 3; i++)
        {
            study.Ask().Number.ShouldBe(i);
            study.Advise(i, 0, values[i]).ShouldBe(Advice.Pause);
            study.Pause(i).State.ShouldBe(TrialState.Paused);
        }

        var promoted = study.Ask();
        (promoted.Number, promoted.Resource, promoted.Reports.Count).ShouldBe((1, 3, 1));
        study.Ask().Number.ShouldBe(3); // one of three goes on; trial 1 is already on its way
        study.Advise(1, 1, 0.2).ShouldBe(Advice.GoOn);
        study.Advise(1, 2, 0.2).ShouldBe(Advice.Pause);
        study.Pause(1, "model.bin").Checkpoint.ShouldBe("model.bin");
        study.Tell(3, 0.1).State.ShouldBe(TrialState.Paused); // a value told below the last rung is a report and a pause
        study.Trials[3].Reports.ShouldBe([(0, 0.1)]);
        var second = study.Ask();
        (second.Number, second.Resource).ShouldBe((3, 3));   // of four at the first rung the best is 3
        study.Ask().Number.ShouldBe(4);
        study.Tell(4, 0.8);
        study.Resume().ShouldBeNull();                       // of five still one, and one at the second rung is too few
        study.Best.ShouldBeNull();
    }

    [Fact]
    public void A_trial_is_complete_at_the_last_rung_only()
    {
        var study = Study(new AshaSchedule(1, 3));
        for (var i = 0; i < 3; i++)
        {
            study.Tell(study.Ask().Number, 0.1 * i);
        }

        var last = study.Ask();
        (last.Number, last.Resource).ShouldBe((0, 3));
        study.Advise(0, 2, 0.05).ShouldBe(Advice.GoOn);
        study.Tell(0, 0.05).State.ShouldBe(TrialState.Complete);
        study.Best!.Number.ShouldBe(0);
        study.Steps.ShouldBe(5);
        Should.Throw<ArgumentException>(() => study.Pause(study.Ask().Number)).Message.ShouldContain("reported no value");
        Should.Throw<InvalidOperationException>(() => { var plain = new Study(Line); plain.Pause(plain.Ask().Number); });
    }

    [Fact]
    public void Halving_waits_for_a_whole_rung_and_works_on_the_next_bracket_meanwhile()
    {
        var study = Study(new HyperbandSchedule(1, 9, halvingOnly: true));
        for (var i = 0; i < 9; i++)
        {
            study.Ask().Resource.ShouldBe(1);
        }

        for (var i = 0; i < 8; i++)
        {
            study.Tell(i, i);
        }

        study.Ask().Number.ShouldBe(9);
        study.Fail(8);
        int[] next = [study.Ask().Number, study.Ask().Number, study.Ask().Number, study.Ask().Number];
        next.ShouldBe([0, 1, 2, 10]);
        study.Tell(2, 0.5);
        study.Tell(0, 0.7);
        study.Fail(1);
        var instead = study.Ask(); // one that failed on its way leaves its place to the next best
        (instead.Number, instead.Resource).ShouldBe((3, 3));
        study.Tell(3, 2);
        var last = study.Ask();
        (last.Number, last.Resource).ShouldBe((2, 9));
    }

    [Fact]
    public void A_study_taken_up_after_a_crash_goes_on_as_it_would_have()
    {
        var study = Study(new AshaSchedule(1, 27), "tpe");
        for (var i = 0; i < 60; i++)
        {
            Turn(study);
        }

        var lost = study.Ask();
        var again = Study(new AshaSchedule(1, 27), "tpe");
        again.Restore(study.Trials);
        var first = again.Ask();
        (first.Number, first.Resource).ShouldBe((lost.Number, lost.Resource));
        study.Lose(lost.Number).State.ShouldBe(TrialState.Paused);
        study.Ask().Number.ShouldBe(lost.Number);
        Finish(study, lost);
        Finish(again, first);
        for (var i = 0; i < 40; i++)
        {
            Turn(again).ShouldBe(Turn(study));
        }
    }

    [Theory]
    [InlineData("asha", "random")]
    [InlineData("hyperband", "random")]
    [InlineData("bohb", "tpe")]
    [InlineData("mobster", "gp")]
    public void Eight_workers_are_busy_and_the_best_is_found_with_a_fraction_of_the_resource(string schedule, string sampler)
    {
        var workers = new SimulatedWorkers(Study(Schedule.Of(schedule, 1, 27)!, sampler), 8).Run(900, 27, Curve, configuration => 1 + configuration.Float("x", 0));
        workers.Busy.ShouldBeGreaterThan(0.95);
        workers.Trace[^1].Best.ShouldBeLessThan(0.12); // 33 whole trainings would do; chance alone has a mean of 0.1 + 0.015
        var again = new SimulatedWorkers(Study(Schedule.Of(schedule, 1, 27)!, sampler), 8).Run(900, 27, Curve, configuration => 1 + configuration.Float("x", 0));
        again.Trace.ShouldBe(workers.Trace);
    }

    [Fact]
    public async Task The_runner_hands_a_paused_trial_its_checkpoint()
    {
        var study = Study(new AshaSchedule(1, 9));
        var trained = 0;
        var end = await StudyRunner.RunAsync(study, trial =>
        {
            var state = (int[]?)trial.Checkpoint ?? [0];
            state[0].ShouldBe((int)trial.Done);
            for (trial.Checkpoint = state; state[0] < trial.Resource;)
            {
                Interlocked.Increment(ref trained);
                trial.Report(state[0]++, Curve(trial.Configuration)[state[0] - 1]);
            }

            return Task.FromResult<IReadOnlyList<double>>([Curve(trial.Configuration)[8]]);
        }, new RunOptions { Trials = 30, Parallel = 4 }, TimeProvider.System, CancellationToken.None);
        end.ShouldBe(RunEnd.Trials);
        study.Trials.Count.ShouldBe(30);
        study.Trials.ShouldAllBe(trial => trial.State == TrialState.Paused || trial.State == TrialState.Complete);
        study.Trials.Count(trial => trial.State == TrialState.Complete).ShouldBeInRange(2, 5);
        trained.ShouldBe((int)study.Steps); // nothing is trained twice
        study.Resume().ShouldBeNull();
    }

    [Fact]
    public async Task A_budget_of_steps_ends_a_study()
    {
        var study = Study(new AshaSchedule(1, 9));
        await StudyRunner.RunAsync(study, trial => Task.FromResult<IReadOnlyList<double>>([Curve(trial.Configuration)[(int)trial.Resource! - 1]]), new RunOptions { Steps = 100 }, TimeProvider.System, CancellationToken.None);
        study.Steps.ShouldBeInRange(100, 106);
    }

    [Fact]
    public void Values_of_lower_rungs_are_lifted_as_trials_moved()
    {
        List<Reading> readings = [new(0, [0.1], 0, 1.0), new(1, [0.2], 0, 2.0), new(2, [0.3], 0, 3.0), new(0, [0.1], 0.5, 0.6), new(1, [0.2], 0.5, 1.8), new(0, [0.1], 1, 0.5)];
        RungSearch.Lifted(readings).Select(reading => reading.Value).ShouldBe([0.7, 1.7, 2.7, 0.5, 1.7, 0.5], 1e-12);
    }

    private static Study Study(Schedule schedule, string sampler = "random") => new(Line, new StudyOptions { Sampler = Sampler.Of(sampler), Schedule = schedule, Seed = 3 });

    /// <summary>Falls towards 0.1 + (x - 0.7)², the faster the larger x.</summary>
    private static double[] Curve(Configuration configuration)
    {
        var x = configuration.Float("x", 0);
        return [.. Enumerable.Range(1, 27).Select(step => 0.1 + (x - 0.7) * (x - 0.7) + Math.Exp(-step * (0.2 + x)))];
    }

    private static (int, long?, double) Turn(Study study)
    {
        var trial = study.Ask();
        Finish(study, trial);
        return (trial.Number, trial.Resource, trial.Configuration.Float("x", 0));
    }

    private static void Finish(Study study, Trial trial) => study.Tell(trial.Number, Curve(trial.Configuration)[(int)trial.Resource! - 1]);
}
