using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Runs;

/// <summary>A program that <c>roux run</c> started adds to the run that it was started as.</summary>
public sealed class JoinedRunTests
{
    [Fact]
    public void The_first_run_is_the_one_that_it_was_started_as_and_the_next_are_parts_of_it()
    {
        using var store = new TemporaryStore();
        using var recorder = Tracker.Open(store.Store);
        using var outer = recorder.Experiment("Default").StartRun("outer");
        outer.Log("lr", "1e-1");
        outer.Flush();
        using (var tracker = Tracker.Open(store.Store, new TrackerOptions { StartedAs = new RunContext(outer.Id, recorder.Store) }))
        {
            using (var run = tracker.Experiment("films").StartRun("baseline", null, new Dictionary<string, string> { ["team"] = "a" }))
            {
                run.Id.ShouldBe(outer.Id);
                run.Log("lr", 0.1).LogMetric("loss", 0.5);
                using var capture = RunCapture.Begin(run, new CaptureOptions());
            }

            using var next = tracker.Experiment("films").StartRun("next");
            next.ParentId.ShouldBe(outer.Id);
            next.Id.ShouldNotBe(outer.Id);
        }

        var record = recorder.GetRun(outer.Id);
        record.Status.ShouldBe(RunStatus.Running, "its recorder ends it");
        record.Experiment.ShouldBe("films", "nobody had chosen one");
        record.Tags["team"].ShouldBe("a");
        record.Params["lr"].ShouldBe("0.1", "the program knows better than its command line");
        record.Metric("loss").ShouldBe(0.5);
        record.Tags.ShouldNotContainKey("roux.command");
        recorder.ListArtifacts(outer.Id).ShouldBeEmpty("its recorder captures");
        outer.Finish();
        recorder.GetRun(outer.Id).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void The_default_store_is_that_of_the_run_and_another_is_left_alone()
    {
        using var store = new TemporaryStore();
        using var other = new TemporaryStore();
        using var recorder = Tracker.Open(store.Store);
        using var outer = recorder.Experiment("chosen").StartRun();
        var options = new TrackerOptions { StartedAs = new RunContext(outer.Id, recorder.Store) };
        using (var tracker = Tracker.Open(options: options))
        {
            tracker.Store.ShouldBe(recorder.Store);
            tracker.Experiment("another").StartRun().Id.ShouldBe(outer.Id);
        }

        recorder.GetRun(outer.Id).Experiment.ShouldBe("chosen");
        using var elsewhere = Tracker.Open(other.Store, options);
        elsewhere.Experiment("e").StartRun().Id.ShouldNotBe(outer.Id);
    }

    [Fact]
    public void What_the_program_calls_a_failure_is_kept_for_its_recorder()
    {
        using var store = new TemporaryStore();
        using var recorder = Tracker.Open(store.Store);
        using var outer = recorder.Experiment("Default").StartRun();
        using (var tracker = Tracker.Open(store.Store, new TrackerOptions { StartedAs = new RunContext(outer.Id, recorder.Store) }))
        {
            tracker.Experiment("e").StartRun().Fail(new InvalidOperationException("loss is NaN"));
        }

        recorder.GetRun(outer.Id).Tags[Run.FailureTag].ShouldContain("loss is NaN");
        recorder.GetRun(outer.Id).Status.ShouldBe(RunStatus.Running);
    }

    [Fact]
    public void A_run_that_is_gone_or_over_is_not_joined()
    {
        using var store = new TemporaryStore();
        using var recorder = Tracker.Open(store.Store);
        var over = recorder.Experiment("e").StartRun();
        over.Finish();
        foreach (var id in new[] { over.Id, "feedfeedfeedfeedfeedfeedfeedfeed" })
        {
            using var tracker = Tracker.Open(store.Store, new TrackerOptions { StartedAs = new RunContext(id, recorder.Store) });
            using var run = tracker.Experiment("e").StartRun();
            run.Id.ShouldNotBe(id);
            run.ParentId.ShouldBeNull();
        }
    }
}
