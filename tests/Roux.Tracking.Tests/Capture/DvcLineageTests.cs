using Roux.Tracking.Capture.Lineage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class DvcLineageTests
{
    [Fact]
    public void A_dvc_file_beside_the_data_is_found()
    {
        using var folder = new TemporaryFolder();
        var dvc = folder.Write("data/train.csv.dvc", "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  size: 42\n  hash: md5\n  path: train.csv\n");
        DvcLineage.Find(folder.At("data/train.csv")).ShouldBe(new DvcRecord("train.csv", "d41d8cd98f00b204e9800998ecf8427e", 42, dvc, null));
        DvcLineage.Find(folder.At("data/test.csv")).ShouldBeNull();
    }

    [Fact]
    public void A_tracked_folder_above_the_data_is_found()
    {
        using var folder = new TemporaryFolder();
        var dvc = folder.Write("images.dvc", "wdir: .\nouts:\n- md5: aaaa.dir\n  size: 9000\n  nfiles: 3\n  path: 'images'\n");
        DvcLineage.Find(folder.At("images/cats/1.png")).ShouldBe(new DvcRecord("images", "aaaa.dir", 9000, dvc, null) { Legacy = true });
    }

    [Fact]
    public void Outputs_of_stages_are_found_and_dependencies_are_not()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("dvc.lock", """
            schema: '2.0'
            stages:
              prepare:
                cmd: python prepare.py
                deps:
                - path: raw.csv
                  hash: md5
                  md5: 1111
                  size: 1
                params:
                  params.yaml:
                    prepare.seed: 7
                outs:
                - path: data/clean.csv
                  hash: md5
                  md5: 2222
                  size: 2
              train:
                cmd: python train.py
                deps:
                - path: data/clean.csv
                  md5: 2222
                outs:
                - path: model.bin
                  md5: 3333
            """);
        var clean = DvcLineage.Find(folder.At("data/clean.csv"))!;
        (clean with { Pipeline = null }).ShouldBe(new DvcRecord("data/clean.csv", "2222", 2, file, "prepare"));
        clean.Pipeline!.Command.ShouldBe("python prepare.py");
        clean.Pipeline.Deps.ShouldBe([new DvcFile("raw.csv", "1111")]);
        clean.Pipeline.Params!.ToJsonString().ShouldBe("""{"params.yaml":{"prepare.seed":"7"}}""");
        (DvcLineage.Find(folder.At("model.bin"))! with { Pipeline = null }).ShouldBe(new DvcRecord("model.bin", "3333", null, file, "train") { Legacy = true });
        DvcLineage.Find(folder.At("raw.csv")).ShouldBeNull();
    }

    [Fact]
    public void A_file_that_is_no_YAML_is_a_warning_that_names_the_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.csv.dvc", "outs:\n- md5: &x 1\n  path: a.csv\n");
        var warnings = new List<string>();
        DvcLineage.Find(folder.At("a.csv"), warnings).ShouldBeNull();
        warnings.ShouldHaveSingleItem().ShouldContain("line 2");
        warnings.Clear();
        folder.Write("a.csv.dvc", "just text");
        DvcLineage.Find(folder.At("a.csv"), warnings).ShouldBeNull();
        warnings.ShouldHaveSingleItem().ShouldContain("no mapping");
    }

    [Fact]
    public void A_folder_in_a_remote_with_versions_gets_its_hash_from_its_listing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("d.dvc", "outs:\n- path: d\n  hash: md5\n  files:\n  - relpath: b.csv\n    md5: 22\n    size: 1\n    cloud:\n      store:\n        version_id: x\n  - relpath: a.csv\n    md5: 11\n");
        DvcLineage.Find(folder.At("d"))!.Md5.ShouldBe(new DvcFolder(new Dictionary<string, string> { ["a.csv"] = "11", ["b.csv"] = "22" }, 0).Md5);
    }

    [Fact]
    public void The_working_directory_of_a_dvc_file_counts()
    {
        using var folder = new TemporaryFolder();
        folder.Write("meta/a.csv.dvc", "wdir: ../data\nouts:\n- md5: 11\n  hash: md5\n  path: a.csv\n");
        DvcLineage.Read(folder.At("meta/a.csv.dvc")).ShouldHaveSingleItem().Target.ShouldBe(folder.At("data/a.csv"));
    }

    [Fact]
    public void The_search_ends_at_the_project()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.dvc", "outs:\n- md5: 1\n  path: a\n");
        folder.Write("a/.git", "gitdir: x");
        DvcLineage.Find(folder.At("a/x.csv")).ShouldBeNull();
    }
}
