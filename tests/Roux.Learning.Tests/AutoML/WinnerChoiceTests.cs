using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Learning.Tests.Features;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

/// <summary>Which candidate wins under limits, with latencies that are made up.</summary>
public sealed class WinnerChoiceTests
{
    private static readonly Table Rows = Tables.Mixed(40, 1);
    private readonly Dictionary<string, double> latency = new() { ["ensemble"] = 0.009, ["boosting"] = 0.004, ["boosting#1"] = 0.0039, ["boosting#2"] = 0.001, ["linear"] = 0.0001, ["zero-rule"] = 1e-6 };
    private readonly List<string> fitted = [];
    private bool broken;

    [Fact]
    public void Without_limits_the_preferred_is_fitted_and_nothing_measured()
    {
        var choice = Make(new CostLimits());
        choice.Winner.Result.Name.ShouldBe("ensemble");
        choice.Winner.Measured.ShouldBeNull();
        choice.WithinLimits.ShouldBeTrue();
        fitted.ShouldBe(["ensemble"]);
    }

    [Fact]
    public void The_best_that_keeps_to_the_measured_latency_wins()
    {
        var choice = Make(new CostLimits { LatencySeconds = 0.005 });
        choice.Winner.Result.Name.ShouldBe("boosting");
        choice.Tried.Select(tried => tried.Result.Name).ShouldBe(["ensemble", "boosting"]);
        choice.WithinLimits.ShouldBeTrue();
    }

    [Fact]
    public void A_learner_that_missed_is_tried_again_only_where_its_folds_were_that_much_quicker()
    {
        var choice = Make(new CostLimits { LatencySeconds = 0.002 });
        choice.Winner.Result.Name.ShouldBe("boosting#2");
        fitted.ShouldBe(["ensemble", "boosting", "boosting#2"]);
    }

    [Fact]
    public void What_the_folds_rule_out_is_not_fitted()
    {
        var choice = Make(new CostLimits { SizeBytes = 5_000 });
        choice.Winner.Result.Name.ShouldBe("linear");
        fitted.ShouldBe(["linear"]);
        choice.Winner.Measured.ShouldBeNull();
    }

    [Fact]
    public void A_baseline_does_not_win_for_being_cheap()
    {
        var choice = Make(new CostLimits { LatencySeconds = 0.00005 });
        choice.WithinLimits.ShouldBeFalse();
        choice.Winner.Result.Name.ShouldBe("linear");
        fitted.ShouldNotContain("zero-rule");
    }

    [Fact]
    public void A_baseline_that_no_model_beats_may_win()
    {
        var choice = Make(new CostLimits { LatencySeconds = 0.00005 }, [Result("zero-rule", "baseline", 0.9, 1, 100), Result("linear", "linear", 0.8, 10, 2_000)]);
        choice.Winner.Result.Name.ShouldBe("zero-rule");
        choice.WithinLimits.ShouldBeTrue();
    }

    [Fact]
    public void Where_nothing_can_fit_the_likeliest_is_fitted_and_told_to_miss()
    {
        var choice = Make(new CostLimits { SizeBytes = 10 });
        choice.WithinLimits.ShouldBeFalse();
        choice.Winner.Result.Name.ShouldBe("linear");
    }

    [Fact]
    public void Money_is_judged_by_what_was_measured()
    {
        // 1,000,000 predictions of 4 ms at 3.6 an hour: 4 a month; of 1 ms: 1.
        var rates = new Rates { CpuHour = 3.6, PredictionsPerMonth = 1_000_000, TrainingsPerMonth = 0 };
        var choice = Make(new CostLimits { MonthlyCost = 0.5 }, rates: rates);
        choice.Winner.Result.Name.ShouldBe("linear");
        choice.Tried.Select(tried => tried.Result.Name).ShouldBe(["ensemble", "boosting", "linear"]);
    }

    [Fact]
    public void A_meter_that_fails_is_replaced_by_measuring_in_this_process()
    {
        broken = true;
        var notes = new List<string>();
        var meter = Meter(null, notes);
        var measured = meter.Measure(meter.Fit(Result("linear", "linear", 0.8, 10, 2_000)), 0.01, CancellationToken.None);
        measured.Measured!.OwnProcess.ShouldBeFalse();
        measured.Measured.Predictions.ShouldBeGreaterThan(0);
        notes.Single().ShouldContain("no such program");
    }

    private WinnerChoice Make(CostLimits limits, CandidateResult[]? preferred = null, Rates? rates = null) => WinnerChoice.Make(
        preferred ??
        [
            Result("ensemble", "ensemble", 0.93, 100, 50_000), Result("boosting", "boosting", 0.92, 40, 20_000), Result("boosting#1", "boosting", 0.919, 39, 20_000), Result("boosting#2", "boosting", 0.918, 10, 20_000),
            Result("linear", "linear", 0.9, 1, 2_000), Result("zero-rule", "baseline", 0.5, 0.01, 100),
        ],
        limits, Meter(rates, []), 1.25, new Budget(TimeSpan.FromHours(1), null, TimeSpan.Zero, TimeProvider.System), CancellationToken.None);

    private CostMeter Meter(Rates? rates, List<string> notes) => new(
        result =>
        {
            fitted.Add(result.Name);
            return Constant(result.Name);
        },
        new MadeUp(this), Rows, new DevelopOptions { DataPath = "x", Target = "y", Rates = rates }, notes.Add);

    private static CandidateResult Result(string name, string family, double score, double microseconds, long bytes) => new()
    {
        Name = name, LearnerName = name.Split('#')[0], Family = family, Complexity = 1, Scores = [score], FoldPredictions = [], Folds = 1, FitSeconds = 0.01, PredictMicrosecondsPerRow = microseconds, SizeBytes = bytes,
    };

    private static Pipeline Constant(string name)
    {
        var y = Target.Regression([.. Enumerable.Range(0, Rows.RowCount).Select(row => (double)row)]);
        var learner = LearnerCatalog.For(TaskKind.Regression).First(learner => learner.Card.Family == "baseline");
        var (featurizer, x) = Tables.Fit(Rows, Tables.MixedColumns, y, FeatureForm.Linear);
        return new Pipeline(name, TaskKind.Regression, "y", [], Tables.MixedColumns, [new PipelineMember(1, featurizer, learner.Fit(new TrainingSet(x, y), Configuration.Empty, new FitContext(1)))]);
    }

    private sealed class MadeUp(WinnerChoiceTests test) : IModelMeter
    {
        public bool OwnProcess => true;

        public ModelMeasurement Measure(Pipeline pipeline, Table rows, ProbeOptions options, CancellationToken ct)
        {
            if (test.broken)
            {
                throw new MeterException("no such program");
            }

            var microseconds = test.latency[pipeline.Name] * 1e6;
            return new ModelMeasurement
            {
                P50Microseconds = microseconds / 2, P95Microseconds = microseconds, P99Microseconds = microseconds, MeanMicroseconds = microseconds, MaxMicroseconds = microseconds, Predictions = 1, CpuMicroseconds = microseconds,
                RowsPerSecond = 1, BatchRows = 1, AllocatedBytesPerRow = 0, Collections = 0, CollectionSeconds = 0, WarmUpSeconds = 0, Settled = true, ResidentBytes = 1000, OwnProcess = true,
            };
        }
    }
}
