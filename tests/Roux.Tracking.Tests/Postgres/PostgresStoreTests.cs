using Roux.Tests;
using Roux.Tracking.Storage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Postgres;

/// <summary>What only a database shared over a network meets: other servers, restarts, refusals.</summary>
public sealed class PostgresStoreTestsOnPostgres : IDisposable
{
    private readonly TemporaryStore folder = new();

    private string Database => folder.Store.Split('?')[0].Split('/')[^1];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Many_may_open_an_empty_database_at_once()
    {
        var trackers = new Tracker[6];
        Parallel.For(0, trackers.Length, new ParallelOptions { MaxDegreeOfParallelism = trackers.Length }, index => trackers[index] = Tracker.Open(folder.Store));
        trackers[0].Experiment("e").Id.ShouldBe(trackers[5].Experiment("e").Id);
        Array.ForEach(trackers, tracker => tracker.Dispose());
    }

    [Fact]
    public void Servers_that_make_the_same_things_at_once_make_them_once()
    {
        using var one = Tracker.Open(folder.Store);
        using var two = Tracker.Open(folder.Store);
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            var tracker = index % 2 == 0 ? one : two;
            using var run = tracker.Experiment($"e{index / 8}").StartRun();
            for (var key = 0; key < 10; key++)
            {
                run.Log($"p{(index + key) % 15}", key).Tag($"t{(index * 7) % 15}", "x").LogMetric($"m{(index + key) % 15}", key);
            }

            run.LogDataset(new Dataset("d", "sha256:1", "here"), "training");
            run.LogText("m.txt", "x");
            tracker.Models.Register("m", run.Id, "m.txt");
        });
        one.Experiments().Count.ShouldBe(5);
        one.Models.FindModel("m")!.Versions.Select(version => version.Version).ShouldBe(Enumerable.Range(1, 40).Reverse());
        one.Database.Read(session => session.Number("SELECT count(*) FROM datasets")).ShouldBe(1);
        one.Database.Read(session => session.Number("SELECT count(*) FROM keys")).ShouldBe(45);
    }

    [Fact]
    public void Two_servers_append_to_one_series_and_nothing_is_lost()
    {
        using var one = Tracker.Open(folder.Store);
        using var two = Tracker.Open(folder.Store);
        using var run = one.Experiment("e").StartRun();
        const int each = 150;
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, writer =>
        {
            var tracker = writer % 2 == 0 ? one : two;
            var service = new Service.RunService(tracker);
            for (var step = 0; step < each; step++)
            {
                service.LogMetricAsync(run.Id, new Service.MetricValue("m", (step * 4) + writer, step, (step * 4) + writer)).Wait();
            }
        });
        one.GetMetricSeries(run.Id, "m").Steps.ShouldBe(Enumerable.Range(0, each * 4).Select(step => (long)step));
        one.Database.Read(session => session.Number("SELECT count(*) FROM metric_chunks")).ShouldNotBeNull().ShouldBeLessThan(30);
    }

    [Fact]
    public async Task A_refused_write_is_undone_alone()
    {
        using var tracker = Tracker.Open(folder.Store);
        var writes = tracker.Database.WritesOrThrow();
        var tasks = Enumerable.Range(0, 60).Select(index => writes.Start(session =>
        {
            session.Sql.Execute("INSERT INTO experiments (name, created) VALUES ($name, 1)", ("$name", $"e{index}"));
            return index % 10 == 3 ? throw new TrackingException($"refused {index}")
                : index % 10 == 7 ? session.Sql.Execute("INSERT INTO experiment_tags (experiment, name, value) VALUES (-1, 'x', 'y')")
                : index;
        })).ToArray();
        for (var index = 0; index < tasks.Length; index++)
        {
            var task = tasks[index];
            if (index % 10 == 3)
            {
                (await Should.ThrowAsync<TrackingException>(() => task)).Message.ShouldBe($"refused {index}");
            }
            else if (index % 10 == 7)
            {
                (await Should.ThrowAsync<StoreException>(() => task)).ConcernsTheStore.ShouldBeFalse();
            }
            else
            {
                (await task).ShouldBe(index);
            }
        }

        tracker.Experiments().Count.ShouldBe(48);
    }

    [Fact]
    public void A_read_is_a_snapshot_and_may_ask_while_it_reads()
    {
        using var tracker = Tracker.Open(folder.Store);
        tracker.Experiment("a");
        tracker.Experiment("b");
        tracker.Database.Read(session =>
        {
            var seen = new List<string>();
            session.Each("SELECT id, name FROM experiments ORDER BY name", row =>
            {
                tracker.Experiment("new" + seen.Count);
                seen.Add($"{row.Text(1)} of {session.Number("SELECT count(*) FROM experiments WHERE id <= $id", ("$id", row.Int64(0)))} {row.Text(1)}");
            });
            seen.ShouldBe(["a of 1 a", "b of 2 b"]);
            return true;
        });
        tracker.Experiments().Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("nul \0 inside \u0001 and \u0001\u0002")]
    [InlineData("'; DROP TABLE runs; --")]
    [InlineData("x😀y \\ % _ $1 $name")]
    public void Texts_come_back_as_they_were(string text)
    {
        using var tracker = Tracker.Open(folder.Store);
        using var run = tracker.Experiment("e").StartRun("r");
        run.Log("p", text).Tag("t", text);
        tracker.GetRun(run.Id).Params["p"].ShouldBe(text);
        tracker.SearchRuns(new RunQuery { Filter = $"params.p = '{text.Replace("'", "''", StringComparison.Ordinal)}'" }).ShouldHaveSingleItem().Tags["t"].ShouldBe(text);
    }

    [Fact]
    public void Values_longer_than_an_index_takes_are_kept_and_found()
    {
        using var tracker = Tracker.Open(folder.Store);
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 6000).Select(_ => (char)random.Next(0x4e00, 0x9fff)));
        using var run = tracker.Experiment("e").StartRun(text);
        run.Log("p", text).Tag("t", text);
        run.LogDataset(new Dataset("d", "sha256:1", text), "training");
        tracker.SearchRuns(new RunQuery { Filter = $"params.p = '{text}' AND tags.t = '{text}'" }).ShouldHaveSingleItem().Id.ShouldBe(run.Id);
        tracker.FindRun(text)!.Id.ShouldBe(run.Id);
    }

    [Fact]
    public void Another_programs_tables_are_left_alone()
    {
        var store = folder.Store;
        PostgresServer.Shared.Sql(Database, "CREATE TABLE runs (run_uuid text); CREATE SCHEMA own");
        Should.Throw<TrackingException>(() => Tracker.Open(store)).Message.ShouldContain("tables of another program");
        using var own = Tracker.Open(store + "&search_path=own");
        own.Experiment("e").Name.ShouldBe("e");
    }

    [Fact]
    public void A_store_of_a_later_version_is_refused()
    {
        Tracker.Open(folder.Store).Dispose();
        PostgresServer.Shared.Sql(Database, "UPDATE roux_schema SET version = 999");
        Should.Throw<TrackingException>(() => Tracker.Open(folder.Store)).Message.ShouldContain("upgrade Roux");
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("upgrade Roux");
    }

    [Fact]
    public void A_missing_database_and_an_unreachable_one_are_told_apart()
    {
        Should.Throw<TrackingException>(() => Tracker.Open(folder.Store.Replace("/test", "/nosuch", StringComparison.Ordinal))).Message.ShouldContain("createdb");
        var error = Should.Throw<TrackingException>(() => Tracker.Open("postgres://ann:s3cret@127.0.0.1:1/x"));
        error.Message.ShouldContain("cannot be reached");
        error.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public void Reading_needs_a_store_and_changes_nothing()
    {
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("without a Roux store");
        using (var tracker = Tracker.Open(folder.Store))
        {
            tracker.Experiment("e");
        }

        using var reader = Tracker.OpenReadOnly(folder.Store);
        reader.Experiments().ShouldHaveSingleItem();
        Should.Throw<TrackingException>(() => reader.Experiment("f")).Message.ShouldContain("reading only");
    }
}
