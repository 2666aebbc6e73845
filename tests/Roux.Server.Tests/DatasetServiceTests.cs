using Roux.Tests;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>What is read of the data sets of a store.</summary>
public class DatasetServiceTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-datasets-");

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Versions_uses_and_models_are_counted_once_whatever_form_a_digest_has()
    {
        using var tracker = Tracker.Open(StoreUnderTest.Address(folder.FullName));
        Fill(tracker);
        var datasets = new TrackingService(tracker).Datasets;
        var found = datasets.Search("", 0, 10, Reach.All);
        found.Select(data => data.Name).ShouldBe(["films.csv", "other.csv"], ignoreOrder: true);
        var films = found.Single(data => data.Name == "films.csv");
        (films.Versions, films.Runs, films.Models).ShouldBe((2, 3, 1));
        datasets.Count(Reach.All).ShouldBe(2);
        datasets.Search("FILM", 0, 10, Reach.All).ShouldHaveSingleItem();
        datasets.Search("", 1, 10, Reach.All).ShouldHaveSingleItem();

        var versions = datasets.Versions("films.csv", 10, Reach.All);
        versions.Select(version => (version.Key, version.Runs, version.Models)).ShouldBe([(new string('b', 64), 1, 0), (new string('a', 64), 2, 1)]);
        versions[1].Dataset.Rows.ShouldBe(7);
        var use = datasets.Uses("films.csv", new string('a', 64), 0, 10, Reach.All);
        use.Count.ShouldBe(2);
        use.Single(run => run.Run == "r0").Contexts.ShouldBe(["all", "input"], ignoreOrder: true);
        datasets.Models("films.csv", "sha256:" + new string('a', 64), 10, Reach.All).ShouldHaveSingleItem().Model.ShouldBe("rater");
        datasets.Content(new string('a', 64), Reach.All).Profiles.ShouldBe(["""{"p": 1}"""]);
        datasets.Kin(versions[1].Dataset, 10, Reach.All).ShouldHaveSingleItem().ShouldBe(new DatasetKin("other.csv", new string('a', 64), true));
    }

    [Fact]
    public void What_lies_outside_the_reach_or_is_deleted_is_not_there()
    {
        using var tracker = Tracker.Open(StoreUnderTest.Address(folder.FullName));
        Fill(tracker);
        var datasets = new TrackingService(tracker).Datasets;
        var nothing = Reach.Of(new HashSet<string> { "elsewhere" });
        datasets.Search("", 0, 10, nothing).ShouldBeEmpty();
        datasets.Count(nothing).ShouldBe(0);
        datasets.Versions("films.csv", 10, nothing).ShouldBeEmpty();
        datasets.Uses("films.csv", new string('a', 64), 0, 10, nothing).ShouldBeEmpty();
        datasets.Models("films.csv", new string('a', 64), 10, nothing).ShouldBeEmpty();
        datasets.Content(new string('a', 64), nothing).Profiles.ShouldBeEmpty();
        datasets.Search("", 0, 10, Reach.Of(new HashSet<string> { Project.Default })).Count.ShouldBe(2);

        tracker.DeleteRun(tracker.FindRun("r2")!.Id);
        datasets.Versions("films.csv", 10, Reach.All).ShouldHaveSingleItem();
    }

    private static void Fill(Tracker tracker)
    {
        var films = new Dataset("films.csv", new string('a', 64), "/d/films.csv", 100, 7);
        for (var i = 0; i < 3; i++)
        {
            using var run = tracker.Experiment("e").StartRun("r" + i);
            run.LogDataset(i == 2 ? films with { Digest = new string('b', 64) } : films, "all");
            if (i == 0)
            {
                run.LogDataset(films with { Digest = "sha256:" + films.Digest, Profile = """{"p": 1}""" }, "input").LogDataset(films with { Name = "other.csv", Source = "/d/other.csv" }, "testing");
                using var part = run.StartChild("part");
                part.LogText("model/model.txt", "x");
            }

            run.Finish();
        }

        tracker.Models.Register("rater", tracker.FindRun("part")!.Id, "model");
    }
}
