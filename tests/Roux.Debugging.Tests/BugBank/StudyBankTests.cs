using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Tracking;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Searches over settings that go wrong, and searches as they should be.</summary>
public sealed class StudyBankTests
{
    private static readonly SearchSpace Space = new(new FloatParameter("lr", 1e-4, 1, Log: true), new IntParameter("batch", 8, 512), new CategoricalParameter("kind", ["a", "b", "c"]));
    private static readonly IReadOnlyList<CheckCard> Cards = [.. StudyChecks.All.Select(CheckCard.Of)];

    private static IReadOnlyList<Bug> Bugs { get; } =
    [
        new("large batches run out of memory", ["failing-trials"], seed => Look(seed, Bowl, c => Batch(c) > 300 ? "out of memory" : null)),
        new("one choice is not built in", ["failing-trials"], seed => Look(seed, Bowl, c => (string)c["kind"] == "b" ? "unknown kind b" : null)),
        new("the program is not there", ["failing-trials"], seed => Look(seed, Bowl, _ => "command not found")),
        new("settings do not reach the program", ["same-value"], seed => Look(seed, (_, _) => 0.731)),
    ];

    private static IReadOnlyList<Healthy> Sound { get; } =
    [
        new("a bowl", seed => Look(seed, Bowl)),
        new("a bowl, to be maximised", seed => Look(seed, (c, random) => -Bowl(c, random), direction: Direction.Maximize)),
        new("one failure in forty", seed => Look(seed, Bowl, c => Rate(c) > 0.8 ? "diverged" : null)),
        new("four trials", seed => Look(seed, Bowl, trials: 4)),
        new("none yet", seed => Look(seed, Bowl, trials: 0)),
        new("a metric of few steps", seed => Look(seed, (c, random) => Math.Round(Bowl(c, random)))),
    ];

    [Fact]
    public void Bugs_of_searches_are_named_first_and_sound_searches_are_left_alone() => BankReport.Of(Bugs, Sound, 1, 2, 3).ShouldBeGood();

    [Fact]
    public void The_setting_that_fails_is_named_with_its_error()
    {
        var memory = Bugs[0].Findings(1)[0];
        memory.Columns.ShouldBe(["batch"]);
        memory.Message.ShouldContain("batch from");
        memory.Message.ShouldContain("out of memory");
        var kind = Bugs[1].Findings(1)[0];
        kind.Message.ShouldContain("kind = b");
        Bugs[2].Findings(1)[0].Columns.ShouldBeEmpty("every trial fails, so no setting tells them apart");
    }

    [Fact]
    public void Thresholds_can_be_set()
    {
        var context = new CheckContext { Set = new Dictionary<string, double> { ["failing-trials.share"] = 0.9 } };
        CheckRunner.Run(StudyChecks.All, Subject(1, Bowl, c => (string)c["kind"] == "b" ? "unknown kind b" : null, Direction.Minimize, 60), context).ShouldBeEmpty();
    }

    private static double Bowl(Configuration c, Random random) => Math.Pow(Math.Log10(Rate(c)) + 2, 2) + Math.Pow((Batch(c) - 250) / 150.0, 2) + ((string)c["kind"] == "c" ? 0 : 0.5) + 0.05 * random.NextDouble();

    private static double Rate(Configuration c) => (double)c["lr"];

    private static long Batch(Configuration c) => Convert.ToInt64(c["batch"], System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<Finding> Look(int seed, Func<Configuration, Random, double> value, Func<Configuration, string?>? error = null, Direction direction = Direction.Minimize, int trials = 60) =>
        FindingList.Of(CheckRunner.Run(StudyChecks.All, Subject(seed, value, error, direction, trials), new CheckContext { Seed = seed }), Cards);

    private static StudySubject Subject(int seed, Func<Configuration, Random, double> value, Func<Configuration, string?>? error, Direction direction, int trials)
    {
        var random = new Random(seed);
        return new StudySubject(Space,
        [
            .. Enumerable.Range(0, trials).Select(number =>
            {
                var configuration = Configuration.Of([.. Space.Parameters.Select(parameter => (parameter.Name, parameter.At(random.NextDouble())))]);
                return error?.Invoke(configuration) is { } message
                    ? new Trial { Number = number, Configuration = configuration, State = TrialState.Failed, Error = message }
                    : new Trial { Number = number, Configuration = configuration, State = TrialState.Complete, Values = [value(configuration, random)] };
            }),
        ], direction, "loss");
    }
}
