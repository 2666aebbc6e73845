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
}
