using System.Security.Cryptography;
using System.Text;
using Roux.Tracking.Capture.Lineage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture.Lineage;

#pragma warning disable CA5351 // DVC's files hold MD5: it names content there, it protects nothing.
public class DataInputsTests
{
    [Fact]
    public void Data_as_DVC_recorded_it_matches_and_names_its_remote_without_credentials()
    {
        using var repository = new GitRepository("Äpfel und Birnen");
        var csv = repository.Write("data/Größe 1.csv", "a\n1\n");
        repository.Write("data/Größe 1.csv.dvc", Dvc(Md5(File.ReadAllBytes(csv)), "Größe 1.csv"));
        repository.Write(".dvc/config", "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://key:secret@bucket/x\n    password = SECRET\n");
        repository.Write(".gitignore", "*.csv\n");
        repository.Commit();
        var data = Read(csv);
        data.Findings.ShouldBeEmpty();
        data.Dataset!.Digest.ShouldStartWith("sha256:");
        data.Dvc!.State.ShouldBe("matches");
        data.Dvc.Committed.ShouldBe(true);
        data.Dvc.RemoteName.ShouldBe("store");
        data.Dvc.Remote.ShouldBe("s3://bucket/x");
        data.Dvc.ToString().ShouldNotContain("SECRET");
    }

    [Fact]
    public void Missing_data_says_where_it_may_come_from()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At(".dvc"));
        folder.Write("a.csv.dvc", Dvc(new string('a', 32), "a.csv"));
        var data = Read(folder.At("a.csv"));
        data.Dataset.ShouldBeNull();
        data.Dvc!.State.ShouldBe("missing");
        var finding = data.Findings.Single(f => f.Check == "dvc-missing");
        finding.Fix.ShouldBe($"dvc pull '{folder.At("a.csv.dvc")}'");
        finding.Message.ShouldContain("no remote is configured");
        // The .dvc file given itself stands for its data; with the content in the cache no remote is needed.
        folder.Write(".dvc/cache/files/md5/aa/" + new string('a', 30), "x");
        Read(folder.At("a.csv.dvc")).Findings.Single(f => f.Check == "dvc-missing").Fix.ShouldStartWith("dvc checkout");
    }

    [Fact]
    public void Changed_data_and_an_uncommitted_dvc_file_are_told()
    {
        using var repository = new GitRepository();
        var csv = repository.Write("a.csv", "a\n1\n");
        repository.Write("a.csv.dvc", Dvc(Md5(File.ReadAllBytes(csv)), "a.csv"));
        repository.Commit();
        repository.Write("a.csv", "a\n2\n");
        var changed = Read(csv);
        changed.Findings.ShouldHaveSingleItem().Check.ShouldBe("dvc-changed");
        changed.Dvc!.ActualMd5.ShouldBe(Md5(Encoding.UTF8.GetBytes("a\n2\n")));
        repository.Write("a.csv.dvc", Dvc(Md5(File.ReadAllBytes(csv)), "a.csv"));
        var uncommitted = Read(csv);
        uncommitted.Dvc!.State.ShouldBe("matches");
        uncommitted.Findings.ShouldHaveSingleItem().Check.ShouldBe("dvc-uncommitted");
    }

    [Fact]
    public void Old_hashes_of_text_files_are_taken_with_LF()
    {
        using var folder = new TemporaryFolder();
        var csv = folder.Write("a.txt", "a\r\n1\r\r\n2\r");
        folder.Write("a.txt.dvc", $"outs:\n- md5: {Md5("a\n1\r\n2\r"u8.ToArray())}\n  path: a.txt\n");
        Read(csv).Dvc!.State.ShouldBe("matches");
        folder.Write("a.txt.dvc", Dvc(Md5("a\n1\r\n2\r"u8.ToArray()), "a.txt"));
        Read(csv).Dvc!.State.ShouldBe("changed");
    }

    [Fact]
    public void A_folder_has_the_hash_that_DVC_gives_it_and_changes_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images/ü \"1\".png", "x");
        folder.Write("images/a/b.png", "y");
        folder.Write("images/c.png", "z");
        // python -c "import json,hashlib; …": json.dumps of the listing sorted by relpath, with sort_keys, as dvc_data writes it.
        var listing = """[{"md5": "415290769594460e2e485922904f345d", "relpath": "a/b.png"}, {"md5": "fbade9e36a3f36d3d676c1b808451dd7", "relpath": "c.png"}, {"md5": "9dd4e461268c8034f5c8564e155c67a6", "relpath": "\u00fc \"1\".png"}]""";
        var hash = Md5(Encoding.ASCII.GetBytes(listing));
        folder.Write("images.dvc", Dvc(hash + ".dir", "images"));
        folder.Write($".dvc/cache/files/md5/{hash[..2]}/{hash[2..]}.dir", listing);
        var data = Read(folder.At("images"));
        data.Findings.ShouldBeEmpty();
        data.Dvc!.State.ShouldBe("matches");
        data.Dvc.InCache.ShouldBe(true);
        data.Dataset!.Digest.ShouldBe($"md5:{hash}.dir");
        data.Dataset.Bytes.ShouldBe(3);
        Read(folder.At("images/c.png")).Dvc!.State.ShouldBe("matches");

        folder.Write("images/c.png", "changed");
        folder.Write("images/d.png", "new");
        File.Delete(folder.At("images/a/b.png"));
        Read(folder.At("images")).Findings.ShouldHaveSingleItem().Message.ShouldContain("3 of 3 files: a/b.png missing, c.png changed, d.png added.");
        Read(folder.At("images/c.png")).Dvc!.State.ShouldBe("changed");
        File.Delete(folder.At($".dvc/cache/files/md5/{hash[..2]}/{hash[2..]}.dir"));
        Read(folder.At("images")).Findings.ShouldHaveSingleItem().Message.ShouldContain("not in the cache");
        Read(folder.At("images/c.png")).Dvc!.State.ShouldBe("unverified");
    }

    [Fact]
    public void A_folder_that_nothing_tracks_is_identified_and_a_broken_link_in_one_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        folder.Write("plain/a.txt", "x");
        Read(folder.At("plain/")).Dataset!.Digest.ShouldStartWith("md5:");
        File.CreateSymbolicLink(folder.At("plain/broken"), folder.At("nowhere"));
        var warnings = new List<string>();
        using var inputs = new DataInputs(warnings, CancellationToken.None);
        inputs.Read(folder.At("plain")).Dataset.ShouldBeNull();
        warnings.ShouldHaveSingleItem().ShouldContain("plain");
        Read("/dev/zero").Dataset.ShouldBeNull();
    }

    [Fact]
    public void Output_of_a_stage_whose_dependency_changed_is_stale()
    {
        using var folder = new TemporaryFolder();
        folder.Write("raw.csv", "new\n");
        var clean = folder.Write("clean.csv", "a\n");
        folder.Write("dvc.lock", $"schema: '2.0'\nstages:\n  prepare:\n    cmd: python p.py --api-key SECRET1\n    deps:\n    - path: raw.csv\n      hash: md5\n      md5: {new string('1', 32)}\n    outs:\n    - path: clean.csv\n      hash: md5\n      md5: {Md5("a\n"u8.ToArray())}\n");
        var data = Read(clean);
        data.Dvc!.State.ShouldBe("matches");
        data.Dvc.Stage.ShouldBe("prepare");
        data.Dvc.Pipeline!.Command.ShouldBe("python p.py --api-key ***");
        data.Findings.ShouldHaveSingleItem().Check.ShouldBe("dvc-stale");
    }

    [Fact]
    public void A_pointer_in_the_place_of_data_is_told()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("train.parquet", $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 123456\n");
        var data = Read(path);
        data.Lfs.ShouldBe(new LfsPointer(new string('a', 64), 123456));
        data.LfsState.ShouldBe("pointer");
        data.Findings.ShouldHaveSingleItem().Fix.ShouldContain("git lfs pull");
        data.Dataset!.Digest.ShouldBe("sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    [Fact]
    public void Content_of_LFS_is_compared_with_the_oid_in_git()
    {
        using var repository = new GitRepository();
        var path = repository.Write("big.csv", Pointer("a\n1\n"));
        repository.Commit();
        repository.Write("big.csv", "a\n1\n");
        Read(path).LfsState.ShouldBe("matches");
        // The library knows no filters: without the check the file would count as changed.
        Roux.Tracking.Capture.GitCapture.Capture(repository.Path)!.Dirty.ShouldBe(false);
        repository.Write("big.csv", "a\n2\n");
        var changed = Read(path);
        changed.LfsState.ShouldBe("changed");
        changed.Findings.ShouldHaveSingleItem().Check.ShouldBe("lfs-changed");
        Roux.Tracking.Capture.GitCapture.Capture(repository.Path)!.Dirty.ShouldBe(true);
    }

    private static string Pointer(string content) =>
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}\nsize {content.Length}\n";

    private static DataInput Read(string path)
    {
        var warnings = new List<string>();
        using var inputs = new DataInputs(warnings, CancellationToken.None);
        var data = inputs.Read(path);
        warnings.ShouldBeEmpty();
        return data;
    }

    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private static string Dvc(string md5, string path) => $"outs:\n- md5: {md5}\n  size: 1\n  hash: md5\n  path: {path}\n";
}
