using System.Security.Cryptography;
using Roux.Tests.S3;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Artifacts;

/// <summary>What holds of artifacts in a folder holds in a bucket: on a real S3-compatible server, and on a double of the protocol.</summary>
public sealed class S3ArtifactTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private S3Double? fake;

    public static TheoryData<bool> Servers => [false, true];

    public void Dispose()
    {
        fake?.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void FilesTextsAndFoldersAreStored(bool real)
    {
        using var tracker = Open(real);
        using var run = tracker.Experiment("e").StartRun("x");
        run.LogArtifact(folder.File("model.bin", "model"));
        folder.File("plots/roc.svg", "<svg/>");
        folder.File("plots/deep/pr + curve ünï %2e.svg", "<svg>pr</svg>");
        run.LogArtifact(Path.Combine(folder.Folder, "plots"), "report");
        run.LogText("notes/größe.txt", "viel").LogBytes("raw", [1, 2, 3]).LogText("empty", "");

        tracker.ListArtifacts(run.Id).ShouldBe(
        [
            new ArtifactInfo("empty", 0, false), new ArtifactInfo("model.bin", 5, false), new ArtifactInfo("notes", 0, true),
            new ArtifactInfo("raw", 3, false), new ArtifactInfo("report", 0, true),
        ]);
        tracker.ListArtifacts(run.Id, "report").Select(entry => entry.Path).ShouldBe(["report/deep", "report/roc.svg"]);
        tracker.ListArtifacts(run.Id, "nowhere").ShouldBeEmpty();
        File.ReadAllText(tracker.ArtifactFile(run.Id, "report/deep/pr + curve ünï %2e.svg")).ShouldBe("<svg>pr</svg>");
        File.ReadAllText(Path.Combine(tracker.ArtifactFile(run.Id, "report"), "deep", "pr + curve ünï %2e.svg")).ShouldBe("<svg>pr</svg>");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "empty")).ShouldBe("");
        run.LogText("raw", "again");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "raw")).ShouldBe("again");
        using var reader = new StreamReader(tracker.OpenArtifact(run.Id, "notes/größe.txt"));
        reader.ReadToEnd().ShouldBe("viel");
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, "nope")).Message.ShouldContain("nope");
        Directory.Exists(Path.Combine(folder.Store, "artifacts")).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void ALargeFileGoesInPartsAndComesBackAsItWas(bool real)
    {
        using var tracker = Open(real);
        using var run = tracker.Experiment("e").StartRun("x");
        foreach (var size in new[] { 8 << 20, (8 << 20) + 1, 21_000_000, 24 << 20 })
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            using (var stream = run.CreateArtifact("large.bin"))
            {
                stream.Write(bytes);
            }

            tracker.ListArtifacts(run.Id).ShouldBe([new ArtifactInfo("large.bin", size, false)]);
            using var back = tracker.OpenArtifact(run.Id, "large.bin");
            SHA256.HashData(back).ShouldBe(SHA256.HashData(bytes), $"{size} bytes");
        }

        (fake?.OpenUploads ?? 0).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void VersionsAreCopiesWithTheSameDigestAsInAFolder(bool real)
    {
        using var local = Tracker.Open(Path.Combine(folder.Folder, "local"));
        using var remote = Open(real);
        var versions = new[] { local, remote }.Select(tracker =>
        {
            using var run = tracker.Experiment("e").StartRun("x");
            run.LogText("model/b.txt", "b").LogText("model/a/c.txt", "c").LogText("single.txt", "one");
            var version = tracker.Models.Register("films", run.Id, "model");
            var single = tracker.Models.Register("films", run.Id, "single.txt");
            run.LogText("model/b.txt", "changed");
            File.ReadAllText(Path.Combine(tracker.Models.LocalCopy(version), "b.txt")).ShouldBe("b");
            File.ReadAllText(Path.Combine(tracker.Models.LocalCopy(version), "a", "c.txt")).ShouldBe("c");
            File.ReadAllText(tracker.Models.LocalCopy(single)).ShouldBe("one");
            return (version.Digest, version.Bytes, single.Digest, single.Bytes);
        }).ToList();
        versions[1].ShouldBe(versions[0]);
        remote.Models.Find("films/1")!.Location.ShouldStartWith("s3://");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void ALogGrows(bool real)
    {
        using var tracker = Open(real);
        using var run = tracker.Experiment("e").StartRun("x");
        foreach (var line in new[] { "one\n", "two\n" })
        {
            using var stream = run.AppendArtifact("logs/out.txt");
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line));
        }

        File.ReadAllText(tracker.ArtifactFile(run.Id, "logs/out.txt")).ShouldBe("one\ntwo\n");
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\x")]
    [InlineData("a\\..\\b")]
    [InlineData("..")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("nul\0byte")]
    [InlineData("new\nline")]
    public void PathsThatLeadOutAreRefusedBeforeAnythingIsSent(string path)
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        Should.Throw<TrackingException>(() => run.LogText(path, "x")).Message.ShouldContain("artifact path");
        Should.Throw<TrackingException>(() => run.AppendArtifact(path));
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, path));
        Should.Throw<TrackingException>(() => tracker.OpenArtifact(run.Id, path));
        if (path.Length > 0)
        {
            Should.Throw<TrackingException>(() => tracker.ListArtifacts(run.Id, path));
        }

        fake!.Requests.ShouldBe(0);
    }

    [Fact]
    public void KeysStayUnderThePrefixAndHoldOddNamesAsTheyAre()
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        string[] odd = ["%2e%2e/x", "a#b", "a;b", "a?b&c=d", "...", "ü %00", "x+y", "file:", "http:", "~/.ssh"];
        foreach (var path in odd)
        {
            run.LogText(path, path);
        }

        fake!.Objects.Keys.Order(StringComparer.Ordinal).ShouldBe(odd.Select(path => $"pre/fix/{run.Id}/{path}").Order(StringComparer.Ordinal));
        foreach (var path in odd)
        {
            File.ReadAllText(tracker.ArtifactFile(run.Id, path)).ShouldBe(path);
        }

        Should.Throw<TrackingException>(() => run.LogText(string.Join('/', Enumerable.Repeat(new string('x', 200), 6)), "")).Message.ShouldContain("1024");
    }

    [Fact]
    public void FilesAndFoldersOfOneNameAreRefusedAsOnADisk()
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        run.LogText("folder/a.txt", "");
        Should.Throw<TrackingException>(() => run.LogText("folder", "")).Message.ShouldContain("a folder");
        Should.Throw<TrackingException>(() => run.LogText("folder/a.txt/b.txt", "")).Message.ShouldContain("is a file");
    }

    [Fact]
    public void LongListsComeInPages()
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        fake!.PageSize = 3;
        for (var index = 0; index < 11; index++)
        {
            run.LogText($"many/{index:00}.txt", "").LogText($"many/f{index}/x", "");
        }

        tracker.ListArtifacts(run.Id, "many").Count.ShouldBe(22);
        Directory.GetFiles(tracker.ArtifactFile(run.Id, "many"), "*", SearchOption.AllDirectories).Length.ShouldBe(22);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(9_000_000)]
    public void ChangedBytesAreNoticed(int size)
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        run.LogBytes("data.bin", new byte[size]);
        fake!.Corrupt = true;
        Should.Throw<TrackingException>(() => tracker.ArtifactFile(run.Id, "data.bin")).Message.ShouldContain("digest differs");
        using var stream = tracker.OpenArtifact(run.Id, "data.bin");
        var buffer = new byte[size];
        Should.Throw<InvalidDataException>(() => stream.ReadExactly(buffer));
        fake.Corrupt = false;
        new FileInfo(tracker.ArtifactFile(run.Id, "data.bin")).Length.ShouldBe(size);
    }

    [Fact]
    public void TagsThatAreNoDigestsAreTakenAsTheyAre()
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        fake!.OpaqueTags = true;
        run.LogBytes("a.bin", new byte[20_000_000]).LogBytes("b.bin", new byte[20_000_000]).LogText("c", "c");
        new FileInfo(tracker.ArtifactFile(run.Id, "a.bin")).Length.ShouldBe(20_000_000);
        new FileInfo(tracker.ArtifactFile(run.Id, "b.bin")).Length.ShouldBe(20_000_000);
        fake.OpenUploads.ShouldBe(0);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9_000_000)]
    [InlineData(30_000_000)]
    public void AnUploadThatFailsLeavesNothing(int size)
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        fake!.Fail = (method, _) => method == "PUT" ? (403, "AccessDenied") : null;
        Should.Throw<TrackingException>(() => run.LogBytes("a.bin", new byte[size])).Message.ShouldContain("access denied");
        fake.Fail = null;
        tracker.ListArtifacts(run.Id).ShouldBeEmpty();
        fake.OpenUploads.ShouldBe(0);
    }

    [Theory]
    [InlineData("NoSuchBucket", 404, "no bucket 'double'")]
    [InlineData("InvalidAccessKeyId", 403, "AWS_ACCESS_KEY_ID")]
    [InlineData("AccessDenied", 403, "s3:GetObject")]
    public void ErrorsNameTheFix(string code, int status, string message)
    {
        using var tracker = Open(real: false);
        using var run = tracker.Experiment("e").StartRun("x");
        fake!.Fail = (_, _) => (status, code);
        Should.Throw<TrackingException>(() => tracker.ListArtifacts(run.Id)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("s3://user:secret@bucket/x")]
    [InlineData("s3://")]
    [InlineData("s3://UPPER/x")]
    [InlineData("s3://bucket/../x")]
    [InlineData("s3://bucket/x?secret_access_key=secret")]
    [InlineData("s3://bucket/x?endpoint=http://user:secret@host")]
    [InlineData("s3://bucket/x?endpoint=file:///etc")]
    [InlineData("gs://user:secret@bucket/x")]
    public void PlacesThatAreNoneAreRefusedWithoutTellingSecrets(string place)
    {
        var message = Should.Throw<TrackingException>(() => Tracker.Open(folder.Store, new TrackerOptions { Artifacts = place })).Message;
        message.ShouldNotContain("user:secret");
        message.ShouldNotContain("=secret");
    }

    private Tracker Open(bool real)
    {
        var place = real ? S3Server.NewPlace("deep/er/") : (fake = new S3Double()).Place;
        return Tracker.Open(folder.Store, new TrackerOptions { Artifacts = place });
    }
}
