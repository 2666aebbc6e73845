using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

public class ModelRegistryTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;
    private readonly Run run;

    public ModelRegistryTests()
    {
        tracker = Tracker.Open(folder.Store);
        run = tracker.Experiment("e").StartRun("x");
        run.LogText("model.zip", "bytes").LogText("folder/b.txt", "b").LogText("folder/a/c.txt", "c");
    }

    public void Dispose()
    {
        run.Dispose();
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void AVersionIsACopyWithDigestAndLineage()
    {
        var version = tracker.Models.Register("films", run.Id, "model.zip", "first", new Dictionary<string, string> { ["metric"] = "f1" });
        version.Version.ShouldBe(1);
        version.RunId.ShouldBe(run.Id);
        version.Digest.ShouldBe("sha256:" + Convert.ToHexStringLower(SHA256.HashData("bytes"u8)));
        version.Bytes.ShouldBe(5);
        version.Stage.ShouldBe(ModelStage.None);
        version.Description.ShouldBe("first");
        version.Tags["metric"].ShouldBe("f1");

        run.LogText("model.zip", "changed");
        File.ReadAllText(version.Location).ShouldBe("bytes");
        var second = tracker.Models.Register("films", run.Id, "model.zip");
        second.Version.ShouldBe(2);
        File.ReadAllText(second.Location).ShouldBe("changed");
        File.ReadAllText(tracker.Models.Find("films/1")!.Location).ShouldBe("bytes");
    }

    [Fact]
    public void AFolderIsAModelToo()
    {
        var version = tracker.Models.Register("films", run.Id, "folder");
        version.Bytes.ShouldBe(2);
        File.ReadAllText(Path.Combine(version.Location, "a", "c.txt")).ShouldBe("c");
        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        version.Digest.ShouldBe("sha256:" + Hash($"{Hash("c")}  a/c.txt\n{Hash("b")}  b.txt\n"));
    }

    [Fact]
    public void ReferencesFindVersions()
    {
        for (var version = 1; version <= 3; version++)
        {
            tracker.Models.Register("films", run.Id, "model.zip").Version.ShouldBe(version);
        }

        tracker.Models.SetAlias("films", "champion", 1);
        tracker.Models.SetStage("films", 2, ModelStage.Production);
        tracker.Models.Find("films")!.Version.ShouldBe(3);
        tracker.Models.Find("films/latest")!.Version.ShouldBe(3);
        tracker.Models.Find("films/1")!.Version.ShouldBe(1);
        tracker.Models.Find("models:/films/1")!.Version.ShouldBe(1);
        tracker.Models.Find("films@champion")!.Version.ShouldBe(1);
        tracker.Models.Find("films@champion")!.Aliases.ShouldBe(["champion"]);
        tracker.Models.Find("films/production")!.Version.ShouldBe(2);
        tracker.Models.Find("films/9").ShouldBeNull();
        tracker.Models.Find("films@none").ShouldBeNull();
        tracker.Models.Find("films/Staging").ShouldBeNull();
        tracker.Models.Find("other").ShouldBeNull();
        Should.Throw<TrackingException>(() => tracker.Models.Find("films/prod")).Message.ShouldContain("Production");

        tracker.Models.SetAlias("films", "champion", 3);
        tracker.Models.Find("films@champion")!.Version.ShouldBe(3);
        tracker.Models.DeleteAlias("films", "champion");
        tracker.Models.Find("films@champion").ShouldBeNull();
    }

    [Fact]
    public void StagesMoveAndArchive()
    {
        tracker.Models.Register("films", run.Id, "model.zip");
        tracker.Models.Register("films", run.Id, "model.zip");
        tracker.Models.SetStage("films", 1, ModelStage.Production);
        tracker.Models.SetStage("films", 2, ModelStage.Production, archiveExisting: true);
        tracker.Models.Find("films/1")!.Stage.ShouldBe(ModelStage.Archived);
        tracker.Models.Find("films/2")!.Stage.ShouldBe(ModelStage.Production);
        Should.Throw<TrackingException>(() => tracker.Models.SetStage("films", 3, ModelStage.Staging)).Message.ShouldContain("no version 3");
        Should.Throw<TrackingException>(() => tracker.Models.SetStage("films", 1, ModelStage.None, archiveExisting: true));
    }

    [Fact]
    public void ModelsAreListedWithAllTheyHold()
    {
        tracker.Models.Register("b", run.Id, "model.zip");
        tracker.Models.Register("a", run.Id, "model.zip");
        tracker.Models.SetDescription("a", "the model");
        tracker.Models.SetDescription("a", "the version", 1);
        tracker.Models.SetTag("a", "team", "x");
        tracker.Models.SetTag("a", "gate", "passed", 1);
        tracker.Models.SetAlias("a", "best", 1);
        var models = tracker.Models.List();
        models.Select(model => model.Name).ShouldBe(["a", "b"]);
        models[0].Description.ShouldBe("the model");
        models[0].Tags["team"].ShouldBe("x");
        models[0].Aliases["best"].ShouldBe(1);
        models[0].Versions.ShouldHaveSingleItem().Description.ShouldBe("the version");
        models[0].Versions[0].Tags["gate"].ShouldBe("passed");
        tracker.Models.DeleteTag("a", "team");
        tracker.Models.FindModel("a")!.Tags.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    public void NamesAreChecked(string name) =>
        Should.Throw<TrackingException>(() => tracker.Models.Register(name, run.Id, "model.zip")).Message.ShouldContain("model name");

    [Theory]
    [InlineData("latest")]
    [InlineData("v3")]
    [InlineData("")]
    [InlineData("a b")]
    public void AliasesAreChecked(string alias)
    {
        tracker.Models.Register("films", run.Id, "model.zip");
        Should.Throw<TrackingException>(() => tracker.Models.SetAlias("films", alias, 1)).Message.ShouldContain("alias");
    }

    [Fact]
    public void WhatIsNotThereIsAnErrorAndLeavesNothing()
    {
        Should.Throw<TrackingException>(() => tracker.Models.Register("films", run.Id, "nope")).Message.ShouldContain("nope");
        Should.Throw<TrackingException>(() => tracker.Models.Register("films", "nope", "model.zip")).Message.ShouldContain("nope");
        Should.Throw<TrackingException>(() => tracker.Models.SetAlias("films", "best", 1)).Message.ShouldContain("films");
        tracker.Models.List().ShouldBeEmpty();
    }

    [Fact]
    public void NumbersAreGivenOutOnceAmongThreads()
    {
        var versions = new System.Collections.Concurrent.ConcurrentBag<int>();
        using var other = Tracker.Open(folder.Store);
        Parallel.For(0, 20, index => versions.Add((index % 2 == 0 ? tracker : other).Models.Register("films", run.Id, "model.zip").Version));
        versions.Order().ShouldBe(Enumerable.Range(1, 20));
        Directory.GetDirectories(Path.Combine(folder.Artifacts, "models")).Length.ShouldBe(20);
    }
}
