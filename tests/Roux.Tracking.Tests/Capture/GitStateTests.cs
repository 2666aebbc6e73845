using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class GitStateTests
{
    [Fact]
    public void A_shallow_clone_says_what_bringing_it_back_needs()
    {
        using var repository = new GitRepository("Quelle mit Leerzeichen und Ü");
        repository.Write("a.py", "x = 1\n");
        repository.Commit();
        repository.Commit("second");
        var clone = Path.Combine(repository.Outside, "flach ö");
        GitRepository.GitIn(repository.Outside, "clone", "-q", "--depth", "1", new Uri(repository.Path).AbsoluteUri, clone);
        var record = GitCapture.Capture(clone)!;
        record.State.ShouldBe(["shallow"]);
        record.Warnings.ShouldBeEmpty();
        record.Complete.ShouldBe(true);
        var finding = GitFindings.Of(record).ShouldHaveSingleItem();
        finding.Check.ShouldBe("git-shallow");
        finding.Message.ShouldContain(record.Commit![..8]);
    }

    [Fact]
    public void Detached_heads_and_worktrees_are_named()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        repository.Commit();
        GitCapture.Capture(repository.Path)!.State.ShouldBeEmpty();
        var tree = Path.Combine(repository.Outside, "tree");
        repository.Git("worktree", "add", "-q", "--detach", tree);
        GitCapture.Capture(tree)!.State.ShouldBe(["detached", "worktree"]);
    }

    [Fact]
    public void Changes_inside_a_submodule_are_told_for_the_diff_does_not_hold_them()
    {
        using var inner = new GitRepository();
        inner.Write("lib.py", "x = 1\n");
        inner.Commit();
        using var outer = new GitRepository();
        outer.Git("submodule", "add", "-q", inner.Path, "li b");
        outer.Commit();
        var clean = GitCapture.Capture(outer.Path)!;
        clean.Complete.ShouldBe(true);
        clean.Submodules.ShouldHaveSingleItem().Url.ShouldBe(inner.Path);
        GitFindings.Of(clean).ShouldBeEmpty();
        File.WriteAllText(Path.Combine(outer.Path, "li b", "lib.py"), "x = 2\n");
        var record = GitCapture.Capture(outer.Path)!;
        record.Dirty.ShouldBe(true);
        record.Complete.ShouldBe(false);
        record.Submodules.ShouldHaveSingleItem().Dirty.ShouldBe(true);
        GitFindings.Of(record).ShouldHaveSingleItem().Message.ShouldContain("li b (changed inside)");

        var clone = Path.Combine(outer.Outside, "clone");
        GitRepository.GitIn(outer.Outside, "clone", "-q", outer.Path, clone);
        GitFindings.Of(GitCapture.Capture(clone)!).ShouldHaveSingleItem().Message.ShouldContain("not checked out");
    }

    [Fact]
    public void New_text_files_are_in_the_diff_whatever_their_ending_and_binary_ones_are_not()
    {
        using var repository = new GitRepository();
        repository.Commit();
        repository.Write("notes ü.txt", "text\n");
        repository.Write("small.csv", "a\n1\n");
        repository.Write("weights.bin", "\0\u0001");
        repository.Write("secret.key", "not this\n");
        var record = GitCapture.Capture(repository.Path)!;
        record.Untracked.Where(f => f.InDiff).Select(f => f.Path).ShouldBe(["notes ü.txt", "small.csv"]);
        record.Diff.ShouldNotContain("not this");
        record.Complete.ShouldBe(true);
        repository.Write("large.py", string.Concat(Enumerable.Repeat("x = 1\n", 20_000)));
        var incomplete = GitCapture.Capture(repository.Path)!;
        incomplete.Complete.ShouldBe(false);
        GitFindings.Of(incomplete).ShouldHaveSingleItem().Message.ShouldContain("large.py");
    }
}
