using Roux.Cli.Tests.Reproducing;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class ReproduceStudyTests
{
    [Fact]
    public void A_study_and_a_single_trial_are_run_again()
    {
        using var project = new Project();
        project.Write("space.json", """{"x":{"type":"float","low":0,"high":1}}""");
        project.Write("train.sh", "echo \"step 0 loss=9\"; echo \"step 1 loss=$1\"; [ \"$ROUX_PARAM_X\" = \"$1\" ] && cd \"$ROUX_TRIAL_DIR\"");
        project.Commit();
        var study = project.Roux("tune", "--space", "space.json", "--metric", "loss", "--trials", "4", "--json", "--", "sh", "train.sh", "{x}");
        study.ExitCode.ShouldBe(0, study.Error);
        string trial;
        using (var tracker = project.Store())
        {
            trial = tracker.SearchRuns(new RunQuery { Filter = "attributes.run_name = 'trial-2'" }).ShouldHaveSingleItem().Id;
        }

        var again = project.Roux("reproduce", trial, "--json");
        again.ExitCode.ShouldBe(0, again.Error + again.Output);
        again.Json["metrics"]!.ToJsonString().ShouldContain("objective");
        var whole = project.Roux("reproduce", study.Json["run_id"]!.GetValue<string>(), "--json");
        whole.ExitCode.ShouldBe(0, whole.Error + whole.Output);
        whole.Json["metrics"]!.ToJsonString().ShouldContain("trial-3");
    }
}
