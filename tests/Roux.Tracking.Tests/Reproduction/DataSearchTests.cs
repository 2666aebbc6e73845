using System.Security.Cryptography;
using System.Text;
using Roux.Tracking.Reproduction;
using Roux.Tracking.Tests.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Reproduction;

public sealed class DataSearchTests
{
    [Fact]
    public void A_file_is_found_by_its_digest_wherever_it_is()
    {
        using var folder = new TemporaryFolder();
        var search = new DataSearch(folder.At("repo"), folder.At("tree"), TestContext.Current.CancellationToken);
        var need = Need(folder.At("repo/data/d.csv"), "one");
        search.Find(need, folder.At("repo")).State.ShouldBe(DataState.Missing);

        folder.Write("repo/data/d.csv", "two");
        var changed = search.Find(need, folder.At("repo"));
        (changed.State, changed.FoundSha256).ShouldBe((DataState.Changed, Sha("two")));

        folder.Write("repo/.git/d.csv", "one");
        folder.Write("repo/old/e.csv", "one");
        search.Find(need, folder.At("repo")).State.ShouldBe(DataState.Changed, "another name, or inside .git, does not count");

        var elsewhere = folder.Write("repo/old/d.csv", "one");
        search.Find(need, folder.At("repo")).ShouldBe(new DataPlace(need, DataState.Elsewhere, elsewhere));

        var inTree = folder.Write("tree/data/d.csv", "one");
        search.Find(need, folder.At("repo")).ShouldBe(new DataPlace(need, DataState.InPlace, inTree));
    }

    [Theory]
    [InlineData(".dvc/cache/files/md5/0c/c175b9c0f1b6a831c399e269772661", "")]
    [InlineData(".dvc/cache/0c/c175b9c0f1b6a831c399e269772661", "")]
    [InlineData("../shared cache/files/md5/0c/c175b9c0f1b6a831c399e269772661", "[core]\n    remote = x\n['remote \"x\"']\n    url = y\n[cache]\n    dir = ../../shared cache\n")]
    public void The_cache_of_DVC_is_looked_into_by_md5(string path, string config)
    {
        using var folder = new TemporaryFolder();
        folder.Write("repo/.dvc/config", config);
        var cached = folder.Write("repo/" + path, "a");
        var search = new DataSearch(folder.At("repo"), null, TestContext.Current.CancellationToken);
        var need = Need(folder.At("repo/data/d.csv"), "a") with { Md5 = "0cc175b9c0f1b6a831c399e269772661" };
        var found = search.Find(need, folder.At("repo"));
        found.State.ShouldBe(DataState.Elsewhere);
        Path.GetFullPath(found.Path!).ShouldBe(Path.GetFullPath(cached));
        File.WriteAllText(cached, "b");
        search.Find(need, folder.At("repo")).State.ShouldBe(DataState.Missing, "a damaged cache is not trusted");
    }

    private static DataNeed Need(string path, string content) => new(Path.GetFileName(path), Sha(content), path, Encoding.UTF8.GetByteCount(content), null);

    private static string Sha(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
