using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Training;

/// <summary>Trainings of other programs, judged by what they logged.</summary>
public sealed class ForeignTrainingTests
{
    public static TheoryData<string> Bugs => [.. ForeignBugs.All.Select(bug => bug.Name)];

    public static TheoryData<string> Healthy => [.. ForeignHealthy.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_bug_is_found_first_over_seeds(string name)
    {
        var (_, expected, run) = ForeignBugs.All.Single(bug => bug.Name == name);
        for (var seed = 0; seed < 10; seed++)
        {
            var findings = run(seed);
            findings.ShouldNotBeEmpty($"seed {seed}");
            expected.ShouldContain(findings[0].Check, $"seed {seed}: {string.Join("; ", findings.Select(finding => $"{finding.Check} ({finding.Message})"))}");
        }
    }

    [Theory]
    [MemberData(nameof(Healthy))]
    public void A_sound_program_is_left_in_peace_over_seeds(string name)
    {
        var (_, run) = ForeignHealthy.All.Single(program => program.Name == name);
        for (var seed = 0; seed < 20; seed++)
        {
            var wrong = run(seed).Where(finding => finding.Severity >= Severity.Medium).Select(finding => $"{finding.Check} ({finding.Message})").ToList();
            wrong.ShouldBeEmpty($"seed {seed}");
        }
    }
}
