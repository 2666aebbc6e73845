using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;
using ZstdSharp;

namespace Roux.Tracking.Tests.Transfer;

/// <summary>Exports and their way back: what a store held is what another one holds after it, bit for bit.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("all")]
    [InlineData("all.zip")]
    [InlineData("all.tar.zst")]
    public void Everything_comes_back_bit_for_bit_and_twice_changes_nothing(string name)
    {
        using var source = Filled();
        var written = StoreTransfer.Export(source, At(name));
        written.Counts.ShouldContain(new TransferCount("runs", 3, 0, 0));

        using var target = Tracker.Open(At("target"));
        var first = StoreTransfer.Import(target, At(name));
        first.Notes.ShouldBeEmpty();
        first.Counts.ShouldAllBe(count => count.There == 0 && count.Left == 0);
        var second = StoreTransfer.Import(target, At(name));
        second.Notes.ShouldBeEmpty();
        second.Counts.ShouldAllBe(count => count.Taken == 0 && count.Left == 0);

        StoreTransfer.Export(source, At("before"));
        StoreTransfer.Export(target, At("after"));
        FilledStore.Contents(At("after")).ShouldBe(FilledStore.Contents(At("before")));
        target.Models.Find("films@champion")!.Digest.ShouldBe(source.Models.Find("films@champion")!.Digest);
        File.ReadAllText(target.Models.Find("films/1")!.Location + "/weights.bin").ShouldBe("w");
    }

    [Fact]
    public void An_import_that_broke_off_goes_on()
    {
        using var source = Filled();
        StoreTransfer.Export(source, At("all"));
        var metrics = File.ReadAllText(At("all/metrics.jsonl"));
        using var target = Tracker.Open(At("target"));

        // Damage in the middle ends it there; what came before stays.
        File.WriteAllText(At("all/metrics.jsonl"), metrics[..(metrics.LastIndexOf("\n{", StringComparison.Ordinal) + 1)] + "{}\n");
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("all"))).Message.ShouldContain("metrics.jsonl");
        File.WriteAllText(At("all/metrics.jsonl"), metrics);
        StoreTransfer.Import(target, At("all")).Counts.Single(count => count.Kind == "runs").There.ShouldBe(3);

        StoreTransfer.Export(target, At("after"));
        FilledStore.Contents(At("after")).ShouldBe(FilledStore.Contents(At("all")));
    }

    [Theory]
    [InlineData("\"lineage\":\"", "\"lineage\":\"x")]
    [InlineData("\"lineage\":\"", "\"lineage\":\"{}\",\"other\":\"")]
    [InlineData("\"gates\":\"", "\"gates\":\"[1]\",\"other\":\"")]
    public void Documents_of_the_registry_that_cannot_be_read_do_not_enter(string text, string instead)
    {
        using var source = Filled();
        source.Models.Gates.Set("films", GateRules.Parse("rules: [lineage]"));
        StoreTransfer.Export(source, At("all"));
        var models = File.ReadAllText(At("all/models.jsonl"));
        models.ShouldContain(text);
        File.WriteAllText(At("all/models.jsonl"), models.Replace(text, instead, StringComparison.Ordinal));
        using var target = Tracker.Open(At("target"));
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("all")));
        target.Models.List().ShouldBeEmpty();
    }

    [Fact]
    public void Only_what_is_selected_is_written_with_what_it_hangs_on()
    {
        using var source = Filled();
        using (source.Experiment("other").StartRun("elsewhere"))
        {
        }

        var child = source.SearchRuns(new RunQuery { Filter = "attributes.run_name = 'child'" })[0];
        StoreTransfer.Export(source, At("one"), new ExportSelection { Runs = [child.Id] });
        Lines("one/runs.jsonl").Length.ShouldBe(2);
        StoreTransfer.Export(source, At("model"), new ExportSelection { Models = ["films"] });
        Lines("model/runs.jsonl").Length.ShouldBe(1);
        Lines("model/models.jsonl").Length.ShouldBe(1);
        StoreTransfer.Export(source, At("experiment"), new ExportSelection { Experiments = ["films"] });
        Lines("experiment/runs.jsonl").Length.ShouldBe(3);
        Should.Throw<TrackingException>(() => StoreTransfer.Export(source, At("none"), new ExportSelection { Experiments = ["nope"] })).Message.ShouldContain("nope");
    }

    [Fact]
    public void What_is_there_already_stays_and_conflicts_are_told()
    {
        using var source = Filled();
        StoreTransfer.Export(source, At("all"));
        using var target = Tracker.Open(At("target"));
        using (target.Experiment("taken").StartRun("mine"))
        {
        }

        var report = StoreTransfer.Import(target, At("all"));
        report.Notes.ShouldHaveSingleItem().ShouldContain("'films' has the id 2 here, not 1");
        target.SearchRuns(new RunQuery { Experiments = ["films"] }).Count.ShouldBe(3);

        var run = target.SearchRuns(new RunQuery { Filter = "attributes.run_name = 'parent'" })[0];
        File.WriteAllText(target.ArtifactFile(run.Id, "notes/a.txt"), "changed");
        var again = StoreTransfer.Import(target, At("all"));
        again.IsComplete.ShouldBeFalse();
        again.Notes.ShouldContain(note => note.Contains("notes/a.txt", StringComparison.Ordinal));
        File.ReadAllText(target.ArtifactFile(run.Id, "notes/a.txt")).ShouldBe("changed");
    }

    [Fact]
    public void Versions_come_without_stage_to_a_model_that_has_gates_here()
    {
        using var source = Filled();
        StoreTransfer.Export(source, At("all"));
        using var target = Tracker.Open(At("target"));
        StoreTransfer.Import(target, At("all"), cancellation: TestContext.Current.CancellationToken);
        var (run, digest) = (source.Models.Find("films/1")!.RunId!, source.Models.Find("films/1")!.Digest);
        target.Models.Find("films/1")!.Stage.ShouldBe(ModelStage.Production);
        target.Models.Gates.Set("films", GateRules.Parse("rules: [ lineage ]"));

        var second = source.Models.Register("films", run, "model");
        second.Digest.ShouldBe(digest);
        source.Models.SetStage("films", 2, ModelStage.Production);
        source.Models.SetAlias("films", "best", 2);
        Approve("films/2");
        StoreTransfer.Export(source, At("more"));
        var report = StoreTransfer.Import(target, At("more"), cancellation: TestContext.Current.CancellationToken);
        report.Notes.ShouldHaveSingleItem().ShouldContain("gates");
        target.Models.Find("films/2")!.ShouldSatisfyAllConditions(version => version.Stage.ShouldBe(ModelStage.None), version => version.Aliases.ShouldBeEmpty(), version => version.Approvals.ShouldBeEmpty());
    }

    [Fact]
    public void Approvals_come_with_versions_that_are_new()
    {
        using var source = Filled();
        Approve("films/1");
        StoreTransfer.Export(source, At("all"));
        using var target = Tracker.Open(At("target"), new TrackerOptions { Actor = "importer" });
        StoreTransfer.Import(target, At("all"), cancellation: TestContext.Current.CancellationToken);

        target.Models.Find("films/1")!.Approvals.ShouldBe(source.Models.Find("films/1")!.Approvals);
        target.Models.Find("films/1")!.Approvals.ShouldHaveSingleItem().Actor.ShouldBe("sam");
        var noted = target.Models.Audit.Search(new AuditQuery { Model = "films" }).Single(entry => entry.Action == "version.approved");
        noted.Actor.ShouldBe("importer");
        var after = System.Text.Json.Nodes.JsonNode.Parse(noted.After!)!;
        after["by"]!.GetValue<string>().ShouldBe("sam");
        after["imported"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_destination_that_is_taken_and_an_unfinished_export_are_refused()
    {
        using var source = Filled();
        Directory.CreateDirectory(At("taken/x"));
        Should.Throw<TrackingException>(() => StoreTransfer.Export(source, At("taken"))).Message.ShouldContain("already");
        StoreTransfer.Export(source, At("all"));
        File.Delete(At("all/roux-export.json"));
        using var target = Tracker.Open(At("target"));
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("all"))).Message.ShouldContain("not finished");
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("nowhere"))).Message.ShouldContain("no such export");
    }

    [Theory]
    [InlineData("../escape.txt")]
    [InlineData("artifacts/../../escape.txt")]
    [InlineData("/abs.txt")]
    [InlineData("a\\..\\b.txt")]
    public void Names_that_lead_out_of_an_archive_are_refused(string name)
    {
        using (var zip = ZipFile.Open(At("evil.zip"), ZipArchiveMode.Create))
        {
            zip.CreateEntry(name).Open().Dispose();
        }

        Tar("evil.tar.zst", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) }));
        using var target = Tracker.Open(At("target"));
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("evil.zip"))).Message.ShouldContain("refused");
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("evil.tar.zst"))).Message.ShouldContain("refused");
        File.Exists(At("escape.txt")).ShouldBeFalse();
    }

    [Fact]
    public void Links_in_archives_and_folders_are_refused()
    {
        Tar("link.tar.zst", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "roux-export.json") { LinkName = "/etc/passwd" }));
        using (var zip = ZipFile.Open(At("link.zip"), ZipArchiveMode.Create))
        {
            zip.CreateEntry("roux-export.json").ExternalAttributes = unchecked((int)0xA1FF0000);
        }

        using var source = Filled();
        StoreTransfer.Export(source, At("all"));
        var artifact = Directory.GetFiles(At("all/artifacts"), "a.txt", SearchOption.AllDirectories).First();
        File.Delete(artifact);
        File.CreateSymbolicLink(artifact, "/etc/hostname");
        using var target = Tracker.Open(At("target"));
        foreach (var name in new[] { "link.tar.zst", "link.zip", "all" })
        {
            Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At(name)));
        }
    }

    [Fact]
    public void Archives_that_unpack_to_far_more_than_they_are_are_refused()
    {
        Tar("bomb.tar.zst", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[4 << 20]) }));
        using var target = Tracker.Open(At("target"));
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("bomb.tar.zst"), mostBytes: 1 << 20)).Message.ShouldContain("--max-size");
        using (var zip = ZipFile.Open(At("bomb.zip"), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("zeros").Open();
            entry.Write(new byte[4 << 20]);
        }

        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("bomb.zip"), mostBytes: 1 << 20)).Message.ShouldContain("--max-size");
    }

    [Theory]
    [InlineData("runs.jsonl", "\"run_id\":\"", "\"run_id\":\"../../x")]
    [InlineData("artifacts.jsonl", "\"path\":\"", "\"path\":\"../../x")]
    [InlineData("metrics.jsonl", "\"from\":0", "\"from\":7")]
    [InlineData("experiments.jsonl", "{", "[")]
    public void Lines_that_are_damaged_or_lead_elsewhere_end_the_import(string file, string known, string other)
    {
        using var source = Filled();
        StoreTransfer.Export(source, At("all"));
        File.WriteAllText(At("all/" + file), File.ReadAllText(At("all/" + file)).Replace(known, other, StringComparison.Ordinal));
        using var target = Tracker.Open(At("target"));
        Should.Throw<TrackingException>(() => StoreTransfer.Import(target, At("all"))).Message.ShouldContain(file);
        Directory.GetFiles(folder.Folder, "x*").ShouldBeEmpty();
    }

    private string At(string name) => Path.Combine(folder.Folder, name);

    private string[] Lines(string name) => File.ReadAllLines(At(name));

    /// <summary>Approves a version of the filled store in another's name.</summary>
    private void Approve(string version)
    {
        using var other = Tracker.Open(At("source"), new TrackerOptions { Actor = "sam" });
        other.Models.Approvals.Approve(version, "tried on the holdout");
    }

    private Tracker Filled() => FilledStore.Make(At("source"));

    private void Tar(string name, Action<TarWriter> write)
    {
        using var tar = new TarWriter(new CompressionStream(File.Create(At(name)), leaveOpen: false));
        write(tar);
    }
}
