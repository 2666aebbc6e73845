using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Reproducing;

/// <summary>Roux's own verbs are runs like any other.</summary>
public sealed class ReproduceDevelopTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public void A_development_by_trials_gives_the_same_to_the_last_digit_and_no_new_model_version()
    {
        using var project = Project(git: true, out var table);
        var developed = project.Roux("develop", "table.csv", "--target", "y", "--trials", "2", "--folds", "3", "--families", "linear,tree", "--json");
        developed.ExitCode.ShouldBe(0, developed.Error);
        var result = project.Roux("reproduce", "latest", "--json").Json;
        result["verdict"]!.ToString().ShouldBe("reproduced", result["differences"]!.ToJsonString());
        result["metrics"]!.AsArray().Count(m => m!["metric"]!.ToString().Contains(" › ", StringComparison.Ordinal)).ShouldBeGreaterThan(4, "the candidates are compared as well");
        result["metrics"]!.AsArray().Single(m => m!["metric"]!.ToString() == "elapsed_seconds")!["equal"].ShouldBeNull();
        using (var store = project.Store())
        {
            store.Models.List().ShouldHaveSingleItem().Versions.Count.ShouldBe(1);
            store.GetRun(result["run_id"]!.ToString()).Tags["roux.command"].ShouldStartWith("roux develop");
        }

        File.AppendAllText(table, "0.5,0.5,1\n");
        var changed = project.Roux("reproduce", developed.Json["run_id"]?.ToString() ?? "latest", "--json").Json;
        changed["verdict"]!.ToString().ShouldBe("differs");
        changed["differences"]![0]!["kind"]!.ToString().ShouldBe("data");
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void A_development_by_time_is_compared_by_its_intervals_also_outside_a_repository()
    {
        using var project = Project(git: false, out _);
        project.Roux("develop", "table.csv", "--target", "y", "--time-budget", "8s", "--folds", "3", "--families", "linear,tree").ExitCode.ShouldBe(0);
        var result = project.Roux("reproduce", "latest", "--json").Json;
        result["verdict"]!.ToString().ShouldBe("reproduced", result["differences"]!.ToJsonString());
        var compared = result["metrics"]!.AsArray().Where(m => m!["equal"] is not null).ToList();
        compared.ShouldNotBeEmpty();
        compared.ShouldAllBe(m => m!["tolerance_source"]!.ToString() == "its 95% interval");
    }

    private static Project Project(bool git, out string table)
    {
        var project = new Project(git);
        var random = new Random(3);
        table = project.Write("table.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 300).Select(_ =>
        {
            var (a, b) = (random.NextDouble(), random.NextDouble());
            return FormattableString.Invariant($"{a:F4},{b:F4},{(a + b + (random.NextDouble() * 0.5) > 1.2 ? 1 : 0)}\n");
        })));
        if (git)
        {
            project.Commit();
        }

        return project;
    }
}
