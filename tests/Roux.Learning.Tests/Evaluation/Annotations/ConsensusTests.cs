using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Learning.Evaluation.Statistics;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Annotations;

public sealed class ConsensusTests
{
    private static readonly double[] Accuracies = [0.95, 0.88, 0.8, 0.72, 0.6];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Dawid_Skene_recovers_the_error_rates_of_known_annotators_within_two_points(int seed)
    {
        var people = new SimulatedAnnotators(2_000, Accuracies, seed);
        var model = DawidSkene.Fit(people.Set);
        model.Converged.ShouldBeTrue();
        for (var annotator = 0; annotator < Accuracies.Length; annotator++)
        {
            model.Accuracy(annotator).ShouldBe(Accuracies[annotator], 0.02);
            for (var actual = 0; actual < 3; actual++)
            {
                for (var label = 0; label < 3; label++)
                {
                    model.Confusion(annotator, actual, label).ShouldBe(people.Confusion[annotator][actual][label], 0.06);
                }
            }
        }

        double[] shares = [0.5, 0.3, 0.2];
        for (var k = 0; k < 3; k++)
        {
            model.Prior[k].ShouldBe(shares[k], 0.035);
        }
    }

    [Fact]
    public void Dawid_Skene_is_right_more_often_than_the_vote()
    {
        var people = new SimulatedAnnotators(2_000, [0.95, 0.5, 0.5, 0.5, 0.5], seed: 9);
        double Right(Consensus consensus) => people.Truth.Select((truth, item) => consensus.Values[item] == truth ? 1.0 : 0).Average();
        var (vote, model) = (Right(Consensus.ByVote(people.Set)), Right(DawidSkene.Fit(people.Set).Consensus()));
        model.ShouldBeGreaterThan(vote + 0.05);
    }

    [Fact]
    public void Dawid_Skene_keeps_the_names_of_classes_where_most_annotators_are_wrong_about_one()
    {
        // Three of five call most dogs cats: whatever the hidden classes become, they bear the names that the votes give them.
        var people = new SimulatedAnnotators(600, [0.9, 0.9, 0.42, 0.42, 0.42], seed: 4);
        var model = DawidSkene.Fit(people.Set);
        var votes = Consensus.ByVote(people.Set);
        var labels = model.Consensus();
        Enumerable.Range(0, 600).Average(item => votes.Values[item] == labels.Values[item] ? 1.0 : 0).ShouldBeGreaterThan(0.6);
        model.Accuracy(0).ShouldBeGreaterThan(0.75);
    }

    [Fact]
    public void Posteriors_sum_to_one_and_unlabelled_items_have_no_consensus()
    {
        var set = new AnnotationSet(["a", "b", "c"], ["x", "y"], ["no", "yes"], [0, 0, 1, 1, double.NaN, double.NaN]);
        var model = DawidSkene.Fit(set);
        for (var item = 0; item < 3; item++)
        {
            (model.Posterior[item * 2] + model.Posterior[item * 2 + 1]).ShouldBe(1, 1e-12);
        }

        model.Consensus().Values.ShouldBe([0, 1, double.NaN]);
        Consensus.ByVote(set).Values.ShouldBe([0, 1, double.NaN]);
    }

    [Fact]
    public void The_vote_tells_ties_and_prefers_the_frequent_class()
    {
        var set = new AnnotationSet(["a", "b", "c"], ["x", "y"], ["no", "yes"], [0, 1, 1, 1, 1, double.NaN]);
        var vote = Consensus.ByVote(set);
        vote.Tied.ShouldBe([true, false, false]);
        vote.Values.ShouldBe([1, 1, 1]);
        vote.Confidence.ShouldBe([0.5, 1, 1]);
        vote.Ties.ShouldBe(1);
    }

    [Fact]
    public void Human_accuracy_is_near_the_truth_and_its_interval_holds_it()
    {
        var people = new SimulatedAnnotators(1_500, [0.9, 0.88, 0.86, 0.92, 0.87], seed: 6, missing: 0.2);
        var accuracy = Metrics.Find("accuracy");
        var truth = HumanPerformance.Against(people.Set, Array.ConvertAll(people.Truth, label => (double)label), accuracy, "truth");
        truth.Score.Estimate.ShouldBe(0.886, 0.02);
        truth.Score.Contains(0.886).ShouldBeTrue();
        var others = HumanPerformance.LeaveOneOut(people.Set, accuracy);
        others.Score.Estimate.ShouldBe(truth.Score.Estimate, 0.04);
        others.Score.Estimate.ShouldBeLessThan(truth.Score.Estimate + 0.005); // the consensus of the others errs too
        others.Error.Estimate.ShouldBe(1 - others.Score.Estimate, 1e-12);
        others.Error.Low.ShouldBeLessThan(others.Error.High);
        others.Annotators.Count.ShouldBe(5);
    }

    [Fact]
    public void With_equal_items_the_interval_is_Students()
    {
        var set = new AnnotationSet(["a", "b", "c", "d"], ["x", "y", "z"], ["no", "yes"], [0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1]);
        var human = HumanPerformance.Against(set, [0, 1, 0, 1], Metrics.Find("accuracy"), "truth"); // right 4, 3 and 3 times of 4
        human.Annotators.Select(annotator => annotator.Score).ShouldBe([1, 0.75, 0.75]);
        human.Score.Estimate.ShouldBe(2.5 / 3, 1e-12);
        (human.Score.Estimate - human.Score.Low).ShouldBe(4.302652729911275 * Math.Sqrt((1.0 / 36 + 2.0 / 144) / 2 / 3), 1e-9);
        human.Score.High.ShouldBe(1);
    }

    [Fact]
    public void Numbers_are_compared_with_the_mean_of_the_others()
    {
        var set = new AnnotationSet(["a", "b"], ["x", "y", "z"], [], [1, 2, 3, 4, 6, 8]);
        var human = HumanPerformance.LeaveOneOut(set, Metrics.Find("mae"));
        human.Annotators.Select(annotator => annotator.Score).ShouldBe([(1.5 + 3) / 2, 0, (1.5 + 3) / 2]);
        var study = AnnotationStudy.Of(set);
        study.Model.ShouldBeNull();
        study.Annotators[2].Bias.ShouldBe(2.25, 1e-12);
        study.Consensus.Values.ShouldBe([2, 6]);
        study.Disagreements[0].Name.ShouldBe("b");
    }

    [Fact]
    public void Agreement_comes_with_intervals_and_equals_the_single_figures()
    {
        var people = new SimulatedAnnotators(300, [0.9, 0.8, 0.7], seed: 8);
        var figures = AgreementFigures.Of(people.Set, MeasurementLevel.Ordinal, seed: 1);
        var rows = Enumerable.Range(0, 300).Select(item => Enumerable.Range(0, 3).Select(annotator => people.Set.Label(item, annotator)).ToArray()).ToArray();
        figures.Fleiss.Estimate.ShouldBe(Agreement.FleissKappa(rows), 1e-12);
        figures.FleissItems.ShouldBe(300);
        figures.Fleiss.Contains(figures.Fleiss.Estimate).ShouldBeTrue();
        (figures.Fleiss.High - figures.Fleiss.Low).ShouldBeInRange(0.05, 0.3);
        figures.Alpha.Select(pair => pair.Level).ShouldBe([MeasurementLevel.Ordinal, MeasurementLevel.Nominal, MeasurementLevel.Interval]);
        figures.Pairs.Count.ShouldBe(3);
        figures.Pairs.ShouldAllBe(pair => pair.Kappa.Low < pair.Kappa.Estimate && pair.Kappa.Estimate < pair.Kappa.High && double.IsFinite(pair.Weighted));
        figures.Percent.ShouldBe(rows.Average(row => ((row[0] == row[1] ? 1 : 0) + (row[0] == row[2] ? 1 : 0) + (row[1] == row[2] ? 1.0 : 0)) / 3), 1e-12);
    }

    [Fact]
    public void Many_annotators_of_few_items_each_are_scored_alike_with_and_without_refitting()
    {
        // 24 people: the others' consensus comes from one model of all; 20 of them: from a model without each.
        var many = new SimulatedAnnotators(800, [.. Enumerable.Range(0, 24).Select(i => 0.75 + 0.01 * (i % 20))], seed: 10, missing: 0.7);
        var all = HumanPerformance.LeaveOneOut(many.Set, Metrics.Find("accuracy"));
        var twenty = HumanPerformance.LeaveOneOut(new SimulatedAnnotators(800, [.. Enumerable.Range(0, 20).Select(i => 0.75 + 0.01 * i)], seed: 10, missing: 0.7).Set, Metrics.Find("accuracy"));
        all.Score.Estimate.ShouldBe(twenty.Score.Estimate, 0.03);
        all.Annotators.ShouldAllBe(annotator => annotator.Score > 0.6 && annotator.Score < 1);
    }

    [Theory]
    [InlineData("roc_auc", "balanced_accuracy", TaskKind.Binary)]
    [InlineData("log_loss", "accuracy", TaskKind.Multiclass)]
    [InlineData("macro_f1", "macro_f1", TaskKind.Multiclass)]
    [InlineData("rmse", "rmse", TaskKind.Regression)]
    public void People_are_compared_by_a_metric_of_decisions(string headline, string expected, TaskKind task) =>
        HumanPerformance.Comparable(Metrics.Find(headline), task).Name.ShouldBe(expected);
}
