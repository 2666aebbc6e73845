using CsCheck;
using Roux.Tracking.Search;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Search;

/// <summary>What the store finds is what the filter means.</summary>
public class SearchTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly SteppingClock clock = new();
    private readonly Tracker tracker;

    public SearchTests()
    {
        tracker = Tracker.Open(folder.Store, new TrackerOptions { Time = clock });
        var random = new Random(11);
        string Text() => SearchGen.Texts[random.Next(SearchGen.Texts.Length)];
        Run? parent = null;
        for (var index = 0; index < 60; index++)
        {
            // Start times repeat, so that ties are met.
            clock.Milliseconds = index / 4;
            var run = tracker.Experiment(index % 3 == 0 ? "first" : "Team A").StartRun(Text() is { Length: > 0 } name ? name : "plain", index % 5 == 1 ? parent : null);
            parent = run;
            foreach (var key in SearchGen.Keys)
            {
                if (random.Next(3) > 0)
                {
                    run.LogMetric(key, random.Next(5) == 0 ? double.NaN : SearchGen.Numbers[random.Next(SearchGen.Numbers.Length)]);
                }

                if (random.Next(3) > 0)
                {
                    run.Log(key, Text());
                }

                if (random.Next(3) > 0)
                {
                    run.Tag(key, Text());
                }
            }

            for (var count = random.Next(3); count > 0; count--)
            {
                run.LogDataset(new Dataset(Text(), Text(), "here"), random.Next(2) == 0 ? "0.1" : "it's");
            }

            if (index % 7 > 0)
            {
                run.Finish(index % 2 == 0 ? RunStatus.Finished : RunStatus.Failed);
            }
        }
    }

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void TheStoreAgreesWithTheMeaning()
    {
        var all = tracker.SearchRuns(new RunQuery());
        all.Count.ShouldBe(60);
        all.Select(run => run.Started).ShouldBeInOrder(SortDirection.Descending);
        var hits = 0;
        Gen.Select(SearchGen.Filter, SearchGen.Order).Sample(
            (filter, order) =>
            {
                var found = tracker.SearchRuns(new RunQuery { Filter = filter.ToString(), OrderBy = [.. order.Select(key => key.ToString())] });
                var expected = NaiveSearch.Search(all, filter, order);
                found.Select(run => run.Id).ShouldBe(expected.Select(run => run.Id), $"{filter} ORDER BY {string.Join(", ", order.Select(key => key.ToString()))}");
                hits += found.Count is > 0 and < 60 ? 1 : 0;
            },
            iter: 2000, threads: 1);

        // Not all of it vacuous.
        hits.ShouldBeGreaterThan(400);
    }

    [Fact]
    public void PagesFollowOneAnother()
    {
        var query = new RunQuery { OrderBy = ["metrics.acc DESC"], MaxResults = 7 };
        var pages = Enumerable.Range(0, 10).SelectMany(page => tracker.SearchRuns(query with { Offset = page * 7 })).Select(run => run.Id);
        pages.ShouldBe(tracker.SearchRuns(query with { MaxResults = 1000 }).Select(run => run.Id));
    }

    [Fact]
    public void ExperimentsAreChosenByNameOrId()
    {
        var first = tracker.Experiments().Single(experiment => experiment.Name == "first");
        first.Runs.ShouldBe(20);
        tracker.SearchRuns(new RunQuery { Experiments = ["first"] }).Count.ShouldBe(20);
        tracker.SearchRuns(new RunQuery { Experiments = [first.Id] }).Count.ShouldBe(20);
        tracker.SearchRuns(new RunQuery { Experiments = ["first", "Team A"] }).Count.ShouldBe(60);
        tracker.SearchRuns(new RunQuery { Experiments = [] }).ShouldBeEmpty();
        Should.Throw<TrackingException>(() => tracker.SearchRuns(new RunQuery { Experiments = ["secnd"] })).Message.ShouldContain("Team A");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(60_000)]
    public void TheNumberOfResultsIsChecked(int count) =>
        Should.Throw<TrackingException>(() => tracker.SearchRuns(new RunQuery { MaxResults = count })).Message.ShouldContain("max_results");

    [Fact]
    public void ValuesAreNeverReadAsSql()
    {
        tracker.SearchRuns(new RunQuery { Filter = "params.lr = '''; DROP TABLE runs; --'" }).ShouldBeEmpty();
        tracker.SearchRuns(new RunQuery { Filter = "params.`x` = 'y'", OrderBy = ["params.`'; DROP TABLE runs; --`"] }).ShouldBeEmpty();
        tracker.SearchRuns(new RunQuery()).Count.ShouldBe(60);
    }

    private sealed class SteppingClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
    }
}
