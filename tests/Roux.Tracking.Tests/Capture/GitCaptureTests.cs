using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class GitCaptureTests
{
    [Fact]
    public void A_folder_outside_any_repository_gives_nothing()
    {
        using var folder = new TemporaryFolder();
        GitCapture.Capture(folder.Path).ShouldBeNull();
    }

    [Fact]
    public void A_clean_tree_gives_commit_branch_and_remote_without_credentials()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        var commit = repository.Commit();
        repository.Git("remote", "add", "origin", "https://ada:pw@example.org/a/b.git");
        var record = GitCapture.Capture(Path.Combine(repository.Path))!;
        record.Commit.ShouldBe(commit);
        record.Branch.ShouldBe("main");
        record.RemoteUrl.ShouldBe("https://example.org/a/b.git");
        record.Dirty.ShouldBe(false);
        record.Diff.ShouldBeEmpty();
        record.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void The_diff_holds_staged_unstaged_and_small_new_source_and_applies()
    {
        using var repository = new GitRepository();
        repository.Write("staged.py", "x = 1\n");
        repository.Write("unstaged.py", "y = 1\n");
        repository.Write("gone.py", "z = 1\n");
        repository.Write("sub/deep.cs", "class A;\n");
        repository.Write("é ü.py", "a\n");
        var commit = repository.Commit();
        repository.Write("staged.py", "x = 2\n");
        repository.Git("add", "staged.py");
        repository.Write("staged.py", "x = 3\n");
        repository.Write("unstaged.py", "y = 2\r\n");
        repository.Write("é ü.py", "b\n");
        File.Delete(Path.Combine(repository.Path, "gone.py"));
        repository.Write("new/model.py", "print('new')\n");
        repository.Write("big.csv", new string('1', 300_000));

        // A folder further down finds the same repository.
        var record = GitCapture.Capture(Path.Combine(repository.Path, "sub"))!;

        record.Dirty.ShouldBe(true);
        record.Untracked.ShouldBe([new GitFile("big.csv", 300_000), new GitFile("new/model.py", 13, InDiff: true)]);
        record.Diff.ShouldNotContain("111111");
        var other = Path.Combine(repository.Outside, "other");
        GitRepository.GitIn(repository.Outside, "clone", "-q", repository.Path, other);
        GitRepository.GitIn(other, "checkout", "-q", commit);
        File.WriteAllText(Path.Combine(repository.Outside, "git.diff"), record.Diff);
        GitRepository.GitIn(other, "apply", Path.Combine(repository.Outside, "git.diff"));
        foreach (var file in new[] { "staged.py", "unstaged.py", "é ü.py", "new/model.py", "sub/deep.cs" })
        {
            File.ReadAllText(Path.Combine(other, file)).ShouldBe(File.ReadAllText(Path.Combine(repository.Path, file)), file);
        }

        File.Exists(Path.Combine(other, "gone.py")).ShouldBeFalse();
    }

    [Fact]
    public void Binary_large_and_secret_files_are_named_and_tokens_masked()
    {
        using var repository = new GitRepository();
        repository.Write("model.bin", "\0\u0001old");
        repository.Write("large.txt", "small\n");
        repository.Write(".env", "A=1\n");
        repository.Write("a.py", "\n");
        repository.Commit();
        repository.Write("model.bin", "\0\u0001new");
        repository.Write("large.txt", string.Concat(Enumerable.Repeat("0123456789abcdef\n", 100_000)));
        repository.Write(".env", "A=PASSWORD-OF-ADA\n");
        repository.Write("a.py", "key = '" + "ghp_" + new string('k', 36) + "'\n");
        repository.Write("credentials.json", "{\"x\": \"NOT-THIS\"}");

        var record = GitCapture.Capture(repository.Path)!;

        record.LeftOut.Select(f => f.Path).ShouldBe(["large.txt", ".env", "model.bin"], ignoreOrder: true);
        record.Diff.ShouldContain("# left out: model.bin (binary)");
        record.Diff.ShouldNotContain("PASSWORD-OF-ADA");
        record.Diff.ShouldNotContain("NOT-THIS");
        record.Diff.ShouldNotContain("kkkk");
        record.Diff.Length.ShouldBeLessThan(2000);
        record.Warnings.ShouldHaveSingleItem().ShouldContain("masked");
    }

    [Fact]
    public void The_diff_stays_within_its_limit()
    {
        using var repository = new GitRepository();
        repository.Commit();
        for (var i = 0; i < 20; i++)
        {
            repository.Write($"f{i:00}.py", new string('x', 1000) + "\n");
        }

        repository.Git("add", "-A");
        var record = GitCapture.Capture(repository.Path, largestDiff: 5000)!;
        record.Diff.Length.ShouldBeInRange(3000, 7000);
        record.LeftOut.Count.ShouldBeInRange(15, 17);
    }

    [Fact]
    public void Nothing_in_the_repository_is_touched()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        repository.Commit();
        repository.Write("a.py", "x = 2\n");
        repository.Write("b.py", "x = 2\n");
        // Same content, new time: git itself would refresh its index here.
        repository.Write("c.py", "same\n");
        repository.Git("add", "c.py");
        File.SetLastWriteTimeUtc(Path.Combine(repository.Path, "c.py"), DateTime.UtcNow.AddHours(1));
        var before = Snapshot(repository.Path);
        GitCapture.Capture(repository.Path).ShouldNotBeNull();
        Snapshot(repository.Path).ShouldBe(before);

        static List<string> Snapshot(string folder) =>
            [.. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal)
                .Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O} {(File.Exists(f) ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))) : "")}")];
    }

    [Fact]
    public void A_repository_without_commits_is_a_finding()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        repository.Git("add", "a.py");
        repository.Write("b.py", "y = 1\n");
        var record = GitCapture.Capture(repository.Path)!;
        record.Commit.ShouldBeNull();
        record.Branch.ShouldBe("main");
        record.Diff.ShouldContain("+x = 1");
        record.Diff.ShouldContain("+y = 1");
        record.State.ShouldBe(["no-commit"]);
        record.Warnings.ShouldBeEmpty();
        GitFindings.Of(record).ShouldHaveSingleItem().Check.ShouldBe("git-no-commit");
    }

    [Fact]
    public void Detached_heads_worktrees_and_bare_repositories_are_read()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        var commit = repository.Commit();
        var worktree = Path.Combine(repository.Outside, "tree");
        repository.Git("worktree", "add", "-q", "-b", "side", worktree);
        File.WriteAllText(Path.Combine(worktree, "a.py"), "x = 2\n");
        var linked = GitCapture.Capture(worktree)!;
        linked.Commit.ShouldBe(commit);
        linked.Branch.ShouldBe("side");
        linked.Dirty.ShouldBe(true);
        linked.Diff.ShouldContain("+x = 2");

        repository.Git("checkout", "-q", "--detach");
        var detached = GitCapture.Capture(repository.Path)!;
        detached.Commit.ShouldBe(commit);
        detached.Branch.ShouldBeNull();

        var bare = Path.Combine(repository.Outside, "bare.git");
        GitRepository.GitIn(repository.Outside, "clone", "-q", "--bare", repository.Path, bare);
        var record = GitCapture.Capture(bare)!;
        record.Commit.ShouldBe(commit);
        record.Dirty.ShouldBeNull();
        record.Warnings.ShouldHaveSingleItem().ShouldContain("bare");
    }

    [Fact]
    public void Submodules_are_named_with_their_commits()
    {
        using var inner = new GitRepository();
        inner.Write("lib.py", "x = 1\n");
        var first = inner.Commit();
        using var outer = new GitRepository();
        outer.Git("submodule", "add", "-q", inner.Path, "lib");
        outer.Commit();
        GitCapture.Capture(outer.Path)!.Dirty.ShouldBe(false);
        GitRepository.GitIn(Path.Combine(outer.Path, "lib"), "commit", "-q", "--allow-empty", "-m", "ahead");
        var record = GitCapture.Capture(outer.Path)!;
        record.Dirty.ShouldBe(true);
        var module = record.Submodules.ShouldHaveSingleItem();
        module.Path.ShouldBe("lib");
        module.Expected.ShouldBe(first);
        module.Commit.ShouldNotBe(first);
    }

    [Fact]
    public void What_git_cannot_open_still_gives_commit_and_a_warning()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        var commit = repository.Commit();
        repository.Git("pack-refs", "--all");
        repository.Git("config", "core.repositoryformatversion", "1");
        repository.Git("config", "extensions.somethingnew", "true");
        var record = GitCapture.Capture(repository.Path)!;
        record.Commit.ShouldBe(commit);
        record.Branch.ShouldBe("main");
        record.Dirty.ShouldBeNull();
        record.Warnings.ShouldHaveSingleItem().ShouldStartWith("git: uncommitted changes of");
    }

    [Fact]
    public void Damage_is_a_warning()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        repository.Commit();
        File.SetAttributes(Path.Combine(repository.Path, ".git", "index"), FileAttributes.Normal);
        File.WriteAllText(Path.Combine(repository.Path, ".git", "index"), "junk that is no index at all, long enough to be read");
        var record = GitCapture.Capture(repository.Path)!;
        record.Warnings.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_run_store_does_not_make_the_tree_dirty()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");
        repository.Commit();
        repository.Write(".roux/store.db", "x");
        repository.Write("sub/.roux/notes.py", "x");
        var record = GitCapture.Capture(repository.Path)!;
        record.Dirty.ShouldBe(false);
        record.Untracked.ShouldBeEmpty();
    }
}
