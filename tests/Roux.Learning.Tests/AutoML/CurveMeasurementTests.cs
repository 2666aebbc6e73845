using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

public sealed class CurveMeasurementTests
{
    [Fact]
    public void Sizes_grow_geometrically_and_scores_with_them()
    {
        var curve = CurveData.Make(800, 10, 1, x => x.Take(5).Sum() > 0).Measure("logistic-regression", new CurveSettings { Seed = 1 });
        var sizes = curve.Sizes;
        sizes.Count.ShouldBe(6);
        sizes[^1].Rows.ShouldBe(640);
        (sizes[1].Rows / sizes[0].Rows).ShouldBe(2, 0.2);
        sizes[^1].Validation.ShouldBeGreaterThan(sizes[0].Validation + 0.05);
        sizes.ShouldAllBe(size => size.Repeats == 5);
        curve.ValidationRows.ShouldBe(800);
        curve.RepeatRows.ShouldBe(160);
        curve.RowNoise.ShouldBeInRange(0.05, 0.5);
        curve.Incomplete.ShouldBeNull();
        curve.Overlap[640].ShouldBe(0.75, 0.01);
    }

    [Fact]
    public void The_same_seed_gives_the_same_curve_to_the_last_digit()
    {
        var data = CurveData.Make(400, 5, 2, x => x[0] + x[1] > 0, 0.1);
        object[] Scores(int seed, int threads) => [.. data.Measure("random-forest", new CurveSettings { Seed = seed, Threads = threads, Repeats = 2 }, configuration: Configuration.Of(("n_estimators", 20))).Points.Select(point => (object)(point with { Seconds = 0 }))];
        var first = Scores(1, 1);
        Scores(1, 2).ShouldBe(first);
        Scores(2, 1).ShouldNotBe(first);
    }

    [Fact]
    public void Parts_are_nested_keep_the_shares_of_classes_and_never_hold_validation_rows()
    {
        var labels = Enumerable.Range(0, 500).Select(row => row % 10 == 0 ? 1 : 0).ToArray();
        var target = Target.Classification(labels, ["no", "yes"]);
        var subsets = NestedSubsets.Plan(target, Splitters.StratifiedKFold(target, 5, 1, 1), new CurveSettings { Repeats = 3, Seed = 4 });
        subsets.Sizes.Length.ShouldBeGreaterThanOrEqualTo(4);
        for (var k = 0; k < subsets.Sizes.Length; k++)
        {
            subsets.Of(k).Count.ShouldBe(3);
            for (var repeat = 0; repeat < 3; repeat++)
            {
                var fold = subsets.Of(k)[repeat];
                fold.Train.Length.ShouldBe(subsets.Sizes[k]);
                fold.Train.Intersect(fold.Test).ShouldBeEmpty();
                fold.Train.Average(row => labels[row]).ShouldBe(0.1, 0.03);
                if (k > 0)
                {
                    subsets.Of(k - 1)[repeat].Train.Except(fold.Train).ShouldBeEmpty();
                }
            }
        }
    }

    [Fact]
    public void Groups_stay_whole()
    {
        var groups = Enumerable.Range(0, 400).Select(row => row / 8).ToArray();
        var target = Target.Regression([.. Enumerable.Range(0, 400).Select(row => (double)row)]);
        var subsets = NestedSubsets.Plan(target, Splitters.GroupKFold(groups, 5, 1), new CurveSettings { Repeats = 2, Seed = 4, Groups = groups });
        foreach (var fold in Enumerable.Range(0, subsets.Sizes.Length).SelectMany(subsets.Of))
        {
            var learned = fold.Train.Select(row => groups[row]).ToHashSet();
            learned.Count.ShouldBe(fold.Train.Length / 8);
            fold.Test.ShouldAllBe(row => !learned.Contains(groups[row]));
        }
    }

    [Fact]
    public void Over_time_smaller_parts_are_the_latest_before_what_is_validated()
    {
        var times = Enumerable.Range(0, 300).Select(row => (long)((row * 7919) % 300)).ToArray();
        var target = Target.Regression([.. times.Select(time => (double)time)]);
        var subsets = NestedSubsets.Plan(target, Splitters.TimeSeries(times, 5), new CurveSettings { Repeats = 3, Seed = 4, Times = times });
        foreach (var fold in Enumerable.Range(0, subsets.Sizes.Length).SelectMany(subsets.Of))
        {
            var learned = fold.Train.Select(row => times[row]).Order().ToArray();
            learned[^1].ShouldBe(fold.Test.Min(row => times[row]) - 1);
            (learned[^1] - learned[0]).ShouldBe(learned.Length - 1); // without a hole
        }
    }

    [Fact]
    public void Features_are_learned_inside_each_part()
    {
        // Levels that stand for nothing: encoded with the answers of validation rows in view they would foretell them.
        var random = new Random(5);
        var table = new Table("made", [TextColumn.From("level", Enumerable.Range(0, 600).Select(_ => $"l{random.Next(200)}")), new NumberColumn("x", [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())])]);
        var target = Target.Classification([.. Enumerable.Range(0, 600).Select(_ => random.Next(2))], ["no", "yes"]);
        var curve = CurveData.Of(table, target).Measure("lightgbm", new CurveSettings { Seed = 1, Repeats = 5 }, "roc_auc", Configuration.Of(("rounds", 20)));
        curve.Sizes.ShouldAllBe(size => Math.Abs(size.Validation - 0.5) < 0.09);
    }

    [Fact]
    public void Sizes_may_be_given_and_impossible_ones_are_refused()
    {
        var data = CurveData.Make(200, 3, 6, x => x[0] > 0);
        data.Measure("naive-bayes", new CurveSettings { Sizes = [150, 40, 80, 9999], Repeats = 2 }).Sizes.Select(size => size.Rows).ShouldBe([40, 80, 150]);
        Should.Throw<DataException>(() => data.Measure("naive-bayes", new CurveSettings { Sizes = [161] })).Message.ShouldContain("160 rows");
    }

    [Fact]
    public void When_time_runs_out_larger_sizes_are_left_out_and_it_is_said()
    {
        var data = CurveData.Make(800, 3, 7, x => x[0] > 0);
        var curve = data.Measure("naive-bayes", new CurveSettings { Seconds = 8.5, Clock = new StepClock(), Repeats = 2 });
        curve.Sizes.Count.ShouldBeInRange(1, 5);
        curve.Sizes[0].Rows.ShouldBe(20);
        curve.Incomplete.ShouldNotBeNull();
        data.Measure("naive-bayes", new CurveSettings { Seconds = 0 }).Points.ShouldBeEmpty();
    }

    [Fact]
    public void What_cross_validation_knows_already_is_not_fitted_again()
    {
        var data = CurveData.Make(300, 3, 8, x => x[0] > 0, 0.1);
        var candidate = new Candidate("naive-bayes", LearnerCatalog.Find("naive-bayes")!, Configuration.Empty);
        var metric = Metrics.Find("accuracy");
        var scored = new CrossValidator(data.Table, data.Columns, data.Target, data.Folds(), metric, 1, 1).Score(candidate, _ => null, null, CancellationToken.None);
        var model = CurveModel.Of(scored, [scored]).ShouldNotBeNull();
        var curve = CurveMeasurement.Measure(data.Table, data.Columns, data.Target, data.Folds(), metric, [model], new CurveSettings { Repeats = 2 })[0];
        var last = curve.Points.Where(point => point.Size == 240).ToArray();
        last.Select(point => point.Validation).ShouldBe(scored.Scores);
        last.Count(point => double.IsFinite(point.Training)).ShouldBe(1);
        curve.Points.Where(point => point.Size < 240).GroupBy(point => point.Size).ShouldAllBe(size => size.Count() == 2);
        curve.Sizes[^1].Training.ShouldBeInRange(0.8, 1);
    }

    [Fact]
    public void A_learner_that_cannot_learn_a_part_says_why_or_goes_on_with_larger_ones()
    {
        // Answers that are all the same but for a few.
        var data = CurveData.Make(200, 2, 9, x => x[0] > 2.2);
        var curve = data.Measure("logistic-regression", new CurveSettings { Sizes = [10, 160], Repeats = 2 });
        (curve.Points.Count > 0 || curve.Incomplete is not null).ShouldBeTrue();
    }

    /// <summary>A clock that moves on by a second whenever somebody looks at it.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds++;
    }
}
