using Roux.Tracking.Reproduction;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Reproduction;

public sealed class CommandRestoreTests
{
    [Theory]
    [InlineData("/home/a/p/train.py", "/t/home/a/p/train.py")]
    [InlineData("--data=/home/a/p/x y.csv", "--data=/t/home/a/p/x y.csv")]
    [InlineData("/home/a/p", "/t/home/a/p")]
    [InlineData("/home/a/pp/train.py", "/home/a/pp/train.py")]
    [InlineData("/mnt/home/a/p/x", "/mnt/home/a/p/x")]
    [InlineData("cd '/home/a/p' && ls /home/a/p:/home/a/p/b", "cd '/t/home/a/p' && ls /t/home/a/p:/t/home/a/p/b")]
    public void Paths_move_as_wholes(string text, string moved) => CommandRestore.MovePath(text, "/home/a/p", "/t/home/a/p").ShouldBe(moved);

    [Fact]
    public void Secrets_are_put_back_by_the_name_of_their_option_or_by_number()
    {
        string[] masked = ["train", "--api-key", "***", "password=***", "https://ada:***@host/x", "--lr", "0.1"];
        var (_, missing) = CommandRestore.FillSecrets(masked, _ => null);
        missing.Select(m => m.What).ShouldBe(["argument 2 (api-key) is a secret that was not recorded", "argument 3 (password) is a secret that was not recorded", "argument 4 (4) is a secret that was not recorded"]);
        missing[0].Fix.ShouldContain("ROUX_ARG_API_KEY");
        var (command, none) = CommandRestore.FillSecrets(masked, name => $"<{name}>");
        none.ShouldBeEmpty();
        command.ShouldBe(["train", "--api-key", "<api-key>", "password=<password>", "https://ada:<4>@host/x", "--lr", "0.1"]);
    }

    [Fact]
    public void A_verb_of_Roux_is_repeated_without_its_store() =>
        CommandRestore.WithoutStore(["roux", "develop", "d.csv", "--store", "x", "--resume", "--store=y", "--seed", "1"]).ShouldBe(["roux", "develop", "d.csv", "--seed", "1"]);
}
