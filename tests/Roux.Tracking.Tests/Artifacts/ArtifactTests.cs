using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Artifacts;

public sealed class ArtifactTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;
    private readonly Run run;

    public ArtifactTests()
    {
        tracker = Tracker.Open(folder.Store);
        run = tracker.Experiment("e").StartRun("x");
    }

    public void Dispose()
    {
        run.Dispose();
        tracker.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void FilesTextsAndFoldersAreStored()
    {
        run.LogArtifact(folder.File("model.bin", "model"));
        run.LogArtifact(folder.File("model.bin", "model"), "models/final/");
        folder.File("plots/roc.svg", "<svg/>");
        folder.File("plots/deep/er/pr.svg", "<svg>pr</svg>");
        run.LogArtifact(Path.Combine(folder.Folder, "plots"), "report");
        run.LogText("notes/größe.txt", "viel").LogBytes("raw", [1, 2, 3]);

        tracker.ListArtifacts(run.Id).ShouldBe(
        [
            new ArtifactInfo("model.bin", 5, false), new ArtifactInfo("models", 0, true), new ArtifactInfo("notes", 0, true),
            new ArtifactInfo("raw", 3, false), new ArtifactInfo("report", 0, true),
        ]);
        tracker.ListArtifacts(run.Id, "report").Select(entry => entry.Path).ShouldBe(["report/deep", "report/roc.svg"]);
        tracker.ListArtifacts(run.Id, "nowhere").ShouldBeEmpty();
        File.ReadAllText(tracker.ArtifactFile(run.Id, "report/deep/er/pr.svg")).ShouldBe("<svg>pr</svg>");
        File.ReadAllText(Path.Combine(tracker.ArtifactDirectory(run.Id), "notes", "größe.txt")).ShouldBe("viel");
        run.LogText("raw", "again");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "raw")).ShouldBe("again");
    }

    [Fact]
    public void AStreamAppearsWhenClosed()
    {
        using (var stream = run.CreateArtifact("big/data.bin"))
        {
            stream.Write(new byte[100_000]);
            stream.Flush();
            tracker.ListArtifacts(run.Id, "big").ShouldBeEmpty();
        }

        tracker.ListArtifacts(run.Id, "big").ShouldBe([new ArtifactInfo("big/data.bin", 100_000, false)]);
        Directory.GetFiles(Path.Combine(folder.Store, "artifacts", ".tmp")).ShouldBeEmpty();
    }

    [Fact]
    public void ALogCanBeReadWhileItGrows()
    {
        using (var stream = run.AppendArtifact("logs/stdout.txt"))
        {
            stream.Write("one\n"u8);
            File.ReadAllText(tracker.ArtifactFile(run.Id, "logs/stdout.txt")).ShouldBe("one\n");
            stream.Write("two\n"u8);
        }

        using (var stream = run.AppendArtifact("logs/stdout.txt"))
        {
            stream.Write("three\n"u8);
        }

        File.ReadAllText(tracker.ArtifactFile(run.Id, "logs/stdout.txt")).ShouldBe("one\ntwo\nthree\n");
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\x")]
    [InlineData("\\x")]
    [InlineData("a\\..\\b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("nul\0byte")]
    [InlineData("new\nline")]
    public void PathsThatLeadOutAreRefused(string path)
    {
        Should.Throw<TrackingException>(() => run.LogText(path, "x")).Message.ShouldContain("artifact path");
        Should.Throw<TrackingException>(() => run.CreateArtifact(path));
        Should.Throw<TrackingException>(() => run.AppendArtifact(path));
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, path));
        if (path.Length > 0)
        {
            Should.Throw<TrackingException>(() => tracker.ListArtifacts(run.Id, path));
            Should.Throw<TrackingException>(() => run.LogArtifact(folder.File("ok.txt", "x"), path));
        }

        Directory.GetFiles(folder.Store, "escape", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void APartOfMoreThan255BytesIsRefused() =>
        Should.Throw<TrackingException>(() => run.LogText(new string('ü', 200), "x")).Message.ShouldContain("255");

    [Fact]
    public void LinksAmongArtifactsAreNotFollowed()
    {
        run.LogText("a/b.txt", "x");
        var outside = folder.File("outside/secret.txt", "secret");
        Directory.CreateSymbolicLink(Path.Combine(tracker.ArtifactDirectory(run.Id), "link"), Path.GetDirectoryName(outside)!);
        File.CreateSymbolicLink(Path.Combine(tracker.ArtifactDirectory(run.Id), "file"), outside);
        tracker.ListArtifacts(run.Id).Select(entry => entry.Path).ShouldBe(["a"]);
        Should.Throw<TrackingException>(() => tracker.ListArtifacts(run.Id, "link")).Message.ShouldContain("symbolic link");
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, "link/secret.txt"));
        Should.Throw<TrackingException>(() => run.LogText("link/new.txt", "x"));
        Should.Throw<TrackingException>(() => run.LogText("file", "x"));
        File.ReadAllText(outside).ShouldBe("secret");
    }

    [Fact]
    public void LinksOutOfALoggedFolderAreLeftOutWithAWarning()
    {
        var outside = folder.File("outside.txt", "secret");
        var inside = folder.File("logged/real.txt", "real");
        File.CreateSymbolicLink(Path.Combine(folder.Folder, "logged", "alias.txt"), inside);
        File.CreateSymbolicLink(Path.Combine(folder.Folder, "logged", "out.txt"), outside);
        Directory.CreateSymbolicLink(Path.Combine(folder.Folder, "logged", "loop"), Path.Combine(folder.Folder, "logged"));
        run.LogArtifact(Path.Combine(folder.Folder, "logged"));
        tracker.ListArtifacts(run.Id).Select(entry => entry.Path).ShouldBe(["alias.txt", "real.txt"]);
        tracker.GetRun(run.Id).Warnings.Count.ShouldBe(2);
    }

    [Fact]
    public void WhatIsNotThereIsAnError()
    {
        Should.Throw<TrackingException>(() => run.LogArtifact("/no/such/file")).Message.ShouldContain("/no/such/file");
        Should.Throw<TrackingException>(() => tracker.ListArtifacts("nope")).Message.ShouldContain("nope");
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, "nope")).Message.ShouldContain("nope");
        run.LogText("folder/a.txt", "");
        Should.Throw<TrackingException>(() => run.LogText("folder", "")).Message.ShouldContain("folder");
        Should.Throw<TrackingException>(() => run.LogText("folder/a.txt/b.txt", "")).Message.ShouldContain("a.txt");
    }

    [Fact]
    public void LeftoversOfDeadWritersAreSweptAfterAWhile()
    {
        var temporary = Path.Combine(folder.Store, "artifacts", ".tmp");
        Directory.CreateDirectory(temporary);
        File.WriteAllText(Path.Combine(temporary, "old"), "x");
        File.SetLastWriteTimeUtc(Path.Combine(temporary, "old"), DateTime.UtcNow.AddDays(-3));
        File.WriteAllText(Path.Combine(temporary, "new"), "x");
        using var again = Tracker.Open(folder.Store);
        Directory.GetFiles(temporary).Select(Path.GetFileName).ShouldBe(["new"]);
    }
}
