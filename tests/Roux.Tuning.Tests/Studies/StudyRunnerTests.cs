using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Studies;

public sealed class StudyRunnerTests
{
    private static readonly SearchSpace Line = new(new FloatParameter("x", 0, 1), new FloatParameter("idle", 0, 1));

    private static Study Random(Pruner? pruner = null) => new(Line, new StudyOptions { Sampler = new RandomSampler(), Pruner = pruner ?? Pruner.None });

    private static Task<IReadOnlyList<double>> Value(double value) => Task.FromResult<IReadOnlyList<double>>([value]);

    [Fact]
    public async Task Trials_fail_alone_and_are_tried_again()
    {
        var study = Random();
        var end = await StudyRunner.RunAsync(study, trial => trial.Configuration.Float("x", 0) < 0.5 ? throw new InvalidOperationException("no") : Value(1),
            new RunOptions { Trials = 40, Parallel = 4, Retries = 1 }, TimeProvider.System, TestContext.Current.CancellationToken);
        end.ShouldBe(RunEnd.Trials);
        study.Trials.Count.ShouldBe(40);
        var failed = study.Trials.Where(trial => trial.State == TrialState.Failed).ToList();
        failed.ShouldAllBe(trial => trial.Error == "no");
        failed.GroupBy(trial => trial.Configuration).Count(group => group.Count() == 2).ShouldBeGreaterThan(3);
        failed.GroupBy(trial => trial.Configuration).ShouldAllBe(group => group.Count() <= 2);
    }

    [Fact]
    public async Task Target_patience_pruning_timeouts_and_cancellation_end_what_they_should()
    {
        var ct = TestContext.Current.CancellationToken;
        var study = Random();
        (await StudyRunner.RunAsync(study, trial => Value(trial.Number == 7 ? 0 : 1), new RunOptions { Target = 0.5 }, TimeProvider.System, ct)).ShouldBe(RunEnd.Target);
        study.Trials.Count.ShouldBe(8);

        study = Random();
        (await StudyRunner.RunAsync(study, _ => Value(1), new RunOptions { Patience = 5 }, TimeProvider.System, ct)).ShouldBe(RunEnd.Patience);
        study.Trials.Count.ShouldBe(6);

        study = Random(new ThresholdPruner(Direction.Minimize, upper: 0.5));
        await StudyRunner.RunAsync(study, trial =>
        {
            trial.Report(0, trial.Configuration.Float("x", 0));
            return Value(trial.Configuration.Float("x", 0));
        }, new RunOptions { Trials = 30 }, TimeProvider.System, ct);
        study.Trials.ShouldAllBe(trial => (trial.State == TrialState.Pruned) == trial.Value > 0.5);

        study = Random();
        await StudyRunner.RunAsync(study, async trial =>
        {
            await Task.Delay(TimeSpan.FromMinutes(5), trial.Cancellation);
            return [0];
        }, new RunOptions { Trials = 2, TrialTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System, ct);
        study.Trials.ShouldAllBe(trial => trial.State == TrialState.Failed && trial.Error!.StartsWith("took longer than"));

        study = Random();
        using var stop = new CancellationTokenSource();
        (await StudyRunner.RunAsync(study, async trial =>
        {
            await stop.CancelAsync();
            await Task.Delay(TimeSpan.FromMinutes(5), trial.Cancellation);
            return [0];
        }, new RunOptions { Parallel = 3 }, TimeProvider.System, stop.Token)).ShouldBe(RunEnd.Cancelled);
        study.Trials.ShouldAllBe(trial => trial.State == TrialState.Failed);
    }

    [Fact]
    public void A_study_goes_on_where_an_earlier_process_left_it()
    {
        static double Objective(Configuration c) => Math.Pow(c.Float("x", 0) - 0.3, 2);
        Study New() => new(Line, new StudyOptions { Seed = 5 });
        var whole = New();
        for (var i = 0; i < 20; i++)
        {
            whole.Tell(whole.Ask().Number, Objective(whole.Trials[i].Configuration));
        }

        var resumed = New();
        resumed.Restore(whole.Trials.Take(12).Append(whole.Trials[12] with { State = TrialState.Running, Values = [] }));
        resumed.Trials[12].State.ShouldBe(TrialState.Failed);
        resumed.Ask().Configuration.ShouldBe(whole.Trials[12].Configuration);
        resumed.Best!.Number.ShouldBe(whole.Trials.Take(12).MinBy(trial => trial.Value)!.Number);
        Should.Throw<InvalidOperationException>(() => resumed.Restore([]));
        Should.Throw<ArgumentException>(() => New().Restore([whole.Trials[3]])).Message.ShouldContain("no gaps");

        var warm = New();
        warm.WarmStart(whole.Trials.Select(trial => (trial.Configuration.With(Configuration.Of(("other", 3))), trial.Values)));
        Objective(warm.Ask().Configuration).ShouldBeLessThan(0.01);
        warm.Best.ShouldBeNull();
    }

    [Fact]
    public void Ten_thousand_trials_are_restored_and_the_next_is_asked_for_at_once()
    {
        var study = Random();
        for (var i = 0; i < 10_000; i++)
        {
            study.Tell(study.Ask().Number, study.Trials.Count % 97);
        }

        var resumed = new Study(Line, new StudyOptions());
        resumed.Restore(study.Trials);
        resumed.Ask().Number.ShouldBe(10_000);
    }

    [Fact]
    public void Importance_is_that_of_the_variance_explained()
    {
        // y = 4 u + 2 v: variances 16/12 and 4/12, so 0.8 and 0.2; w has none.
        var study = new Study(new SearchSpace(new FloatParameter("u", 0, 1), new FloatParameter("v", 0, 1), new CategoricalParameter("w", ["a", "b"])), new StudyOptions { Sampler = new SobolSampler() });
        for (var i = 0; i < 400; i++)
        {
            var trial = study.Ask();
            study.Tell(trial.Number, 4 * trial.Configuration.Float("u", 0) + 2 * trial.Configuration.Float("v", 0));
        }

        var importance = study.Importance().ToDictionary(pair => pair.Parameter, pair => pair.Importance);
        importance["u"].ShouldBe(0.8, 0.06);
        importance["v"].ShouldBe(0.2, 0.06);
        importance["w"].ShouldBeLessThan(0.02);
    }
}
