using Roux.Tracking.Capture;
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
        DvcLineage.Find(folder.At("images/cats/1.png")).ShouldBe(new DvcRecord("images", "aaaa.dir", 9000, dvc, null));
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
        DvcLineage.Find(folder.At("data/clean.csv")).ShouldBe(new DvcRecord("data/clean.csv", "2222", 2, file, "prepare"));
        DvcLineage.Find(folder.At("model.bin")).ShouldBe(new DvcRecord("model.bin", "3333", null, file, "train"));
        DvcLineage.Find(folder.At("raw.csv")).ShouldBeNull();
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
