using Roux.Tracking.Capture.Programs;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture.Programs;

public class SeedSearchTests
{
    [Theory]
    [InlineData("python train.py --seed 7", 7L, "--seed")]
    [InlineData("python train.py --random-state=12", 12L, "--random-state")]
    [InlineData("python train.py trainer.seed=3", 3L, "trainer.seed")]
    [InlineData("python train.py --random_seed 5 --seed 6", 5L, "--random_seed")]
    [InlineData("python train.py --seed auto", null, "none")]
    [InlineData("python train.py --seeds 3", null, "none")]
    public void Options_name_it(string command, long? value, string source) => SeedSearch.Of(command.Split(' '), null, "", _ => null).ShouldBe(new SeedRecord(value, source));

    [Theory]
    [InlineData("random.seed(42)", 42L)]
    [InlineData("np.random.seed( 1_000 )", 1000L)]
    [InlineData("    torch.manual_seed(3)", 3L)]
    [InlineData("pl.seed_everything(9)", 9L)]
    [InlineData("rng = np.random.default_rng(5)", 5L)]
    [InlineData("m = RandomForestClassifier(n_estimators=10, random_state=8)", 8L)]
    [InlineData("SEED = 11", 11L)]
    [InlineData("var random = new Random(13);", 13L)]
    [InlineData("set.seed(14)", 14L)]
    [InlineData("# random.seed(42)", null)]
    [InlineData("np.random.seed(args.seed)", null)]
    [InlineData("proceeds = 3", null)]
    [InlineData("seed = 0.5", null)]
    public void The_source_names_it(string line, long? value) =>
        SeedSearch.Of(["python", "t.py"], ["import x", line], "t.py", _ => null).ShouldBe(value is null ? new SeedRecord(null, "none") : new SeedRecord(value, "code t.py:2"));

    [Fact]
    public void The_hash_seed_of_Python_comes_last()
    {
        SeedSearch.Of(["python", "t.py"], ["x"], "t.py", v => v == "PYTHONHASHSEED" ? "0" : null).ShouldBe(new SeedRecord(0, "PYTHONHASHSEED"));
        SeedSearch.Of(["python", "t.py"], ["x"], "t.py", _ => "random").ShouldBe(new SeedRecord(null, "none"));
    }
}
